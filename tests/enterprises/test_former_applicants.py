"""Whoever stood for an enterprise takes no part in its decisions, whatever role two officers grant afterwards."""

import json
from typing import Any

import pytest

from certification.audit import fact_faults
from certification.errors import NotAllowed
from certification.models import Application, Decision
from certification.services.door import allowed_moves, bars
from enterprises.models import Account, DeclaredInterest
from enterprises.roles import Role
from enterprises.services.grants import confirm_grant, request_role
from enterprises.services.interests import declare_interest, end_interest
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiye() -> Account:
    return make.applicant()


@pytest.fixture
def grant(sysadmin, secadmin):
    def granted(person: Account, role: str, scope: str) -> Account:
        asked = request_role(person, role=role, scope=scope, reason="调任", actor=sysadmin, at=make.NOW)
        return confirm_grant(asked, actor=secadmin, at=make.NOW)

    return granted


def entries(person: Account) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(subject=person.code).order_by("number"))


def refused(call: Any) -> set[str]:
    with pytest.raises(NotAllowed) as error:
        call()
    return {refusal.code for refusal in error.value.refusals}


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.TOWNSHIP_REVIEWER, make.TOWN), (Role.DISTRICT_REVIEWER, "wujin"), (Role.CITY_REVIEWER, "")],
)
def test_the_grant_of_another_role_declares_the_tie(qiye, secadmin, grant, role, scope):
    enterprise = qiye.enterprise
    person = grant(qiye, role, scope)
    tie = DeclaredInterest.objects.get(account=person)
    assert (tie.enterprise, tie.ended_at, tie.declared_at) == (enterprise, None, make.NOW)
    granted, declared = entries(person)[-2:]
    assert (granted.verb, declared.verb) == ("account.granted", "interest.declared")
    assert (declared.actor, declared.enterprise) == (secadmin.code, enterprise.uscc)
    assert json.loads(declared.payload)["enterprise"] == enterprise.uscc
    assert list(fact_faults(limit=5)) == []


def test_who_applied_and_became_a_reviewer_decides_nothing_of_the_enterprise(qiye, grant):
    row = make.step(make.filled(qiye), "submit", qiye)
    person = grant(qiye, Role.TOWNSHIP_REVIEWER, make.TOWN)
    assert refused(lambda: make.step(row, "accept", person)) == {"own_interest"}
    assert allowed_moves(row, person) == []
    assert [refusal.code for refusal in bars(row, person)] == ["own_interest"]
    colleague = make.account(Role.APPLICANT, enterprise=row.enterprise)
    make.step(row, "withdraw", colleague)
    later = make.step(make.filled(colleague), "submit", colleague)
    assert refused(lambda: make.step(later, "accept", person)) == {"own_interest"}


def test_another_enterprise_ties_to_the_first_and_a_tie_is_declared_once(qiye, secadmin, grant):
    first, second = qiye.enterprise, make.enterprise()
    declare_interest(qiye, first, reason="股东", actor=secadmin, at=make.NOW)
    person = grant(qiye, Role.APPLICANT, second.uscc)
    assert DeclaredInterest.objects.get(account=person).reason == "股东"
    grant(person, Role.MONITOR, "")
    ties = DeclaredInterest.objects.filter(account=person, ended_at=None)
    assert {tie.enterprise for tie in ties} == {first, second}


def test_a_role_without_an_enterprise_before_it_ties_to_nothing(grant):
    grant(make.account(Role.APPLICANT), Role.MONITOR, "")
    grant(make.account(Role.MONITOR), Role.CITY_REVIEWER, "")
    assert not DeclaredInterest.objects.exists()


@pytest.mark.parametrize("part", ["opened", "submitted"])
def test_nobody_reviews_an_application_that_they_opened_or_submitted(qiye, secadmin, grant, part):
    """Even where no tie stands: ended since, or from before grants declared it."""
    colleague = make.account(Role.APPLICANT, enterprise=qiye.enterprise)
    opener, submitter = (qiye, colleague) if part == "opened" else (colleague, qiye)
    row = make.step(make.filled(opener), "submit", submitter)
    assert Application.objects.get(created_by=opener) == Decision.objects.get(actor=submitter).application == row
    person = grant(qiye, Role.TOWNSHIP_REVIEWER, make.TOWN)
    end_interest(DeclaredInterest.objects.get(account=person), actor=secadmin, at=make.NOW)
    assert refused(lambda: make.step(row, "accept", person)) == {"applied_before"}
    assert allowed_moves(row, person) == []


def test_another_application_of_the_enterprise_is_reviewed_once_the_tie_was_ended(qiye, secadmin, grant):
    colleague = make.account(Role.APPLICANT, enterprise=qiye.enterprise)
    person = grant(qiye, Role.TOWNSHIP_REVIEWER, make.TOWN)
    end_interest(DeclaredInterest.objects.get(account=person), actor=secadmin, at=make.NOW)
    row = make.step(make.filled(colleague), "submit", colleague)
    assert make.step(row, "accept", person).status == "accepted"
