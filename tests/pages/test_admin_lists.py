"""Lists of the administration: whatever an address asks is answered, and only what the page offers narrows them."""

import html
import re
from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from certification.models import CalendarDay
from certification.services.calendar_days import drop_day
from enterprises.models import Account
from enterprises.roles import Role
from ledger.models import LedgerEntry

from ..factories import NOW, account, applicant
from .reading import posted, text_of
from .test_admin import EXPECTED
from .world import sign_in

pytestmark = pytest.mark.django_db
CALENDAR = "/admin/certification/calendarday/"
HUGE = "99999999999"
# Values that cannot be, for the filters of every list and for what Django reads on each.
WRONG = [
    *("p=abc", "p=-1", f"p={HUGE}9999999999", "o=999999999999", "o=-1.x", "all=x", "e=x", "_to_field=x", "_facets=x"),
    *("q=%00", "q=%FF", "q=" + "+".join(["ab"] * 1200), "id__exact=abc", "pk=%00", f"id__in={HUGE}9999999999"),
    *("day__year=9999", "day__year=9999&day__month=12", "day__year=0", "day__year=-1", f"day__year={HUGE}"),
    *(f"day__year=2026&day__month={HUGE}", "day__year=2026&day__month=2&day__day=31", f"day__year__gte={HUGE}"),
    *("day__iso_year=9999", "day__year__lt=-5", "day__gte=%00", f"valid_from__year={HUGE}", f"at__year={HUGE}"),
    *(f"last_login__year={HUGE}", "created_at__iso_year=1", f"in_force_from__year={HUGE}", f"year={HUGE}"),
    *("role__exact=%00", "role__regex=(", "is_active__exact=7", "level__exact=%00", "verb=%00", "state__in=%00"),
    *(f"rulebook__id__exact={HUGE}9999999999", f"rulebook__id__in={HUGE}9999999999", "plan__code__exact=%00"),
]


def address(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def reader(model):
    sees = EXPECTED[model._meta.label_lower][0]
    return sign_in(account(sorted(sees)[0]))


@pytest.fixture
def absurd_days():
    """From before such days were refused."""
    for day in (date(1, 1, 1), date(9999, 12, 31)):
        CalendarDay.objects.create(day=day, is_working=False, name="x")


@pytest.mark.parametrize("label", EXPECTED)
def test_an_address_that_cannot_be_is_never_a_failure(label, absurd_days):
    [model] = [model for model in admin.site._registry if model._meta.label_lower == label]
    client, page = reader(model), address(model)
    for query in ("", *WRONG):
        answer = client.get(f"{page}?{query}")
        assert answer.status_code in (200, 302, 400), query[:60]
        if answer.status_code == 302:
            assert client.get(page, {"e": 1}).status_code == 200


@pytest.mark.parametrize("year", ["9999", HUGE, "0", "9999&day__month=12"])
def test_a_year_that_cannot_be_leads_back_to_the_list(year, absurd_days):
    answer = sign_in(account(Role.CITY_REVIEWER)).get(f"{CALENDAR}?day__year={year}")
    assert (answer.status_code, answer.url) == (302, f"{CALENDAR}?e=1")


@pytest.mark.parametrize("label", EXPECTED)
def test_every_filter_that_a_list_offers_is_answered(label, absurd_days):
    applicant()
    [model] = [model for model in admin.site._registry if model._meta.label_lower == label]
    client, page = reader(model), address(model)
    offered = set(re.findall(r'href="(\?[^"]+)"', client.get(page).content.decode()))
    for query in offered - {"?day__year=9999"}:
        assert client.get(page + html.unescape(query)).status_code == 200, query
    filtered = [query for query in offered if "__" in query]
    assert bool(filtered) == bool(admin.site._registry[model].list_filter), offered


@pytest.mark.parametrize("key", ["abc", "%00", f"{HUGE}9999999999", "9999-99-99"])
def test_rows_that_cannot_be_are_not_acted_on(key):
    ticks = f"index=0&_selected_action={key}&action="
    pages = {"enterprises/account/": "shut", "enterprises/declaredinterest/": "end"}
    for page, action in pages.items():
        client = sign_in(account(Role.SECURITY_ADMIN))
        answer = client.post(f"/admin/{page}", ticks + action, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400 or (answer.status_code == 302 and key.startswith(HUGE)), page


def test_a_version_is_begun_from_an_indicator_that_there_is():
    client = sign_in(account(Role.PLAN_MANAGER))
    for key in ("", "abc", f"{HUGE}9999999999", "0"):
        assert client.get("/admin/certification/indicatorversion/add/", {"indicator": key}).status_code == 200


def test_a_calendar_is_narrowed_to_a_month():
    client = sign_in(account(Role.CITY_REVIEWER))
    assert "2026年10月10日 调休上班" in text_of(client.get(CALENDAR, {"day__year": 2026, "day__month": 10}))
    assert "2026年10月10日 调休上班" not in text_of(client.get(CALENDAR, {"day__year": 2026, "day__month": 5}))


def test_nothing_hidden_is_felt_out_through_a_filter():
    """A list that could be narrowed by any column would tell a password's digest letter by letter."""
    person = account(Role.MONITOR)
    client = sign_in(account(Role.SECURITY_ADMIN))
    for query in ({"password__startswith": person.password[:5]}, {"login_epoch": 0}, {"enterprise__contact_phone": 1}):
        assert client.get("/admin/enterprises/account/", query).status_code == 400
    assert client.get("/admin/enterprises/account/", {"role__exact": "monitor"}).status_code == 200


def test_a_search_is_not_endless():
    answer = sign_in(account(Role.SYSTEM_ADMIN)).get("/admin/enterprises/account/", {"q": "a " * 60})
    assert (answer.status_code, "100" in text_of(answer)) == (200, True)


@pytest.mark.parametrize("day", ["0001-01-01", "1984-12-31", "2032-01-01", "9999-12-31"])
def test_a_day_far_off_is_refused_where_it_is_typed(day):
    client = sign_in(account(Role.CITY_REVIEWER))
    before = LedgerEntry.objects.count()
    form = {**posted(client, f"{CALENDAR}add/"), "day": day, "name": "假日"}
    answer = client.post(f"{CALENDAR}add/", form)
    assert answer.status_code == 200
    assert "日期应在 1985 年至 2031 年之间，请检查年份" in text_of(answer)
    assert not CalendarDay.objects.filter(name="假日").exists()
    assert LedgerEntry.objects.count() == before


def test_a_day_within_the_years_is_kept_and_an_absurd_one_can_be_dropped(absurd_days):
    client = sign_in(account(Role.CITY_REVIEWER))
    form = {**posted(client, f"{CALENDAR}add/"), "day": "2031-12-31", "name": "假日"}
    assert client.post(f"{CALENDAR}add/", form).status_code == 302
    city = Account.objects.get(role=Role.CITY_REVIEWER)
    drop_day(CalendarDay.objects.get(day=date(9999, 12, 31)), actor=city, at=NOW)
    assert not CalendarDay.objects.filter(day__gt=date(2031, 12, 31)).exists()
