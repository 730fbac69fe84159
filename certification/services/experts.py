"""Keeping what is known of experts for the draw (专家资料): fields, employer, group."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.identifiers import check_credit_code, search_form
from enterprises.models import Account, Enterprise, EventKind
from enterprises.rights import is_expert, may_run_batches
from enterprises.search import named
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.record import Actor
from ledger.verbs import Verb

from ..draw import Candidate
from ..errors import NotAllowed, Refusal, Refused
from ..models import Expert, ExpertField


@transaction.atomic
def keep_expert(expert: Expert, *, actor: Account, at: datetime) -> Expert:
    """Write an expert's profile, and one ledger entry. Raises NotAllowed, Refused."""
    if not may_run_batches(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更专家资料"))])
    if found := _refusals(expert):
        raise Refused(found)
    fields = differing(expert)
    expert.save()
    entry = record_profile(expert, actor=actor.as_actor(), at=at)
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return expert


def record_profile(expert: Expert, *, actor: Actor, at: datetime) -> Any:
    """The ledger's word of a profile as it is now."""
    subject = subject_of(expert)
    return record_content(Verb.EXPERT_CHANGED, subject, lambda: expert_contents(expert.pk)[subject], actor=actor, at=at)


def subject_of(expert: Expert) -> str:
    return f"expert:{expert.pk}"


def expert_contents(*keys: int) -> dict[str, Any]:
    """What is said of each expert, by subject; of all without keys."""
    rows = Expert.objects.order_by("pk")
    return {
        subject_of(row): {
            "fields": row.fields,
            "employer": row.employer,
            "employer_uscc": row.employer_uscc,
            "organisation": row.organisation_id,
            "group": row.group,
            "available": row.is_available,
        }
        for row in (rows.filter(pk__in=keys) if keys else rows)
    }


def field_contents() -> dict[str, Any]:
    """What each field of expertise says, by subject: it decides whom a draw may take."""
    return {
        field_subject(row.pk): {"name_zh": row.name_zh, "name_en": row.name_en, "industries": row.industries}
        for row in ExpertField.objects.order_by("pk")
    }


def field_subject(code: str) -> str:
    return f"expert_field:{code}"


def pool() -> list[Candidate]:
    """The experts who can be drawn now."""
    rows = Expert.objects.filter(is_available=True, account__is_active=True, account__role="expert")
    return candidates(rows.order_by("pk"))


def candidates(rows: Iterable[Expert]) -> list[Candidate]:
    """Experts as the draw knows them."""
    return [
        Candidate(
            f"account:{row.pk}",
            fields=frozenset(row.fields),
            employer=row.employer_uscc,
            employer_name=search_form(row.employer),
            organisation=row.organisation_id or "",
            group=frozenset(row.group),
        )
        for row in rows
    ]


def _refusals(expert: Expert) -> list[Refusal]:
    found = []
    if not is_expert(expert.account):
        found.append(Refusal("not_an_expert", _("该账户的角色不是评审专家"), field="account"))
    known = set(ExpertField.objects.values_list("pk", flat=True))
    if not isinstance(expert.fields, list) or not expert.fields or not known.issuperset(map(str, expert.fields)):
        remedy = _("请填代码列表，例如 %(codes)s") % {"codes": sorted(known)[:2]}
        found.append(Refusal("field_unknown", _("专业领域为空，或不在专业领域表中"), field="fields", remedy=remedy))
    codes = [expert.employer_uscc, *(expert.group if isinstance(expert.group, list) else ["?"])]
    if not all(check_credit_code(str(code)).is_valid for code in codes if code):
        remedy = _("请核对 18 位统一社会信用代码；集团成员填代码列表")
        found.append(Refusal("uscc_invalid", _("统一社会信用代码有误"), field="group", remedy=remedy))
    if not expert.employer_uscc and (code := _registered(expert.employer)):
        message = _("“%(employer)s”是在册企业（现用名或曾用名），须填写其统一社会信用代码") % {
            "employer": expert.employer
        }
        remedy = _("请在“工作单位统一社会信用代码”中填写，例如 %(code)s") % {"code": code}
        found.append(Refusal("employer_uscc_missing", message, field="employer_uscc", remedy=remedy))
    return found


def _registered(employer: str) -> str:
    """The credit code of an enterprise on the register that has or had this name; empty: there is none."""
    found = named(Enterprise.objects.all(), employer).order_by("pk")
    return str(found.values_list("uscc", flat=True).first() or "")
