"""Official facts edited in the administration: through their services, with an entry, refused with the reason."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from certification.audit import fact_faults
from certification.models import CalendarDay, Edition, ModuleItem, Plan, Rulebook, StageRule
from enterprises.models import Division, DivisionUnit
from enterprises.roles import Role
from ledger.models import LedgerEntry

from ..factories import NOW, TOWN, account, applicant, filled, step
from .reading import posted, text_of
from .world import sign_in

pytestmark = pytest.mark.django_db
EDITION = "GB/T 29490-2023"
DAYS = reverse("admin:certification_calendarday_changelist")


@pytest.fixture
def city():
    return sign_in(account(Role.CITY_REVIEWER))


def page(model: str, key: object = None, deed: str = "change") -> str:
    return reverse(f"admin:{model}_{deed}", args=[key] if key is not None else [])


def last_entry() -> tuple[str, str]:
    assert list(fact_faults(limit=3)) == []
    entry = LedgerEntry.objects.order_by("-number")[0]
    return entry.verb, entry.subject


def test_days_are_entered_changed_and_taken_off_with_their_entries(city):
    before = LedgerEntry.objects.count()
    add = page("certification_calendarday", deed="add")
    said = {"day": "2027-01-04", "is_working": "", "name": "元旦", "source": "国办发明电"}
    assert city.post(add, said).status_code == 302
    assert last_entry() == ("calendar.changed", "calendar:2027")
    change = page("certification_calendarday", "2027-01-04")
    assert city.post(change, {**posted(city, change), "is_working": "on"}).status_code == 302
    assert CalendarDay.objects.get(pk=date(2027, 1, 4)).is_working
    assert city.post(page("certification_calendarday", "2027-01-04", "delete"), {"post": "yes"}).status_code == 302
    chosen = {"action": "delete_selected", "_selected_action": ["2026-10-01", "2026-10-10"], "post": "yes"}
    assert city.post(DAYS, chosen).status_code == 302
    assert not CalendarDay.objects.filter(pk__in=[date(2027, 1, 4), date(2026, 10, 1), date(2026, 10, 10)]).exists()
    assert LedgerEntry.objects.count() == before + 5
    assert last_entry() == ("calendar.changed", "calendar:2026")


def test_the_day_itself_is_given_once(city):
    change = page("certification_calendarday", "2026-10-01")
    assert city.post(change, {**posted(city, change), "day": "2026-10-02", "name": "国庆"}).status_code == 302
    assert CalendarDay.objects.get(pk=date(2026, 10, 1)).name == "国庆"
    assert CalendarDay.objects.get(pk=date(2026, 10, 2)).name != "国庆"


@pytest.mark.parametrize(("day", "warned"), [(10, False), (11, True)])
def test_the_table_says_when_a_notice_is_missing(day, warned):
    with time_machine.travel(datetime(2026, 12, day, 2, 0, tzinfo=UTC), tick=False):
        assert ("尚无 2027 年的调休安排" in text_of(sign_in(account(Role.CITY_REVIEWER)).get(DAYS))) is warned
        assert "尚无" not in text_of(sign_in(account(Role.AUDITOR)).get(DAYS))


def test_an_edition_and_its_menu_change_with_an_entry(city):
    change = page("certification_edition", EDITION)
    data = posted(city, change)
    key = next(name for name, value in data.items() if value == "7.1").replace("code", "title")
    assert city.post(change, {**data, key: "获取与登记"}).status_code == 302
    assert ModuleItem.objects.get(edition=EDITION, code="7.1").title == "获取与登记"
    assert last_entry() == ("edition.changed", f"edition:{EDITION}")


@pytest.fixture
def frozen():
    person = applicant()
    step(filled(person), "submit", person, at=NOW)
    return Rulebook.objects.get(frozen_at__isnull=False)


def test_an_edition_of_a_frozen_rulebook_is_refused_with_the_reason(city, frozen):
    change = page("certification_edition", EDITION)
    data = posted(city, change)  # there is no field left to type into
    answer = city.get(change)
    assert "已用于冻结的规则年度" in text_of(answer)
    assert 'name="_save"' not in answer.content.decode()
    before = Edition.objects.values().get(pk=EDITION)
    refused = city.post(change, {**data, "title": "x", "minimum_chosen_modules": "0"})
    assert refused.status_code == 403
    assert "已用于冻结的规则年度" in text_of(refused)
    assert city.post(page("certification_edition", EDITION, "delete"), {"post": "yes"}).status_code == 403
    assert Edition.objects.values().get(pk=EDITION) == before
    assert Edition.objects.get(pk=EDITION).modules.count() == 18


@pytest.mark.parametrize("kind", ["rulebook", "stagerule"])
def test_frozen_rules_are_refused_with_the_reason(city, frozen, kind):
    key = frozen.pk if kind == "rulebook" else frozen.stage_rules.order_by("id")[0].pk
    change = page(f"certification_{kind}", key)
    assert "规则已冻结" in text_of(city.get(change))
    assert "规则已冻结" in text_of(city.post(change, {"title": "x"}))
    # Those who only look are not told about an edit they cannot make.
    assert "规则已冻结" not in text_of(sign_in(account(Role.AUDITOR)).get(change))


def test_an_edition_in_use_is_not_deleted(city):
    answer = city.post(page("certification_edition", EDITION, "delete"), {"post": "yes"}, follow=True)
    assert Edition.objects.filter(pk=EDITION).exists()
    assert answer.status_code == 200


def test_a_rulebook_with_drafts_is_not_deleted(city):
    filled(applicant())
    book = Rulebook.objects.get(year=2026)
    chosen = {"action": "delete_selected", "_selected_action": [book.pk], "post": "yes"}
    city.post(page("certification_rulebook", deed="changelist"), chosen)
    assert Rulebook.objects.filter(pk=book.pk).exists()


def test_stage_rules_rulebooks_and_copies_change_with_an_entry(city):
    rule = StageRule.objects.get(stage="guanbiao.implementation", rulebook__year=2026)
    change = page("certification_stagerule", rule.pk)
    assert city.post(change, {**posted(city, change), "waits-0-months": "6"}).status_code == 302
    assert last_entry() == ("rulebook.changed", "rulebook:2026:2026-01-01")
    change = page("certification_rulebook", rule.rulebook_id)
    data = {**posted(city, change), "in_force_to": "2025-01-01"}
    answer = city.post(change, data)
    assert answer.status_code == 200
    assert "停用日早于启用日" in text_of(answer)
    assert 'value="2025-01-01"' in answer.content.decode()
    assert city.post(change, {**data, "in_force_to": "2026-12-31"}).status_code == 302
    city.post(page("certification_rulebook", deed="changelist"), copying(rule.rulebook_id))
    assert last_entry() == ("rulebook.changed", "rulebook:2027:2027-01-01")


def copying(key: int) -> dict[str, object]:
    return {"action": "copy_to_next_year", "_selected_action": [key]}


def test_a_division_and_its_units_change_with_an_entry(city):
    change = page("enterprises_division", TOWN)
    data = posted(city, change)
    following = {"unit_periods-1-unit": "jingkai", "unit_periods-1-valid_from": "2026-12-01", "unit_periods-1-id": ""}
    more = {**data, **following, "unit_periods-TOTAL_FORMS": 2, "unit_periods-1-division": TOWN}
    refused = city.post(change, more)
    assert refused.status_code == 200
    assert "期间重叠：前一段须在 2026-12-01 之前截止" in text_of(refused)
    assert DivisionUnit.objects.filter(division=TOWN).count() == 1
    assert city.post(change, {**more, "unit_periods-0-valid_to": "2026-11-30"}).status_code == 302
    assert DivisionUnit.objects.filter(division=TOWN).count() == 2
    assert last_entry() == ("division.changed", f"division:{TOWN}")
    assert not Division.objects.filter(pk="320412999").exists()


def test_the_marks_of_a_plan_change_with_an_entry():
    manager = sign_in(account(Role.PLAN_MANAGER))
    change = page("certification_plan", "13th")
    refused = manager.post(change, {**posted(manager, change), "at_risk_below": "1.50"})
    assert "比例应大于 0、不大于 1" in text_of(refused)
    assert manager.post(change, {**posted(manager, change), "at_risk_below": "0.70", "title": "x"}).status_code == 302
    plan = Plan.objects.get(pk="13th")
    assert (str(plan.at_risk_below), plan.title[:3]) == ("0.70", "常州市")
    assert last_entry() == ("plan.marks_set", "plan:13th")
