"""Two officers at once, or an officer and an applicant: the entries still say what the facts say."""

from datetime import date

import pytest

from certification.audit import fact_faults
from certification.errors import Refused
from certification.models import CalendarDay, Edition, ModuleItem, Rulebook
from certification.services.calendar_days import keep_day
from certification.services.editions import keep_edition
from enterprises.roles import Role
from enterprises.services.rows import Rows
from tests import factories as make

from .test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_days_of_a_year_entered_at_once_are_both_on_record():
    city = make.account(Role.CITY_REVIEWER)

    def entering(day: int):
        row = CalendarDay(day=date(2027, 1, day), is_working=False, name="元旦")
        return lambda: keep_day(row, actor=city, at=make.NOW)

    outcomes = at_once(*(entering(day) for day in (1, 2, 3, 4)))
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert CalendarDay.objects.filter(day__year=2027, day__lt=date(2027, 1, 5), name="元旦").count() == 4
    assert list(fact_faults(limit=5)) == []


@pytest.mark.parametrize("attempt", range(3))
def test_a_menu_changed_while_the_rulebook_freezes_is_in_its_digest_or_refused(attempt):
    city, person = make.account(Role.CITY_REVIEWER), make.applicant()
    row = make.filled(person)
    module = ModuleItem.objects.get(edition="GB/T 29490-2023", code="7.1")
    module.title = f"改名{attempt}"

    def change():
        return keep_edition(Edition.objects.get(pk=module.edition_id), modules=Rows([module]), actor=city, at=make.NOW)

    outcomes = at_once(change, lambda: make.step(row, "submit", person))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(outcome, Refused) for outcome in refused)
    assert Rulebook.objects.filter(frozen_at__isnull=False).count() == 1
    assert ModuleItem.objects.filter(pk=module.pk, title=module.title).exists() is not bool(refused)
    assert list(fact_faults(limit=5)) == []
