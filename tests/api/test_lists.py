"""Lists: pages by cursor, orders, filters, and as many queries for many rows as for one."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from enterprises.models import Enterprise, HighTechPeriod
from enterprises.roles import Role
from enterprises.services.amendments import relocate, rename
from tests import factories
from tests.factories import FAR_TOWN, NOW, OTHER_TOWN, TOWN

from .asking import V1, get
from .conftest import As

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def city(as_: As) -> APIClient:
    return as_(factories.account(Role.CITY_REVIEWER))


def pages(client: APIClient, address: str, link: str = "next") -> list[list[Any]]:
    """The results of every page that `link` leads to."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content.decode()
        found.append(answer.json()["results"])
        address = answer.json()[link]
        assert len(found) < 50
    return found


@pytest.mark.parametrize("ordering", ["id", "-id", "uscc", "-uscc"])
def test_pages_hold_every_row_once_in_order(city: APIClient, ordering: str) -> None:
    made = [factories.enterprise() for _ in range(7)]
    found = pages(city, f"{V1}/enterprises/?page_size=3&ordering={ordering}")
    assert [len(page) for page in found] == [3, 3, 1]
    key = ordering.lstrip("-")
    rows = [row[key] for page in found for row in page]
    assert rows == sorted((getattr(row, key) for row in made), reverse=ordering.startswith("-"))


def test_pages_lead_back_the_same_way(city: APIClient) -> None:
    for _ in range(7):
        factories.enterprise()
    first = get(city, "enterprises/", page_size=3)
    second = city.get(first["next"]).json()
    third = city.get(second["next"]).json()
    assert third["next"] is None
    assert city.get(third["previous"]).json()["results"] == second["results"]
    back = city.get(second["previous"]).json()
    assert back["results"] == first["results"]
    assert back["previous"] is None
    assert first["previous"] is None


def test_row_added_meanwhile_moves_no_other_across_pages(city: APIClient) -> None:
    for _ in range(4):
        factories.enterprise()
    first = get(city, "enterprises/", page_size=2, ordering="-id")
    factories.enterprise()
    second = city.get(first["next"]).json()
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert len(set(ids)) == 4


def test_filters_stay_with_the_next_page(city: APIClient) -> None:
    for town in (TOWN, FAR_TOWN) * 3:
        factories.enterprise(township=town)
    found = pages(city, f"{V1}/enterprises/?page_size=1&reporting_unit=liyang")
    assert len(found) == 3
    assert {row["reporting_unit"] for page in found for row in page} == {"liyang"}


def test_cursor_of_another_order_or_forged_is_400(city: APIClient) -> None:
    for _ in range(3):
        factories.enterprise()
    cursor = get(city, "enterprises/", page_size=1)["next"]
    assert city.get(cursor.replace("page_size=1", "page_size=1&ordering=uscc")).status_code == 400
    assert city.get(cursor[:-1] + ("a" if cursor[-1] != "a" else "b")).status_code == 400


def test_count_is_given_when_asked_for(city: APIClient) -> None:
    for _ in range(3):
        factories.enterprise()
    assert "count" not in get(city, "enterprises/")
    body = get(city, "enterprises/", page_size=1, count="exact")
    assert (body["count"], len(body["results"])) == (3, 1)


def test_rows_carry_codes_with_their_wording(city: APIClient) -> None:
    factories.enterprise(name="常州星河（集团）有限公司", innovation_tier="leading")
    [row] = get(city, "enterprises/")["results"]
    assert row["township"] == TOWN
    assert row["township_display"] == "湖塘镇"
    assert (row["reporting_unit"], row["reporting_unit_display"]) == ("wujin", "武进区")
    assert (row["innovation_tier"], row["innovation_tier_display"]) == ("leading", "领军企业")
    assert row["is_high_tech"] is False


def test_wording_follows_the_chosen_language(city: APIClient) -> None:
    factories.enterprise()
    city.cookies["django_language"] = "en"
    [row] = get(city, "enterprises/")["results"]
    assert row["reporting_unit"] == "wujin"
    assert row["reporting_unit_display"].startswith("Wujin")


