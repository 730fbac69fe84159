"""The edits of an enterprise's file and of an application, in words: labels of fields and choices, never codes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise, EnterpriseChange
from enterprises.models.whence import Whence
from enterprises.rights import is_applicant, may_see_addresses
from enterprises.services.amendments import PRIVATE_FIELDS

from ..fields import kept_in_words
from ..models import Application, ApplicationChange, Part
from ..queries import FIELD_NAMES, field_name
from ..querysets import ApplicationChangeQuerySet
from ..services.rulebooks import Rules
from ..wording import in_words, named

# What an enterprise's file is made of: everything that a change row can be about.
FILE_FIELDS = (
    "name",
    "township",
    "high_tech",
    "innovation_tier",
    "industry",
    "established_on",
    "has_rd_institution",
    "contact_name",
    "contact_phone",
)
AT_FIRST = ("name", "township", "industry", "established_on", "has_rd_institution", "innovation_tier")


@dataclass(frozen=True, slots=True)
class Shown:
    """One change as a reader sees it. `who`: a colleague's name, or the office; `address` only for those who may."""

    at: datetime
    what: str
    part: str
    before: str
    after: str
    role: str
    who: str
    channel: str
    channel_name: str
    address: str
    ledger_number: int = 0
    times: int = 1
    first_at: datetime | None = None
    code: str = ""


# --- enterprises ----------------------------------------------------------------------------------------


def enterprise_changes(
    enterprise: Enterprise, *, field: str = "", since: date | None = None, until: date | None = None
) -> "QuerySet[EnterpriseChange]":
    """The changes of a file, the latest first; of one field and of some days only, where asked."""
    rows = EnterpriseChange.objects.filter(enterprise=enterprise).select_related("actor").order_by("-id")
    if field:
        rows = rows.filter(field=field)
    if since:
        rows = rows.filter(at__date__gte=since)
    return rows.filter(at__date__lte=until) if until else rows


def field_choices() -> list[tuple[str, str]]:
    return [(code, field_name(code)) for code in FILE_FIELDS]


def shown_enterprise_change(change: EnterpriseChange, reader: Account) -> Shown:
    return Shown(
        at=change.at,
        what=field_name(change.field),
        part="",
        before=value_in_words(change.field, change.before),
        after=value_in_words(change.field, change.after),
        ledger_number=change.ledger_number,
        code=change.field,
        **_whence(change, change.actor, reader),
    )


def value_in_words(field: str, text: str) -> str:
    """What a change row keeps of a field, as it is read."""
    if not text or field in FIELD_NAMES or field in PRIVATE_FIELDS:
        return in_words(text)
    column: Any = Enterprise._meta.get_field(field)
    if isinstance(column, models.BooleanField):
        return _("是") if text == str(True) else _("否")
    return str(dict(column.flatchoices).get(text, text))


def as_registered(enterprise: Enterprise) -> list[tuple[str, str]]:
    """Name and value of what the file said when it was opened: before the first change, or as it is still."""
    first: dict[str, str] = {}
    for field, before in enterprise.changes.order_by("id").values_list("field", "before"):
        first.setdefault(field, before)
    now = {field: _kept(getattr(enterprise, field)) for field in AT_FIRST}
    return [(field_name(field), value_in_words(field, first.get(field, now[field]))) for field in AT_FIRST]


def _kept(value: Any) -> str:
    return "" if value is None else str(value)


# --- applications ---------------------------------------------------------------------------------------


def application_changes(application: Application, reader: Account) -> ApplicationChangeQuerySet:
    """The edits that a reader may see, the latest first: all to the applicant, what was submitted to others."""
    rows = ApplicationChange.objects.visible_to(reader).filter(application=application)
    return rows.select_related("actor").order_by("-id")


def shown_application_change(change: Any, rules: Rules, reader: Account) -> Shown:
    """`change`: a row of application_changes."""
    return Shown(
        at=change.at,
        what=_thing(change, rules),
        part=str(Part(change.part).label),
        before=_said(change, change.was, rules),
        after=_said(change, change.after, rules),
        times=change.times,
        first_at=change.first_at,
        code=change.code or change.part,
        **_whence(change, change.actor, reader),
    )


def _thing(change: ApplicationChange, rules: Rules) -> str:
    needs: Iterable[Any] = rules.rule.fields if change.part == Part.FIELD else rules.rule.evidence
    if change.part == Part.MODULES:
        return str(Part.MODULES.label)
    return next((named(need) for need in needs if need.code == change.code), change.code)


def _said(change: ApplicationChange, text: str, rules: Rules) -> str:
    if not text:
        return ""
    value = json.loads(text)
    if change.part == Part.MODULES:
        titles = {module.code: f"{module.code} {named(module)}" for module in rules.rule.modules}
        return _("、").join(titles.get(code, code) for code in value)
    need = next((need for need in rules.rule.fields if need.code == change.code), None)
    return kept_in_words(need, value) if need and change.part == Part.FIELD else str(value)


def _whence(row: Whence, actor: Account | None, reader: Account) -> dict[str, Any]:
    role = actor.get_role_display() if actor else _("系统")
    is_told = actor is not None and (actor.pk == reader.pk or not is_applicant(reader))
    return {
        "role": role,
        "who": str(actor) if is_told else "",
        "channel": row.channel,
        "channel_name": row.get_channel_display(),
        "address": row.address if may_see_addresses(reader) else "",
    }
