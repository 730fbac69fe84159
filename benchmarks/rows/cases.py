"""Applications brought to where a benchmark wants them, through the real door."""

import itertools
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from certification.models import Application, Evidence
from certification.services.applications import open_application, save_draft
from certification.services.door import move
from certification.services.rulebooks import rules_of
from enterprises.models import Account, Enterprise
from enterprises.roles import Role, ScopeKind
from ledger.canonical import digest

from . import world

STAGE = "guanbiao.implementation"  # an indicator counts it
WAITED = timedelta(days=6)
VALUES = {
    "management_representative": "李四，副总经理",
    "ip_department": "知识产权部",
    "ip_staff": 3,
    "yearly_ip_budget": "20.5",
    "documents_issued_on": "2026-10-01",
    "plan_summary": "按标准逐步实施",
}
_serial = itertools.count(900_000_000)
_accounts: dict[tuple[str, str], Account] = {}


@dataclass
class Case:
    """An application and the accounts of its way."""

    application: Application
    applicant: Account
    township: Account
    district: Account
    city: Account


def account(role: str, scope: str = "", **fields: object) -> Account:
    """One account for each role and scope."""
    key = (role, scope)
    if key not in _accounts:
        _accounts[key] = Account.objects.update_or_create(
            username=f"{role}-{scope}-{next(_serial)}", defaults={"role": role, **fields}
        )[0]
    return _accounts[key]


def newcomer(at: datetime) -> Enterprise:
    """An enterprise registered at a moment, and taken into cultivation long ago."""
    number = next(_serial)
    chance = random.Random(number)
    world.write_enterprises(list(world.enterprise_rows(range(number, number + 1), chance)), at=at)
    world.write_achievements([world.fact(number, "guanbiao.cultivation", date(2020, 5, 6))], at=at)
    row = Enterprise.objects.get(uscc=world.code(number))
    row.contact_name, row.contact_phone = "王五", "13800000000"
    row.save()
    return row


def put_on_file(application: Application, *, by: Account, at: datetime) -> None:
    """Rows of all papers; nobody opens the files in a benchmark."""
    Evidence.objects.bulk_create(
        Evidence(
            application=application,
            requirement=need.code,
            filename="材料.pdf",
            media_type="application/pdf",
            size=len(need.code),
            sha256=digest(need.code.encode()),
            uploaded_at=at,
            uploaded_by=by,
        )
        for need in rules_of(application.rule_id).rule.evidence
    )


def submitted() -> Case:
    """An application of a newcomer, submitted some days ago."""
    now = timezone.now() - WAITED
    row = newcomer(now)
    applicant = Account.objects.create(
        username=row.uscc, role=Role.APPLICANT, scope_kind=ScopeKind.ENTERPRISE, enterprise=row
    )
    application = open_application(row, STAGE, actor=applicant, at=now)
    application = save_draft(application, fields=VALUES, modules=["7.1"], actor=applicant, at=now)
    put_on_file(application, by=applicant, at=now)
    return Case(
        application=move(application, "submit", actor=applicant, at=now),
        applicant=applicant,
        township=account(
            Role.TOWNSHIP_REVIEWER, row.township_id, scope_kind=ScopeKind.TOWNSHIP, township_id=row.township_id
        ),
        district=account(
            Role.DISTRICT_REVIEWER, row.reporting_unit_id, scope_kind=ScopeKind.UNIT, unit_id=row.reporting_unit_id
        ),
        city=account(Role.CITY_REVIEWER, scope_kind=ScopeKind.CITY),
    )


@transaction.atomic
def awaiting_approval(count: int) -> list[Case]:
    """Applications that only lack the city's approval; their time limits have been running for some days."""
    cases = [submitted() for _ in range(count)]
    for case in cases:
        for actor, action in (
            (case.township, "accept"),
            (case.township, "recommend"),
            (case.district, "accept"),
            (case.district, "recommend"),
            (case.city, "accept"),
        ):
            case.application = move(case.application, action, actor=actor, at=timezone.now() - WAITED)
    return cases


def approve(case: Case) -> None:
    """The last decision: status, decision, achievement and two ledger entries."""
    case.application = move(case.application, "approve", actor=case.city, at=timezone.now())