@pytest.fixture
def star() -> Enterprise:
    """A renamed enterprise among others."""
    row = factories.enterprise(name="常州星河（集团）有限公司")
    factories.enterprise(name="溧阳白云茶业有限公司", township=FAR_TOWN)
    actor = factories.account(Role.CITY_REVIEWER)
    rename(row, "常州白沙材料有限公司", since=date(2020, 1, 1), actor=actor, at=NOW)
    return row


@pytest.mark.parametrize("fragment", ["星河", "(集团)", "（集团）", "白沙", "czbs", "CZXH", "czxh"])
def test_search_finds_past_and_present_names_and_initials(city: APIClient, star: Enterprise, fragment: str) -> None:
    assert [row["uscc"] for row in get(city, "enterprises/", search=fragment)["results"]] == [star.uscc]


def test_search_finds_by_credit_code_and_takes_signs_literally(city: APIClient, star: Enterprise) -> None:
    assert [row["uscc"] for row in get(city, "enterprises/", search=star.uscc[4:])["results"]] == [star.uscc]
    for sign in ("%%", "__", "' OR 1=1", '"*', "\\\\", "星河 OR 白云"):
        assert get(city, "enterprises/", search=sign)["results"] == []


def test_filters_by_place_tier_and_high_tech(city: APIClient) -> None:
    near, _, led = (
        factories.enterprise(),
        factories.enterprise(township=FAR_TOWN),
        factories.enterprise(township=OTHER_TOWN, innovation_tier="leading"),
    )
    HighTechPeriod.objects.create(enterprise=near, valid_from=date(2024, 1, 1), valid_to=date(2026, 12, 31))
    HighTechPeriod.objects.create(enterprise=led, valid_from=date(2020, 1, 1), valid_to=date(2022, 12, 31))

    def found(**query: str) -> list[str]:
        return [row["uscc"] for row in get(city, "enterprises/", **query)["results"]]

    assert found(reporting_unit="wujin") == [near.uscc, led.uscc]
    assert found(township=OTHER_TOWN) == [led.uscc]
    assert found(innovation_tier="leading") == [led.uscc]
    assert found(is_high_tech="true") == [near.uscc]
    assert led.uscc in found(is_high_tech="0")
    assert found(reporting_unit="wujin", is_high_tech="true", innovation_tier="leading") == []
    assert found(reporting_unit="nowhere") == []


def test_filters_by_what_is_in_force(city: APIClient) -> None:
    stage = "guanbiao.certification"
    valid, expired, never, annulled = (factories.enterprise() for _ in range(4))
    factories.achievement(valid, stage, date(2025, 1, 1))
    for row, reason in ((expired, "expired"), (annulled, "annulled")):
        fact = factories.achievement(row, stage, date(2020, 1, 1))
        type(fact).objects.filter(pk=fact.pk).update(ended_on=date(2023, 1, 1), ended_reason=reason)

    def found(**query: str) -> set[str]:
        return {row["uscc"] for row in get(city, "enterprises/", **query)["results"]}

    assert found(certified="valid") == found(stage=stage) == {valid.uscc}
    assert found(certified="expired") == {expired.uscc}
    assert found(certified="none") == {never.uscc, annulled.uscc}


def test_applications_are_filtered_and_newest_first(as_: As) -> None:
    staff = factories.reviewers()
    first, second = factories.applicant(), factories.applicant()
    one = factories.step(factories.filled(first), "submit", first)
    two = factories.step(factories.step(factories.filled(second), "submit", second), "accept", staff["township"])
    town = as_(staff["township"])

    def found(**query: str) -> list[str]:
        return [row["number"] for row in get(town, "applications/", **query)["results"]]

    assert found() == [two.number, one.number]
    assert found(ordering="id") == [one.number, two.number]
    assert found(status="accepted") == [two.number]
    assert found(step="city") == []
    assert found(enterprise=first.enterprise.uscc) == [one.number]
    assert found(stage="guanbiao.implementation") == []
    assert found(overdue="true") == []
    assert found(assigned_to_me="true") == [two.number, one.number]
    assert get(as_(staff["city"]), "applications/", assigned_to_me="true")["results"] == []


