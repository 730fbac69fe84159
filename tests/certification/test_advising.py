"""Organisations and whom they advise: who may say so, what is refused, what the ledger has of it."""

from datetime import date

import pytest
from django.db import connection

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Organisation
from certification.queries import timeline
from certification.services.advising import advisers_of, begin_advising, end_advising
from certification.services.organisations import drop_organisation, keep_organisation
from enterprises.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"is_adviser": False}, "organisation_kind"),
        ({"is_body": True}, "approval_missing"),
        ({"approved_from": date(2020, 2, 1), "approved_to": date(2020, 1, 31)}, "approval_turned"),
        ({"number_pattern": "(a+)+$"}, "pattern_form"),
        ({"number_pattern": "编号####"}, "pattern_form"),
    ],
)
def test_an_organisation_that_says_nothing_sound_is_refused(said, code):
    with pytest.raises(Refused) as refused:
        make.organisation(**said)
    assert codes(refused) == {code}
    assert not Organisation.objects.exists()


def test_only_the_city_keeps_organisations_and_one_in_use_stays():
    row = make.organisation()
    for role in set(Role) - {Role.CITY_REVIEWER}:
        with pytest.raises(NotAllowed):
            keep_organisation(row, actor=make.account(role), at=make.NOW)
    make.advising(make.enterprise(), row)
    with pytest.raises(NotPossible) as refused:
        drop_organisation(row, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    assert "已有证书或辅导关系引用" in str(refused.value)
    drop_organisation(make.organisation(), actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    assert list(fact_faults(limit=3)) == []


def test_advisers_are_those_of_the_day():
    there, row = make.enterprise(), make.organisation()
    make.advising(there, row, since=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    make.advising(make.enterprise(), make.organisation())
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [list(advisers_of(there, day)) for day in days] == [[], [row], [row], []]


def test_advising_ends_once_with_a_reason_and_stands_in_the_timeline():
    there = make.enterprise()
    row, town = make.advising(there), make.reviewers()["township"]
    with pytest.raises(Refused) as refused:
        end_advising(row, last_day=date(2019, 1, 1), reason=" ", actor=town, at=make.NOW)
    assert codes(refused) == {"reason_missing", "end_day"}
    end_advising(row, last_day=date(2026, 10, 1), reason="合同期满", actor=town, at=make.NOW)
    with pytest.raises(NotPossible):
        end_advising(row, last_day=date(2026, 11, 1), reason="再次", actor=town, at=make.NOW)
    said = [(event.on, event.title) for event in timeline(there) if event.kind == "advising"]
    assert said == [(date(2026, 10, 1), "机构辅导结束"), (date(2020, 1, 1), "接受机构辅导")]
    assert list(fact_faults(limit=3)) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"valid_from": date(2026, 11, 21)}, "advising_day"),
        ({"valid_from": date(1899, 1, 1), "valid_to": date(1899, 2, 1)}, "advising_day"),
        ({"valid_from": date(2021, 1, 1), "valid_to": date(2020, 1, 1)}, "period_turned"),
        ({"valid_from": date(2019, 1, 1)}, "advising_overlaps"),
        ({"valid_from": date(2019, 1, 1), "organisation": None}, "adviser_unknown"),
    ],
)
def test_advising_that_cannot_be_is_refused(asked, code):
    there, row = make.enterprise(), make.organisation()
    make.advising(there, row, since=date(2019, 6, 1), valid_to=date(2019, 12, 31))
    with pytest.raises(Refused) as refused:
        begin_advising(there, asked.pop("organisation", row), **asked, actor=make.reviewers()["city"], at=make.NOW)
    assert codes(refused) == {code}


def test_who_does_not_state_official_facts_does_not_name_advisers():
    there, row = make.enterprise(), make.organisation()
    for who in (make.applicant(there), make.account(Role.TOWNSHIP_REVIEWER, township=make.FAR_TOWN)):
        with pytest.raises(NotAllowed):
            begin_advising(there, row, valid_from=TODAY, actor=who, at=make.NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE certification_advising SET valid_to = '2020-06-01'",
        "UPDATE certification_advising SET organisation_id = '{other}'",
        "UPDATE certification_advising SET ended_reason = 'x', ended_salt = 'ab'",
        "DELETE FROM certification_advising",
    ],
)
def test_advising_changed_behind_the_ledger_is_named(change):
    row, other = make.advising(make.enterprise()), make.organisation()
    with connection.cursor() as cursor:
        cursor.execute(change.format(other=other.pk))
    assert [fault.number for fault in fact_faults(limit=5)] == [row.ledger_number]


def test_an_organisation_changed_behind_the_ledger_is_named():
    make.organisation()
    Organisation.objects.update(number_pattern="####")
    assert len(list(fact_faults(limit=5))) == 1
