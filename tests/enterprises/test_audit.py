"""Places, requests for roles and ties altered with SQL are named by what the ledger says of them."""

from datetime import date, timedelta

import pytest

from certification.audit import fact_faults
from enterprises.models import DeclaredInterest, Enterprise, EnterpriseLocation, RoleGrant
from enterprises.roles import Role
from enterprises.services.accounts import deactivate
from enterprises.services.amendments import amend, relocate
from enterprises.services.completion import complete_place
from enterprises.services.grants import (
    NewAccount,
    confirm_grant,
    open_account,
    refuse_grant,
    request_return,
    request_role,
)
from enterprises.services.interests import declare_interest, end_interest
from ledger.canonical import commitment
from ledger.models import LedgerEntry
from ledger.record import Fact, record
from ledger.verbs import Verb
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)


def numbers():
    return [fault.number for fault in fact_faults(limit=20)]


def last(verb):
    return LedgerEntry.objects.filter(verb=verb).latest("number").number


# --- places ---------------------------------------------------------------------------------------------


@pytest.fixture
def moved():
    """An enterprise that moved once."""
    words = {"actor": make.account("city_reviewer"), "at": make.NOW}
    return relocate(make.enterprise(), make.OTHER_TOWN, since=date(2024, 1, 1), **words)


@pytest.mark.parametrize(
    ("index", "altered"),
    [
        (0, {"valid_from": date(2009, 12, 31)}),
        (0, {"valid_to": date(2023, 12, 30)}),
        (0, {"valid_to": date(2030, 12, 31)}),
        (1, {"valid_from": date(2024, 1, 2)}),
        (1, {"valid_to": date(2025, 12, 31)}),
        (1, {"township_id": make.TOWN}),
    ],
)
def test_days_and_places_are_held(moved, index, altered):
    assert numbers() == []
    place = EnterpriseLocation.objects.filter(enterprise=moved).order_by("valid_from")[index]
    EnterpriseLocation.objects.filter(pk=place.pk).update(**altered)
    assert numbers() == [last("enterprise.relocated")]


@pytest.mark.parametrize("established_on", [None, date(2010, 1, 1)])
@pytest.mark.parametrize("corrected", [None, date(2005, 1, 1), date(2015, 1, 1)])
def test_the_first_day_stays_when_the_establishment_is_corrected(established_on, corrected):
    row = make.enterprise(established_on=established_on)
    city = make.account("city_reviewer")
    for day in (corrected, date(2012, 1, 1)):
        row = amend(row, {"established_on": day}, actor=city, at=make.NOW)
    assert numbers() == []
    EnterpriseLocation.objects.filter(enterprise=row).update(valid_from=date(2012, 1, 1))
    assert numbers() == [last("enterprise.registered")]


def test_a_completed_place_begins_where_it_did():
    row = make.enterprise(township="320412")
    complete_place(row, make.TOWN, actor=make.account("city_reviewer"), at=make.NOW)
    assert numbers() == []
    Enterprise.objects.filter(pk=row.pk).update(established_on=date(2001, 1, 1))
    EnterpriseLocation.objects.filter(enterprise=row).update(valid_from=date(2001, 1, 1))
    assert numbers() == [last("enterprise.place_completed")]


# --- requests for roles ---------------------------------------------------------------------------------


@pytest.fixture
def officers():
    return make.account(Role.SYSTEM_ADMIN), make.account(Role.SECURITY_ADMIN)


@pytest.fixture
def waiting(officers):
    asked = NewAccount("newcomer", Role.DISTRICT_REVIEWER, "wujin", make.PASSWORD)
    return open_account(asked, reason="岗位调整", actor=officers[0], at=make.NOW)


def altered_grant(row, **altered):
    RoleGrant.objects.filter(pk=row.pk).update(**altered)
    return numbers()


@pytest.mark.parametrize(
    "altered",
    [
        {"role": "city_reviewer"},
        {"scope_kind": "city"},
        {"scope": "liyang"},
        {"reason": "别的"},
        {"salt": ""},
        {"kind": "role"},
        {"requested_at": LATER},
        {"ledger_number": 1},
        {"ledger_number": None},
        {"refused_for": "别的"},
        {"password": ""},
    ],
)
def test_an_altered_request_is_named(waiting, altered):
    assert numbers() == []
    if "kind" in altered:
        altered = {**altered, "account": make.account(Role.MONITOR)}
    assert altered_grant(waiting, **altered) == [last("account.grant_requested")]


def test_another_asker_is_named(waiting):
    assert altered_grant(waiting, requested_by=make.account(Role.SYSTEM_ADMIN)) == [last("account.grant_requested")]


def test_a_request_confirmed_or_refused_behind_the_ledger_is_named(waiting, officers):
    decided = {"decided_by": officers[1], "decided_at": LATER, "password": ""}
    number = last("account.grant_requested")
    assert altered_grant(waiting, state="refused", **decided) == [number]
    other = make.account(Role.DISTRICT_REVIEWER, unit="wujin")
    assert altered_grant(waiting, state="confirmed", account=other, **decided) == [number]


