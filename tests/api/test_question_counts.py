"""No endpoint asks the database once a row, and none asks more for a long page than for a short one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.base import ApiView
from api.pagination import PAGING
from api.urls import v1
from certification.totals.checkpoint import fold
from enterprises.roles import Role
from tests import factories

from .asking import V1
from .conftest import As

pytestmark = pytest.mark.django_db
FIGURE = "totals/guanbiao_enterprises/"
# Each list that comes in pages, with how many questions it may ask; the token's is one of them.
PAGED = {
    "enterprises/": 2,
    "enterprises/?search=常州&reporting_unit=wujin&stage=guanbiao.implementation&is_high_tech=true&count=exact": 4,
    "applications/": 2,
    "applications/?overdue=false&stage=guanbiao.cultivation": 2,
    f"{FIGURE}enterprises/": 6,
    f"{FIGURE}enterprises/?reporting_unit=wujin": 7,
    "divisions/": 3,
    "ledger/?verb=enterprise.registered": 2,
}
WHOLE = {
    "reporting-units/": 2,
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
    roles = {"totals": Role.MONITOR, "ledger": Role.AUDITOR}
    return as_(factories.account(roles.get(path.partition("/")[0], Role.CITY_REVIEWER)))


def grown(rows: int) -> None:
    for _ in range(rows):
        applicant = factories.applicant()
        applicant.enterprise.high_tech_periods.create(valid_from=date(2024, 1, 1))
        factories.achievement(applicant.enterprise, "guanbiao.implementation", date(2020, 2, 2))
        other = factories.applicant()
        factories.step(factories.filled(other), "submit", other)
    fold(at=factories.NOW)


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
    held = {path.partition("?")[0].replace("guanbiao_enterprises", "<code:indicator>") for path in PAGED}
    assert paged == held


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