def test_overdue_is_seen_once_the_working_days_are_over(as_: As, clock: Any) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    # Friday 20 November and three working days: due on Wednesday 25.
    assert get(as_(staff["district"]), f"applications/{row.number}/")["step"]["due_on"] == "2026-11-25"
    clock.move_to(NOW.replace(day=25))
    assert get(as_(staff["township"]), "applications/", overdue="true")["results"] == []
    clock.move_to(NOW.replace(day=26))
    [late] = get(as_(staff["city"]), "applications/", overdue="true")["results"]
    assert late["step"]["overdue"] is True
    assert get(as_(staff["city"]), "applications/", overdue="false")["results"] == []


def test_divisions_are_those_of_the_day(stranger: APIClient) -> None:
    def named(**query: str) -> set[str]:
        found = pages(stranger, f"{V1}/divisions/?page_size=200&" + "&".join(f"{k}={v}" for k, v in query.items()))
        return {row["code_display"] for page in found for row in page}

    assert "戚墅堰区" in named(on="2015-04-27", level="district")
    assert "戚墅堰区" not in named(on="2015-04-28", level="district")
    assert {"戚墅堰区", "武进区"} <= named(level="district")
    assert len(get(stranger, "reporting-units/")["results"]) == 7
    units = get(stranger, "divisions/", parent="320412", page_size=200)["results"]
    assert {period["reporting_unit"] for row in units for period in row["reporting_units"]} == {"wujin", "jingkai"}


def queries(client: APIClient, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(f"{V1}/{path}")
    assert answer.status_code == 200
    return len(captured)


def test_lists_ask_the_same_for_one_row_and_for_many(as_: As) -> None:
    """Every list of something that grows, at 1, 3 and 200 rows."""
    staff = factories.reviewers()
    city, monitor = as_(staff["city"]), as_(factories.account(Role.MONITOR))
    auditor = as_(factories.account(Role.AUDITOR))
    asked = [
        (city, "enterprises/?page_size=200&is_high_tech=false"),
        (city, "enterprises/?page_size=200&search=常州"),
        (city, "applications/?page_size=200"),
        (city, "applications/?page_size=200&assigned_to_me=true&overdue=false"),
        (auditor, "ledger/?page_size=200&verb=enterprise.registered"),
        (monitor, "totals/"),
        (monitor, "totals/guanbiao_enterprises/enterprises/?page_size=200"),
        (monitor, "divisions/?page_size=200"),
    ]

    def grown(rows: int) -> list[int]:
        for _ in range(rows):
            applicant = factories.applicant()
            factories.step(factories.filled(applicant), "submit", applicant)
        return [queries(client, path) for client, path in asked]

    grown(1)
    one, several = grown(0), grown(2)
    for _ in range(200):
        factories.enterprise()
    assert one == several == grown(0)
    assert max(one) <= 6


def test_enterprise_list_is_two_queries(as_: As) -> None:
    """One for the token, one for the rows."""
    for _ in range(3):
        factories.enterprise()
    assert queries(as_(factories.account(Role.CITY_REVIEWER)), "enterprises/") == 2


def test_what_a_page_shows_is_worked_out_for_its_rows_alone(city: APIClient) -> None:
    """PostgreSQL answers an EXISTS among the columns by hashing the whole table behind it."""
    for row in (factories.enterprise(), factories.enterprise()):
        HighTechPeriod.objects.create(enterprise=row, valid_from=date(2024, 1, 1))
    with CaptureQueriesContext(connection) as captured:
        rows = get(city, "enterprises/")["results"]
    assert [row["is_high_tech"] for row in rows] == [True, True]
    [listing] = [query["sql"] for query in captured if "hightechperiod" in query["sql"]]
    assert "EXISTS" not in listing.partition(' FROM "enterprises_enterprise"')[0]


def test_move_keeps_the_old_place_in_the_file(city: APIClient) -> None:
    row = factories.enterprise()
    relocate(row, FAR_TOWN, since=date(2024, 1, 1), actor=factories.account(Role.CITY_REVIEWER), at=NOW)
    places = get(city, f"enterprises/{row.uscc}/")["places"]
    assert [(place["reporting_unit"], place["valid_to"]) for place in places] == [
        ("wujin", "2023-12-31"),
        ("liyang", None),
    ]