def test_deleted_and_added_requests_are_named(waiting, officers):
    number = last("account.grant_requested")
    RoleGrant.objects.update(id=waiting.pk + 1)
    assert numbers() == [0, number]
    RoleGrant.objects.all().delete()
    assert numbers() == [number]


@pytest.mark.parametrize(
    "altered",
    [
        {"state": "waiting", "decided_by": None, "decided_at": None},
        {"decided_at": make.NOW},
        {"refused_for": "别的"},
        {"password": "x"},
    ],
)
@pytest.mark.parametrize("confirmed", [True, False])
def test_a_decision_is_held(waiting, officers, altered, confirmed):
    if confirmed:
        confirm_grant(waiting, actor=officers[1], at=LATER)
    else:
        refuse_grant(waiting, reason="不需要", actor=officers[1], at=LATER)
    assert numbers() == []
    assert altered_grant(waiting, **altered) == [LedgerEntry.objects.latest("number").number]


def test_another_officer_and_another_account_are_named(waiting, officers):
    made = confirm_grant(waiting, actor=officers[1], at=LATER)
    number = last("account.granted")
    assert altered_grant(waiting, decided_by=make.account(Role.SECURITY_ADMIN)) == [number]
    other = make.account(Role.DISTRICT_REVIEWER, unit="wujin")
    assert altered_grant(waiting, decided_by=officers[1], account=other, username=other.username) == [number]
    assert altered_grant(waiting, account=made, username=made.username) == []


def test_another_role_and_a_return_agree_and_are_held(officers):
    asker, confirmer = officers
    person = make.account(Role.MONITOR)
    words = {"reason": "岗位调整", "actor": asker, "at": make.NOW}
    first = request_role(person, role=Role.AUDITOR, scope="", **words)
    confirm_grant(first, actor=confirmer, at=LATER)
    person.refresh_from_db()
    deactivate(person, actor=asker, at=LATER)
    second = request_return(person, **words)
    assert numbers() == []
    assert altered_grant(second, username="anderer") == [last("account.grant_requested")]
    assert altered_grant(second, username=person.username) == []
    confirm_grant(second, actor=confirmer, at=LATER)
    assert numbers() == []
    assert altered_grant(first, account=make.account(Role.AUDITOR)) != []


# --- ties -----------------------------------------------------------------------------------------------


@pytest.fixture
def tie():
    words = {"actor": make.account("city_reviewer"), "at": make.NOW}
    return declare_interest(make.account(Role.MONITOR), make.enterprise(), reason=" 配偶任职 ", **words)


@pytest.mark.parametrize("altered", [{"reason": "别的"}, {"salt": ""}, {"declared_at": LATER}, {"ended_at": LATER}])
def test_an_altered_tie_is_named(tie, altered):
    assert numbers() == []
    DeclaredInterest.objects.filter(pk=tie.pk).update(**altered)
    assert numbers() == [last("interest.declared")]


def test_deleted_exchanged_and_added_ties_are_named(tie):
    number = last("interest.declared")
    DeclaredInterest.objects.filter(pk=tie.pk).update(account=make.account(Role.MONITOR))
    assert numbers() == [0, number]
    tie.delete()
    assert numbers() == [number]


def test_an_ended_tie_stays_ended_and_may_be_declared_again(tie):
    officer = make.account(Role.SECURITY_ADMIN)
    end_interest(tie, actor=officer, at=LATER)
    words = {"actor": make.account("city_reviewer"), "at": LATER + timedelta(hours=1)}
    again = declare_interest(tie.account, tie.enterprise, reason="又任职", **words)
    assert numbers() == []
    DeclaredInterest.objects.filter(pk=again.pk).update(ended_at=words["at"])
    assert numbers() == [last("interest.declared")]
    again.delete()
    DeclaredInterest.objects.filter(pk=tie.pk).update(ended_at=None)
    assert len(numbers()) == 2


def test_a_tie_from_before_its_salt_was_kept_is_held_without_its_reason(tie):
    person, enterprise = make.account(Role.MONITOR), tie.enterprise
    row = DeclaredInterest.objects.create(account=person, enterprise=enterprise, reason="旧", declared_at=make.NOW)
    payload = {"enterprise": enterprise.uscc, "said": commitment("旧")[1]}
    fact = Fact(Verb.INTEREST_DECLARED, person.code, payload, enterprise=enterprise.uscc)
    record(fact, actor=make.account("city_reviewer").as_actor(), at=make.NOW)
    assert numbers() == []
    end_interest(row, actor=make.account(Role.SECURITY_ADMIN), at=LATER)
    assert numbers() == []
    DeclaredInterest.objects.filter(pk=row.pk).update(ended_at=None)
    assert numbers() == [last("interest.declared")]
