"""Makers of enterprises, accounts and applications for tests. Everything goes through the services.

Places, plans and rulebooks are the real reference data (tests/conftest.py loads them).
"""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from certification.certificate_checks import stated
from certification.models import (
    Achievement,
    Advising,
    Application,
    Certificate,
    Guidance,
    LookupCheck,
    Organisation,
    Reexamination,
)
from certification.services.achievements import record_achievement
from certification.services.advising import begin_advising
from certification.services.applications import open_application, save_draft
from certification.services.certificate_files import file_scan, look_up
from certification.services.certificates import record_certificate
from certification.services.door import NO_REMARK, Remark, move
from certification.services.evidence import attach
from certification.services.guidance import guide
from certification.services.organisations import keep_organisation
from certification.services.reexaminations import reexamine
from certification.services.rulebooks import rules_of
from certification.services.titles import Act, correct_title, record_title
from certification.title_checks import StatedGuidance, StatedReexamination, StatedTitle
from enterprises.identifiers import with_check_character
from enterprises.models import Account, Division, Enterprise, ReportingUnit
from enterprises.roles import SCOPE_OF_ROLE, Role, ScopeKind
from enterprises.services.accounts import granted_fact
from enterprises.services.registration import Registration, create_enterprise
from ledger.record import SYSTEM, record

_serial = itertools.count(1)

TOWN = "320412100"  # 湖塘镇, 武进区
OTHER_TOWN = "320412102"  # 牛塘镇, 武进区
FAR_TOWN = "320481101"  # 埭头镇, 溧阳市
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Changzhou
PASSWORD = "a-Long-Passw0rd"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

VALUES: dict[str, dict[str, Any]] = {
    "guanbiao.cultivation": {
        "legal_representative": "张三",
        "main_business": "精密零部件的研发与制造",
        "employees": 120,
        "valid_patents": 8,
        "planned_start_on": "2026-12-01",
    },
    "guanbiao.implementation": {
        "management_representative": "李四，副总经理",
        "ip_department": "知识产权部",
        "ip_staff": 3,
        "yearly_ip_budget": "20.5",
        "documents_issued_on": "2026-10-01",
        "plan_summary": "按标准逐步实施",
    },
    "guanbiao.evaluation": {
        "implemented_since": "2024-01-10",
        "internal_audit_on": "2026-08-03",
        "management_review_on": "2026-09-01",
        "results_summary": "专利申请量增长",
    },
    "intensive.recognition": {
        "main_products": "精密零部件",
        "own_ip_share": "62.5",
        "valid_inventions": 12,
        "advantages": "核心产品均有发明专利",
    },
}


def credit_code() -> str:
    """A valid credit code not used before in this process."""
    return with_check_character(f"91320412MA{next(_serial):07d}")


def enterprise(*, township: str = TOWN, at: datetime = NOW, **fields: Any) -> Enterprise:
    number = next(_serial)
    asked = Registration(
        uscc=fields.pop("uscc", None) or credit_code(),
        name=fields.pop("name", f"常州试验{number}科技有限公司"),
        township=township,
        established_on=fields.pop("established_on", date(2010, 1, 1)),
        contact_name="王五",
        contact_phone="13800000000",
        **fields,
    )
    with transaction.atomic():
        return create_enterprise(asked, actor=SYSTEM, at=at)


def account(role: str, **scope: Any) -> Account:
    """An account in a role; `enterprise`, `township` (code) or `unit` (code) give its scope."""
    kind = SCOPE_OF_ROLE[role][0]
    fields: dict[str, Any] = {"scope_kind": kind}
    if kind is ScopeKind.ENTERPRISE:
        fields["enterprise"] = scope.get("enterprise")
        if fields["enterprise"] is None:
            fields["scope_kind"] = ScopeKind.NONE
    elif kind is ScopeKind.TOWNSHIP:
        fields["township"] = Division.objects.get(pk=scope.get("township", TOWN))
    elif kind is ScopeKind.UNIT or "unit" in scope:
        fields.update(scope_kind=ScopeKind.UNIT, unit=ReportingUnit.objects.get(pk=scope.get("unit", "wujin")))
    made = Account.objects.create_user(f"{role}-{next(_serial)}", PASSWORD, role=role, **fields)
    with transaction.atomic():
        record(granted_fact(made), actor=SYSTEM, at=NOW)
    return made


def applicant(of: Enterprise | None = None) -> Account:
    return account(Role.APPLICANT, enterprise=of or enterprise())


def reviewers(township: str = TOWN, unit: str = "wujin") -> dict[str, Account]:
    """One reviewer for each level: keys township, district, city."""
    return {
        "township": account(Role.TOWNSHIP_REVIEWER, township=township),
        "district": account(Role.DISTRICT_REVIEWER, unit=unit),
        "city": account(Role.CITY_REVIEWER),
    }


def draft(actor: Account, *, stage: str = "guanbiao.cultivation", at: datetime = NOW) -> Application:
    assert actor.enterprise is not None
    return open_application(actor.enterprise, stage, actor=actor, at=at)


def filled(actor: Account, *, stage: str = "guanbiao.cultivation", at: datetime = NOW) -> Application:
    """A draft with everything that submission asks for."""
    row = draft(actor, stage=stage, at=at)
    values = VALUES[stage] | ({"holder": row.enterprise.name} if "holder" in VALUES[stage] else {})
    row = save_draft(row, fields=values, modules=["7.1"] if "impl" in stage else None, actor=actor, at=at)
    for need in rules_of(row.rule_id).rule.evidence:
        attach(row, requirement=need.code, filename="材料.pdf", content=PDF, actor=actor, at=at)
    row.refresh_from_db()
    return row


