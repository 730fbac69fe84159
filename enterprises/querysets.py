"""Seeing is a queryset: every page, list and API answer starts at `visible_to(account)`."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from .roles import ScopeKind
from .search import matching

if TYPE_CHECKING:
    from .models import Account, Enterprise


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    """Enterprises (企业)."""

    def visible_to(self, account: Any) -> Self:
        """The enterprises whose whole file the account may open; nobody's for a stranger."""
        if not getattr(account, "is_authenticated", False):
            return self.none()
        return self._in_scope(account)

    def public(self) -> Self:
        """What the public register shows of every enterprise: nothing of a person, nothing internal."""
        return self.with_places().only(
            "uscc",
            "name",
            "industry",
            "established_on",
            "innovation_tier",
            "has_rd_institution",
            "is_demo",
            "registered_at",
            "township__name",
            "reporting_unit__name_zh",
            "reporting_unit__name_en",
        )

    def _in_scope(self, account: "Account") -> Self:
        match account.scope_kind:
            case ScopeKind.CITY:
                return self
            case ScopeKind.UNIT:
                return self.filter(reporting_unit_id=account.unit_id)
            case ScopeKind.TOWNSHIP:
                return self.filter(township_id=account.township_id)
            case ScopeKind.ENTERPRISE:
                return self.filter(pk=account.enterprise_id)
        return self.none()

    def found_by(self, fragment: str) -> Self:
        """Enterprises whose present or past name, initials or credit code contain the fragment."""
        return matching(self, fragment)

    def with_places(self) -> Self:
        return self.select_related("township", "reporting_unit")
