"""Two officers at once: a request is decided once and filed once."""

import pytest

from certification.audit import fact_faults
from enterprises.errors import Duplicate, NotPossible
from enterprises.models import Account, RoleGrant
from enterprises.roles import Role
from enterprises.services.grants import confirm_grant, refuse_grant, request_role
from ledger.models import LedgerEntry
from tests import factories as make
from tests.certification.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def asked(person: Account, actor: Account) -> RoleGrant:
    return request_role(person, role=Role.CITY_REVIEWER, scope="", reason="调岗", actor=actor, at=make.NOW)


@pytest.mark.parametrize("attempt", range(3))
def test_confirmed_and_refused_at_once_is_one_of_both(attempt):
    person, sysadmin = make.account(Role.MONITOR), make.account(Role.SYSTEM_ADMIN)
    first, second = make.account(Role.SECURITY_ADMIN), make.account(Role.SECURITY_ADMIN)
    grant = asked(person, sysadmin)
    outcomes = at_once(
        lambda: confirm_grant(grant, actor=first, at=make.NOW),
        lambda: refuse_grant(grant, reason="无任命文件", actor=second, at=make.NOW),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes if isinstance(outcome, Exception)) == [
        NotPossible.__name__
    ]
    grant.refresh_from_db()
    person.refresh_from_db()
    assert person.role == (Role.CITY_REVIEWER if grant.state == "confirmed" else Role.MONITOR)
    verbs = LedgerEntry.objects.filter(supersedes=grant.ledger_number).values_list("verb", flat=True)
    assert list(verbs) == ["account.granted" if grant.state == "confirmed" else "account.grant_refused"]
    assert list(fact_faults(limit=3)) == []


def test_the_same_request_filed_twice_at_once_is_one():
    person = make.account(Role.MONITOR)
    first, second = make.account(Role.SYSTEM_ADMIN), make.account(Role.SYSTEM_ADMIN)
    outcomes = at_once(lambda: asked(person, first), lambda: asked(person, second))
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [Duplicate]
    assert RoleGrant.objects.count() == 1
    assert LedgerEntry.objects.filter(verb="account.grant_requested").count() == 1
