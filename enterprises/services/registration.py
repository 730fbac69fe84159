"""Registering an enterprise (登记企业)."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.record import Actor, Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, Refusal, Refused
from ..identifiers import check_credit_code, clean_name
from ..limits import as_kept, established_in_future, unknown_tier, value_refusals
from ..models import Account, Enterprise, EnterpriseLocation, EnterpriseName, InnovationTier, ReportingUnit
from ..places import find_division, unit_of_division
from ..rights import is_applicant, may_override_credit_code, may_register_enterprise
from ..roles import ScopeKind
from ..search import index, search_text

TEXTS = ("name", "industry", "contact_name", "contact_phone", "uscc_override_reason")


@dataclass(frozen=True, slots=True)
class Registration:
    """What is asked of a new enterprise; `township` is a division code of 9 (or 6) digits."""

    uscc: str
    name: str
    township: str
    industry: str = ""
    established_on: date | None = None
    has_rd_institution: bool = False
    innovation_tier: str = InnovationTier.NONE
    contact_name: str = ""
    contact_phone: str = ""
    uscc_override_reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def register_enterprise(asked: Registration, *, actor: Account, at: datetime) -> Enterprise:
    """Register an enterprise; an applicant's account is bound to the one it registers.

    Raises Refused (bad input, all at once), Duplicate (the code is registered), NotAllowed.
    """
    if not may_register_enterprise(actor):
        raise NotAllowed([Refusal("not_allowed", _("您的账户不能登记企业"))])
    if is_applicant(actor) and asked.innovation_tier != InnovationTier.NONE:
        raise NotAllowed([Refusal("official_fact", _("十百千类别由审核部门登记"), field="innovation_tier")])
    asked = replace(asked, **as_kept({name: getattr(asked, name) for name in TEXTS}))
    refusals = [*_code_refusals(asked, actor), *_detail_refusals(asked, timezone.localdate(at))]
    if refusals:
        raise Refused(refusals)
    try:
        with transaction.atomic():
            enterprise = create_enterprise(asked, actor=actor.as_actor(), at=at)
            if is_applicant(actor):
                _bind(actor, enterprise)
    except IntegrityError as error:
        raise _duplicate(asked.uscc) from error
    return enterprise


def create_enterprise(asked: Registration, *, actor: Actor, at: datetime, is_demo: bool = False) -> Enterprise:
    """Write the enterprise, its first name and place, its search row and the ledger entry.

    For callers that have checked `asked` themselves (registration, import, demo data); the place is
    dated from the establishment where known, since an achievement may be older than its record.
    """
    today = timezone.localdate(at)
    since = min(asked.established_on or today, today)
    checked = check_credit_code(asked.uscc)
    code, override = checked.code, asked.uscc_override_reason if checked.only_checksum_fails else ""
    if Enterprise.objects.filter(uscc=code).exists():
        raise _duplicate(code)
    division = find_division(asked.township, on=today)
    unit = unit_of_division(division, on=today)
    enterprise = Enterprise.objects.create(
        uscc=code,
        uscc_override_reason=override,
        name=clean_name(asked.name),
        township=division,
        reporting_unit=unit,
        industry=asked.industry,
        established_on=asked.established_on,
        has_rd_institution=asked.has_rd_institution,
        innovation_tier=asked.innovation_tier,
        contact_name=asked.contact_name,
        contact_phone=asked.contact_phone,
        is_demo=is_demo,
        registered_at=at,
    )
    _first_name_and_place(enterprise, unit, since)
    fact = registered_fact(
        code,
        township=division.code,
        unit=unit.code,
        tier=enterprise.innovation_tier,
        since=since,
        overridden=bool(override),
    )
    record(fact, actor=actor, at=at)
    return enterprise


def registered_fact(uscc: str, *, township: str, unit: str, tier: str, since: date, overridden: bool = False) -> Fact:
    """What the ledger says of a new enterprise: codes only; `since` is its first place's first day."""
    payload = {"township": township, "reporting_unit": unit, "tier": tier, "since": str(since)}
    if overridden:
        payload["uscc_override"] = "confirmed"
    return Fact(Verb.ENTERPRISE_REGISTERED, f"enterprise:{uscc}", payload, enterprise=uscc)


def _first_name_and_place(enterprise: Enterprise, unit: ReportingUnit, since: date) -> None:
    EnterpriseName.objects.create(enterprise=enterprise, name=enterprise.name, valid_from=since)
    EnterpriseLocation.objects.create(
        enterprise=enterprise, township=enterprise.township, reporting_unit=unit, valid_from=since
    )
    index([(enterprise.pk, search_text(uscc=enterprise.uscc, names=[enterprise.name]))])


def _bind(account: Account, enterprise: Enterprise) -> None:
    bound = Account.objects.filter(pk=account.pk, enterprise__isnull=True).update(
        enterprise=enterprise, scope_kind=ScopeKind.ENTERPRISE
    )
    if not bound:
        raise NotAllowed([Refusal("already_bound", _("您的账户已绑定企业，不能再登记另一家"))])
    account.enterprise, account.scope_kind = enterprise, ScopeKind.ENTERPRISE


def _code_refusals(asked: Registration, actor: Account) -> list[Refusal]:
    checked = check_credit_code(asked.uscc)
    if checked.is_valid:
        return []
    if checked.only_checksum_fails:
        if asked.uscc_override_reason and may_override_credit_code(actor):
            return []
        remedy = _("请对照营业执照核对；确属登记机关赋码的，由审核人员填写理由确认")
        return [Refusal("uscc_checksum", checked.reason, field="uscc", remedy=remedy)]
    return [Refusal(f"uscc_{checked.error}", checked.reason, field="uscc", remedy=_("请对照营业执照填写 18 位代码"))]


def _detail_refusals(asked: Registration, today: date) -> list[Refusal]:
    found = []
    if len(clean_name(asked.name)) < 2:
        found.append(Refusal("name_missing", _("企业名称至少 2 个字"), field="name", remedy=_("请按营业执照填写全称")))
    found.extend(value_refusals({name: getattr(asked, name) for name in (*TEXTS, "established_on")}))
    if asked.innovation_tier not in InnovationTier.values:
        found.append(unknown_tier(asked.innovation_tier))
    if asked.established_on and asked.established_on > today:
        found.append(established_in_future(asked.established_on))
    try:
        unit_of_division(find_division(asked.township, on=today), on=today)
    except Refused as refused:
        found.extend(refused.refusals)
    return found


def _duplicate(code: str) -> Duplicate:
    return Duplicate(
        [
            Refusal(
                "enterprise_exists",
                _("统一社会信用代码 %(code)s 的企业已登记") % {"code": code},
                field="uscc",
                remedy=_("请直接使用已有档案；账户未绑定的，联系所在乡镇（街道）"),
            )
        ]
    )