def step(
    row: Application, action: str, actor: Account, *, at: datetime = NOW, remark: Remark = NO_REMARK
) -> Application:
    return move(row, action, actor=actor, at=at, remark=remark)


def approved(
    actor: Account, staff: dict[str, Account], *, stage: str = "guanbiao.cultivation", at: datetime = NOW
) -> Application:
    """An application taken all the way to its achievement."""
    row = step(filled(actor, stage=stage, at=at), "submit", actor, at=at)
    for level, action in (("township", "recommend"), ("district", "recommend"), ("city", "approve")):
        row = step(step(row, "accept", staff[level], at=at), action, staff[level], at=at)
    return row


def achievement(of: Enterprise, stage: str, on: date, *, at: datetime = NOW, **fields: Any) -> Achievement:
    with transaction.atomic():
        return record_achievement(
            Achievement(enterprise=of, stage=stage, effective_on=on, **fields), actor=SYSTEM, at=at
        )


def organisation(*, at: datetime = NOW, **fields: Any) -> Organisation:
    """An adviser, unless it is said to be something else."""
    number = next(_serial)
    said = {"code": f"org{number}", "name": f"试验机构{number}", "is_adviser": True, **fields}
    return keep_organisation(Organisation(**said), actor=account(Role.CITY_REVIEWER), at=at)


def advising(
    of: Enterprise, by: Organisation | None = None, *, since: date = date(2020, 1, 1), **days: Any
) -> Advising:
    asked = {"valid_from": since, "actor": account(Role.CITY_REVIEWER), "at": NOW, **days}
    return begin_advising(of, by or organisation(), **asked)


CERTIFICATE = {
    "holder": "常州试验科技有限公司",
    "holder_address": "常州市武进区",
    "scope_management": "知识产权获取、维护、运用、保护",
    "scope_links": "研发、生产、销售",
    "edition": "GB/T 29490-2023",
    "route": "direct",
    "system_since": "2024-06-01",
    "applied_on": "2024-11-01",
    "issued_on": "2025-01-10",
    "expires_on": "2028-01-09",
}


VALUES["guanbiao.certification"] = {**CERTIFICATE, "number": "CERT-SQ-01", "body": "示例认证有限公司"}


def body(**fields: Any) -> Organisation:
    """A certification body, approved since 2013."""
    return organisation(**{"is_adviser": False, "is_body": True, "approved_from": date(2013, 1, 1), **fields})


def certificate(of: Enterprise | None = None, *, at: datetime = NOW, **said: Any) -> Certificate:
    """A sound certificate, recorded by the city; `said` changes what it says."""
    by = said.pop("body", None) or body()
    of = of or enterprise()
    asked = stated({**CERTIFICATE, "holder": of.name, "number": f"CERT{next(_serial):06d}", "body": by.pk, **said})
    return record_certificate(of, asked, actor=account(Role.CITY_REVIEWER), at=at)


def lookup(of: Certificate) -> LookupCheck:
    """A look-up with its screenshot; and a scan of the certificate is on file."""
    city = account(Role.CITY_REVIEWER)
    file_scan(of, ContentFile(PDF, "证书.pdf"), actor=city, at=NOW)
    return look_up(of, "matches", ContentFile(PDF, "查询.pdf"), note="", actor=city, at=NOW)


TITLE = {
    "stage": "honour.national_advantage",
    "effective_on": date(2023, 12, 1),
    "document": "国知发运函〔2023〕108号",
    "issued_by": "国家知识产权局",
    "level": "national",
    "valid_until": date(2026, 12, 31),
}


def title(of: Enterprise | None = None, *, at: datetime = NOW, by: Account | None = None, **said: Any) -> Achievement:
    """A title with its document, recorded by the city; `said` changes what the document says."""
    asked = StatedTitle(**{**TITLE, **said})
    return record_title(of or enterprise(), asked, actor=by or account(Role.CITY_REVIEWER), at=at).achievement


def guided(of: Enterprise | None = None, **said: Any) -> Achievement:
    """An enterprise guided this year."""
    days = {"effective_on": date(2026, 3, 2), "valid_until": date(2026, 12, 31)}
    return title(of, **{"stage": "intensive.cultivation", "level": "city", **days, **said})


def reexamination(of: Achievement, *, by: Account | None = None, **said: Any) -> Reexamination:
    """A passed one."""
    asked = {"examined_on": date(2026, 11, 2), "passed": True, "words": "复核材料属实", **said}
    return reexamine(of, StatedReexamination(**asked), actor=by or account(Role.CITY_REVIEWER), at=NOW)


def guidance(of: Achievement, *, by: Account | None = None, **said: Any) -> Guidance:
    asked = {"on": date(2026, 6, 1), "by": "市局指导组", "done": "专利导航辅导", "achieved": "布局方案一份", **said}
    return guide(of, StatedGuidance(**asked), actor=by or account(Role.CITY_REVIEWER), at=NOW)


def corrected(of: Achievement, *, by: Account | None = None, **said: Any) -> Achievement:
    """The same title recorded anew, with what `said` changes."""
    asked = {name: getattr(of.title, name) for name in ("document", "issued_by", "level", "valid_until")}
    right = StatedTitle(**{"stage": of.stage, "effective_on": of.effective_on, **asked, **said})
    return correct_title(of, right, Act("录入有误", by or account(Role.CITY_REVIEWER), NOW)).achievement
