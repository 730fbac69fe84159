"""No endpoint asks the database once a row, and none asks more for a long page than for a short one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.base import ApiView
from api.pagination import PAGING
from api.urls import v1
from certification.models import ImportFile
from certification.services.findings import Found, record_finding
from certification.totals.checkpoint import fold
from enterprises.models import Account, EventKind
from enterprises.roles import Role
from enterprises.services.amendments import amend
from enterprises.services.trail import note
from ledger.checkpoints import make as checkpoint
from tests import factories, facts, panels

from .asking import V1
from .conftest import As

pytestmark = pytest.mark.django_db
KEY = "00000000-0000-4000-8000-00000000a000"
FIGURE = "totals/guanbiao_enterprises/"
# Each list that comes in pages, with how many questions it may ask; the token's is one of them.
PAGED = {
    "enterprises/": 2,
    "enterprises/?search=常州&reporting_unit=wujin&stage=guanbiao.implementation&is_high_tech=true&count=exact": 4,
    "applications/": 2,
    "certificates/": 4,
    "certificates/?attention=overdue&standing=valid": 7,
    "certificates/?due_within=90&standing=valid": 7,
    "certificates/?issuer=bureau&standing=valid": 3,
    "titles/": 3,
    "titles/?stage=honour.national_advantage&standing=valid&due=soon&reporting_unit=wujin&year=2023": 3,
    "credit-checks/": 2,
    "priorities/": 2,
    "figures/": 2,
    "credit-checks/?source=credit_china&state=valid&on=2026-11-01&reporting_unit=wujin": 2,
    "applications/?overdue=false&stage=guanbiao.cultivation": 2,
    "findings/": 3,
    f"{FIGURE}enterprises/": 6,
    f"{FIGURE}enterprises/?reporting_unit=wujin": 7,
    "divisions/": 3,
    "imports/": 2,
    f"imports/{KEY}/errors/": 3,
    f"imports/{KEY}/rows/": 3,
    "batches/": 2,
    "notices/": 2,
    "evaluations/": 2,
    "evaluations/?state=assigned&overdue=false": 2,
    "ledger/?verb=enterprise.registered": 2,
    "ledger/?first=1&since=2020-01-01&role=system&actor=system": 2,
    "ledger/checkpoints/": 2,
    "audit/?kind=refused": 2,
    "notifications/": 2,
}
# Lists of one enterprise or application.
OF_ONE = {
    "enterprises/<uscc:uscc>/changes/": 3,
    "applications/<application:number>/changes/": 4,
}
WHOLE = {
    "reporting-units/": 3,
    "programmes/": 2,
    "plans/": 2,
    "plans/13th/indicators/": 3,
    "plans/12th/outcome/": 3,
    "totals/": 5,
    f"{FIGURE}series/": 5,
}


def questions(client: APIClient, path: str) -> int:
    """How many an answer takes once the process has met it before: rules in force are read once."""
    client.get(f"{V1}/{path}")
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(f"{V1}/{path}")
    assert answer.status_code == 200, (path, answer.content.decode())
    return len(caught)


def reader(as_: As, path: str) -> APIClient:
    roles = {"totals": Role.MONITOR, "ledger": Role.AUDITOR, "audit": Role.AUDITOR}
    return as_(factories.account(roles.get(path.partition("/")[0], Role.CITY_REVIEWER)))


def grown(rows: int) -> None:
    staff = factories.reviewers()
    for _ in range(rows):
        applicant = factories.applicant()
        applicant.enterprise.high_tech_periods.create(valid_from=date(2024, 1, 1))
        factories.achievement(applicant.enterprise, "guanbiao.implementation", date(2020, 2, 2))
        factories.certificate(applicant.enterprise)
        factories.reexamination(factories.title(applicant.enterprise), reexamine_on=date(2026, 12, 20))
        facts.check(applicant.enterprise)
        facts.priority(applicant.enterprise)
        facts.figures(applicant.enterprise)
        other = factories.applicant()
        row = factories.step(factories.filled(other), "submit", other)
        factories.step(row, "accept", staff["township"])
        record_finding(row, Found("4.1", "未见清单", "minor", factories.NOW.date()), actor=other, at=factories.NOW)
        note(EventKind.REFUSED, request=None, account=other, at=factories.NOW, path="/monitor/")
        checkpoint(at=factories.NOW)
        imported(other)
    panels.seats(rows)
    fold(at=factories.NOW)


def imported(uploader: Account) -> None:
    """One more file, and one more error and origin in the file KEY."""
    said = {"kind": "enterprises", "filename": "a.csv", "size": 1, "sha256": "0" * 64, "uploaded_at": factories.NOW}
    ImportFile.objects.create(**said, uploaded_by=uploader)
    file, _ = ImportFile.objects.get_or_create(key=KEY, defaults={**said, "uploaded_by": uploader})
    file.faults.create(line=2, column="x", reason="x")
    file.made.create(line=file.made.count() + 2, effect="new", uscc="x", ledger_number=1)


@pytest.mark.parametrize("path", PAGED)
def test_long_page_asks_no_more_than_a_short_one(as_: As, path: str) -> None:
    grown(5)
    client, joint = reader(as_, path), "&" if "?" in path else "?"
    asked = {size: questions(client, f"{path}{joint}page_size={size}") for size in (1, 2, 200)}
    assert len(set(asked.values())) == 1, asked
    assert asked[200] <= PAGED[path]


@pytest.mark.parametrize("path", [*PAGED, *WHOLE])
def test_list_asks_no_more_when_there_is_more(as_: As, path: str) -> None:
    client = reader(as_, path)
    grown(1)
    few = questions(client, path)
    grown(3)
    assert questions(client, path) == few
    assert few <= {**PAGED, **WHOLE}[path]


def test_every_list_that_comes_in_pages_is_held_here() -> None:
    paged = {str(route.pattern) for route in v1 if comes_in_pages(getattr(route.callback, "view_class", None))}
    held = {
        path.partition("?")[0].replace("guanbiao_enterprises", "<code:indicator>").replace(KEY, "<uuid:key>")
        for path in PAGED
    }
    assert paged == held | set(OF_ONE)


def comes_in_pages(view: type[ApiView] | None) -> bool:
    operation = view.operations.get("GET") if view else None
    return operation is not None and all(param in operation.query for param in PAGING)


def test_file_and_its_timeline_ask_the_same_for_one_fact_and_for_many(as_: As) -> None:
    applicant = factories.applicant()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    client, code = as_(factories.account(Role.CITY_REVIEWER)), applicant.enterprise.uscc
    paths = (f"enterprises/{code}/", f"enterprises/{code}/timeline/", f"applications/{row.number}/")
    factories.achievement(applicant.enterprise, "intensive.cultivation", date(2019, 1, 1))
    few = [questions(client, path) for path in paths]
    for year in (2020, 2021, 2022):
        factories.achievement(applicant.enterprise, "intensive.cultivation", date(year, 1, 1))
    assert [questions(client, path) for path in paths] == few


def test_lists_of_one_ask_the_same_for_one_row_and_for_many(as_: As) -> None:
    applicant, city = factories.applicant(), factories.account(Role.CITY_REVIEWER)
    row, client = factories.filled(applicant), as_(city)
    for number in range(5):
        amend(row.enterprise, {"industry": f"C{number}"}, actor=city, at=factories.NOW)
    factories.step(row, "submit", applicant)
    for pattern, most in OF_ONE.items():
        path = pattern.replace("<uscc:uscc>", row.enterprise.uscc).replace("<application:number>", row.number)
        asked = {size: questions(client, f"{path}?page_size={size}") for size in (1, 2, 200)}
        assert len(set(asked.values())) == 1, (path, asked)
        assert asked[200] <= most, (path, asked)
