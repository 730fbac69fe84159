"""Naming the township of a place known by its district only: no move, and no move by that door."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from certification.audit import fact_faults
from certification.queries import timeline
from enterprises.errors import NotAllowed, Refused
from enterprises.models import DivisionUnit, Enterprise, EnterpriseLocation
from enterprises.roles import Role
from enterprises.services.completion import complete_place, state_place
from ledger.models import LedgerEntry
from tests import factories as make
from tests.imports.files import code, take_enterprises
from tests.pages.visiting import visitor, words

pytestmark = pytest.mark.django_db
DISTRICT, TODAY = "320412", date(2026, 11, 20)


@pytest.fixture
def there() -> Enterprise:
    """Registered today, its township not known."""
    return make.enterprise(township=DISTRICT, established_on=None)


def places(row: Enterprise) -> list[tuple[str, str, str | None]]:
    rows = EnterpriseLocation.objects.filter(enterprise=row).order_by("valid_from")
    return [(place.township_id, str(place.valid_from), place.valid_to and str(place.valid_to)) for place in rows]


def codes(call) -> set[str]:
    with pytest.raises(Refused) as refused:
        call()
    return {refusal.code for refusal in refused.value.refusals}


@pytest.mark.parametrize("since", [TODAY, None])
def test_the_township_is_named_on_the_day_of_registration(there, since):
    first = LedgerEntry.objects.get(enterprise=there.uscc)
    officer = make.account(Role.DISTRICT_REVIEWER)
    changed = state_place(there, make.TOWN, since=since, actor=officer, at=make.NOW, expected_version=1)
    assert places(there) == [(make.TOWN, "2026-11-20", None)]
    assert (changed.township_id, changed.reporting_unit_id, changed.version) == (make.TOWN, "wujin", 2)
    entry = LedgerEntry.objects.get(enterprise=there.uscc, verb="enterprise.place_completed")
    assert (entry.supersedes, entry.actor) == (first.number, officer.code)
    change = there.changes.get()
    assert (change.field, change.before, change.after, change.ledger_number) == (
        "township",
        "武进区",
        "湖塘镇",
        entry.number,
    )
    assert entry.number in {event.ledger_number for event in timeline(there)}
    assert not list(fact_faults(limit=5))


def test_the_past_keeps_its_unit_and_the_place_its_first_day():
    row = make.enterprise(township=DISTRICT, established_on=date(2010, 1, 1))
    fact = make.achievement(row, "guanbiao.evaluation", date(2020, 5, 1))
    state_place(row, make.TOWN, since=None, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    fact.refresh_from_db()
    assert (fact.reporting_unit_id, fact.township_id) == ("wujin", DISTRICT)
    assert places(row) == [(make.TOWN, "2010-01-01", None)]
    later = make.achievement(row, "guanbiao.certification", date(2021, 5, 1))
    assert (later.reporting_unit_id, later.township_id) == ("wujin", make.TOWN)
    assert not list(fact_faults(limit=5))


@pytest.mark.parametrize("elsewhere", [make.FAR_TOWN, "320402001"])
def test_another_district_is_a_move_which_never_begins_on_the_same_day(there, elsewhere):
    city = make.account(Role.CITY_REVIEWER)
    for since in (TODAY, None):
        asked = {"since": since, "actor": city, "at": make.NOW}
        assert codes(lambda asked=asked: state_place(there, elsewhere, **asked)) == {"since_too_early"}
    assert codes(lambda: complete_place(there, elsewhere, actor=city, at=make.NOW)) == {"place_elsewhere"}
    assert places(there) == [(DISTRICT, "2026-11-20", None)]


def test_a_township_of_the_district_that_reports_through_another_unit_is_a_move(there):
    city = make.account(Role.CITY_REVIEWER)
    unit = EnterpriseLocation.objects.get(enterprise=there).reporting_unit_id
    elsewhere = next(code for code in townships_of(DISTRICT) if unit_today(code) != unit)
    assert codes(lambda: complete_place(there, elsewhere, actor=city, at=make.NOW)) == {"place_elsewhere"}
    assert codes(lambda: state_place(there, elsewhere, since=TODAY, actor=city, at=make.NOW)) == {"since_too_early"}


def test_a_township_of_another_district_is_a_move_even_within_the_unit(there):
    DivisionUnit.objects.filter(division=make.FAR_TOWN).update(unit="wujin")
    city = make.account(Role.CITY_REVIEWER)
    assert codes(lambda: complete_place(there, make.FAR_TOWN, actor=city, at=make.NOW)) == {"place_elsewhere"}


def townships_of(district: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM enterprises_division WHERE parent_id = %s AND valid_to IS NULL", [district])
        return [code for (code,) in cursor.fetchall()]


def unit_today(code: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id FROM enterprises_divisionunit WHERE division_id = %s AND valid_to IS NULL", [code]
        )
        return str(cursor.fetchone()[0])


def test_a_place_that_is_complete_moves_and_is_never_rewritten():
    row, city = make.enterprise(established_on=None), make.account(Role.CITY_REVIEWER)
    assert codes(lambda: state_place(row, make.OTHER_TOWN, since=TODAY, actor=city, at=make.NOW)) == {"since_too_early"}
    assert codes(lambda: complete_place(row, make.OTHER_TOWN, actor=city, at=make.NOW)) == {"place_complete"}
    tomorrow = make.NOW + timedelta(days=1)
    state_place(row, make.OTHER_TOWN, since=date(2026, 11, 21), actor=city, at=tomorrow)
    assert places(row) == [(make.TOWN, "2026-11-20", "2026-11-20"), (make.OTHER_TOWN, "2026-11-21", None)]


def test_a_township_named_from_a_later_day_is_a_move():
    row = make.enterprise(township=DISTRICT, established_on=date(2010, 1, 1))
    city = make.account(Role.CITY_REVIEWER)
    state_place(row, make.TOWN, since=date(2024, 1, 1), actor=city, at=make.NOW)
    assert places(row) == [(DISTRICT, "2010-01-01", "2023-12-31"), (make.TOWN, "2024-01-01", None)]
    assert not list(fact_faults(limit=5))


def test_the_enterprise_itself_does_not_state_its_place(there):
    with pytest.raises(NotAllowed):
        state_place(there, make.TOWN, since=None, actor=make.applicant(there), at=make.NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE enterprises_enterpriselocation SET township_id = '320412'",
        "UPDATE enterprises_enterpriselocation SET valid_from = '2020-01-01'",
    ],
)
def test_a_completed_place_altered_by_sql_is_named(there, statement):
    complete_place(there, make.TOWN, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    entry = LedgerEntry.objects.get(enterprise=there.uscc, verb="enterprise.place_completed")
    assert [fault.number for fault in fact_faults(limit=5)] == [entry.number]


def test_the_page_asks_for_no_day_where_the_township_is_missing(there):
    client, path = visitor(make.account(Role.DISTRICT_REVIEWER)), f"/enterprises/{there.uscc}/relocate/"
    assert "补全所在乡镇（街道）" in words(client.get(f"/enterprises/{there.uscc}/"))
    assert "请留空" in words(client.get(path))
    assert client.post(path, {"township": make.TOWN, "since": ""}).status_code == 302
    assert places(there) == [(make.TOWN, str(there.registered_at.date()), None)]
    assert "请留空" not in words(client.get(path))
    again = client.post(path, {"township": make.OTHER_TOWN, "since": ""})
    assert (again.status_code, "请填写日期" in words(again)) == (400, True)


def test_the_file_it_came_from_still_changes_nothing_the_second_time(tmp_path: Path):
    said = (code(1), "常州试补科技有限公司", DISTRICT)
    assert take_enterprises(tmp_path / "a.csv", said).new == 1
    row = Enterprise.objects.get(uscc=code(1))
    complete_place(row, make.TOWN, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    again = take_enterprises(tmp_path / "a.csv", said)
    assert (again.unchanged, again.bad) == (1, [])
    other = take_enterprises(tmp_path / "a.csv", (*said[:2], "320481"))
    assert [cell.column for cell in other.bad] == ["乡镇街道代码"]
