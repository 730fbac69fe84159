"""Figures: their definition, their day, and the enterprises behind them."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from certification.models import Job
from certification.tasks import run_job
from certification.totals.checkpoint import fold
from enterprises.roles import Role
from tests import factories
from tests.factories import FAR_TOWN, TOWN

from .asking import V1, get, post
from .conftest import As

pytestmark = pytest.mark.django_db
CODE, STAGE = "guanbiao_enterprises", "guanbiao.implementation"


@pytest.fixture
def monitor(as_: As) -> APIClient:
    return as_(factories.account(Role.MONITOR))


@pytest.fixture
def history(db: None) -> None:
    """Five enterprises: one before the opening day, one counted twice, one annulled, one elsewhere."""
    before, twice, annulled, far, plain = (
        factories.enterprise(township=town) for town in (TOWN, TOWN, TOWN, FAR_TOWN, TOWN)
    )
    factories.achievement(before, STAGE, date(2015, 12, 31))
    factories.achievement(twice, STAGE, date(2016, 5, 1))
    factories.achievement(twice, STAGE, date(2019, 5, 1))
    factories.achievement(far, STAGE, date(2018, 1, 31))
    factories.achievement(plain, STAGE, date(2018, 2, 1))
    fact = factories.achievement(annulled, STAGE, date(2017, 1, 1))
    type(fact).objects.filter(pk=fact.pk).update(ended_on=date(2017, 2, 1), ended_reason="annulled")
    fold(at=timezone.now())


def figure(client: APIClient, **query: str) -> dict[str, Any]:
    [found] = get(client, "totals/", plan="13th", indicator=CODE, **query)
    return dict(found)


@pytest.mark.parametrize(
    ("day", "gained"),
    [("2015-12-31", 0), ("2016-04-30", 0), ("2016-05-01", 1), ("2018-01-31", 2), ("2018-02-01", 3), ("2026-11-20", 3)],
)
@pytest.mark.usefixtures("history")
def test_value_is_opening_and_gained_and_opens_to_its_enterprises(monitor: APIClient, day: str, gained: int) -> None:
    found = figure(monitor, as_of=day)
    assert (found["opening"], found["opening_on"]) == (456, "2015-12-31")
    assert (found["gained"], found["value"]) == (gained, 456 + gained)
    assert (found["target"], found["comparator"], found["as_of"]) == (500, ">=", day)
    assert found["completion_rate"] == round((456 + gained) / 5)
    behind = get(monitor, f"totals/{CODE}/enterprises/", as_of=day)
    assert behind["count"] == len(behind["results"]) == gained
    assert sum(part["gained"] for part in found["units"]) == gained


@pytest.mark.usefixtures("history")
def test_parts_by_unit_open_to_their_enterprises(monitor: APIClient) -> None:
    parts = {part["reporting_unit"]: part["gained"] for part in figure(monitor, by="reporting_unit")["units"]}
    assert parts == {"liyang": 1, "jintan": 0, "wujin": 2, "xinbei": 0, "tianning": 0, "zhonglou": 0, "jingkai": 0}
    for unit, gained in parts.items():
        narrowed = figure(monitor, reporting_unit=unit)
        assert (narrowed["opening"], narrowed["gained"], narrowed["value"]) == (None, gained, gained)
        behind = get(monitor, f"totals/{CODE}/enterprises/", reporting_unit=unit)
        assert behind["count"] == len(behind["results"]) == gained
        assert {row["reporting_unit"] for row in behind["results"]} <= {unit}


@pytest.mark.usefixtures("history")
def test_enterprises_behind_a_figure_come_in_pages(monitor: APIClient) -> None:
    first = get(monitor, f"totals/{CODE}/enterprises/", page_size=2)
    second = monitor.get(first["next"]).json()
    assert [row["counted_from"] for row in first["results"] + second["results"]] == [
        "2018-02-01", "2018-01-31", "2016-05-01",
    ]  # fmt: skip
    assert first["count"] == second["count"] == 3
    assert second["next"] is None
    assert first["results"][0]["stage"] == STAGE
    assert first["results"][0]["ledger_number"] > 0


@pytest.mark.usefixtures("history")
def test_monitor_of_one_unit_sees_its_own_part(as_: As) -> None:
    client = as_(factories.account(Role.MONITOR, unit="liyang"))
    found = figure(client)
    assert found["gained"] == 3
    assert [part["reporting_unit"] for part in found["units"]] == ["liyang"]
    assert get(client, f"totals/{CODE}/enterprises/")["count"] == 1
    assert get(client, f"totals/{CODE}/enterprises/", reporting_unit="liyang")["count"] == 1
    for path in ("totals/", f"totals/{CODE}/series/", f"totals/{CODE}/enterprises/"):
        assert get(client, path, 404, reporting_unit="wujin") == get(client, path, 404, reporting_unit="nowhere")


@pytest.mark.usefixtures("history")
def test_public_sees_figures_but_no_parts(stranger: APIClient, as_: As) -> None:
    found = figure(stranger)
    assert (found["value"], found["units"]) == (459, [])
    get(stranger, "totals/", 401, by="reporting_unit")
    get(stranger, f"totals/{CODE}/series/", 401, reporting_unit="wujin")
    get(stranger, f"totals/{CODE}/enterprises/", 401)
    get(as_(factories.applicant()), "totals/", 403, by="reporting_unit")
    get(as_(factories.applicant()), f"totals/{CODE}/enterprises/", 403)


@pytest.mark.parametrize("path", ["totals/", f"totals/{CODE}/series/", f"totals/{CODE}/enterprises/"])
@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2015-12-30", "as_of_before_plan"),
        ("1900-01-01", "as_of_before_plan"),
        ("0001-01-01", "as_of_before_plan"),
        ("2026-11-21", "as_of_in_future"),
        ("9999-12-31", "as_of_in_future"),
        ("2020-02-30", "invalid"),
        ("2020-13-01", "invalid"),
        ("20200101", "invalid"),
        ("２０２０-01-01", "invalid"),
        ("yesterday", "invalid"),
        ("2020-01-01T00:00:00", "invalid"),
        ("", "invalid"),
        ("' OR 1=1 --", "invalid"),
        ("x" * 5000, "invalid"),
    ],
)
def test_days_that_cannot_be_shown_are_400_with_field_value_and_remedy(
    monitor: APIClient, path: str, day: str, code: str
) -> None:
    problem = get(monitor, path, 400, plan="13th", as_of=day)
    [reason] = problem["errors"]
    assert (reason["field"], reason["code"]) == ("as_of", code)
    assert day[:20] in reason["message"]
    assert "日期" in reason["remedy"]


def test_unknown_plan_and_indicator_are_400_or_404(monitor: APIClient) -> None:
    assert get(monitor, "totals/", 400, plan="99th")["errors"][0]["field"] == "plan"
    assert get(monitor, "totals/", 400, indicator="nothing")["errors"][0]["field"] == "indicator"
    get(monitor, "totals/nothing/series/", 404)
    get(monitor, "totals/nothing/enterprises/", 404)


def test_every_indicator_of_the_plan_is_listed_with_what_is_known(stranger: APIClient) -> None:
    found = {row["indicator"]: row for row in get(stranger, "totals/")}
    assert len(found) == len(get(stranger, "plans/13th/indicators/")["results"])
    reported = found["pct_applications"]
    assert (reported["gained"], reported["value"], reported["status"]) == (None, None, "no_data")
    assert (found["evaluation_passed"]["target"], found["nationally_certified"]["target"]) == (250, 100)


@pytest.mark.usefixtures("history")
def test_series_runs_by_month_beside_the_planned_line(stranger: APIClient, monitor: APIClient) -> None:
    body = get(stranger, f"totals/{CODE}/series/", as_of="2018-01-31")
    points = {point["month"]: point for point in body["points"]}
    assert (points["2016-04"]["value"], points["2016-05"]["value"], points["2018-01"]["value"]) == (456, 457, 458)
    assert points["2018-02"]["value"] is None
    assert points["2020-12"]["planned"] == 500
    narrowed = get(monitor, f"totals/{CODE}/series/", reporting_unit="wujin")
    assert narrowed["points"][-1]["value"] == 2


def test_indicators_say_where_their_opening_balance_comes_from(stranger: APIClient) -> None:
    rows = {row["indicator"]: row for row in get(stranger, "plans/13th/indicators/")["results"]}
    row = rows[CODE]
    assert (row["opening"], row["opening_on"], row["comparator"], row["target"]) == (456, "2015-12-31", ">=", 500)
    assert "表一" in row["opening_source"]
    assert {plan["code"] for plan in get(stranger, "plans/")["results"]} == {"12th", "13th"}


def test_outcome_computes_each_rate_and_shows_what_the_source_prints(stranger: APIClient) -> None:
    rows = [row for row in get(stranger, "plans/12th/outcome/")["results"] if row["completion_rate"] is not None]
    assert [row["completion_rate"] for row in rows] == [226, 221, 100, 368, 325, 128, 248, 140, 374, 146, 228]
    [differing] = [row for row in rows if row["differs"]]
    assert (differing["name"], differing["printed_rate"]) == ("发明专利授权量", "324%")


@pytest.mark.usefixtures("history")
def test_recount_is_a_job_that_its_owner_follows(as_: As) -> None:
    client = as_(factories.account(Role.PLAN_MANAGER))
    answer = client.post(f"{V1}/totals/recount/", {}, format="json")
    assert answer.status_code == 202
    job = answer.json()["job"]
    assert answer["Location"] == f"{V1}/jobs/{job}/"
    assert get(client, f"jobs/{job}/")["state"] == "queued"
    run_job(job)
    done = get(client, f"jobs/{job}/")
    assert (done["state"], done["done"], done["result"]["differences"]) == ("done", done["total"], [])
    assert done["finished_at"] == "2026-11-20T10:00:00+08:00"
    get(as_(factories.account(Role.CITY_REVIEWER)), f"jobs/{job}/", 404)


def test_recount_takes_no_body(as_: As) -> None:
    post(as_(factories.account(Role.PLAN_MANAGER)), "totals/recount/", {"repair": False}, 400)
    assert not Job.objects.exists()
