"""What the audit trail holds and lets go of: codes only, unchangeable, and deletable once it is old enough."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from enterprises.models import AuditEvent, EventKind
from enterprises.roles import Role
from enterprises.services.trail import NotACode, note, prune
from tests import factories as make

pytestmark = pytest.mark.django_db
DETAIL = {"list": "enterprises", "format": "xlsx", "rows": 120, "filters": ["stage", "unit"]}


def event(*, days: int = 0, detail: dict[str, Any] | None = None) -> None:
    at = timezone.now() - timedelta(days=days)
    note(EventKind.EXPORTED, request=None, account=make.account(Role.MONITOR), at=at, detail=detail)


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_event_says_in_codes_what_it_was_about() -> None:
    event(detail=DETAIL)
    assert AuditEvent.objects.get(kind=EventKind.EXPORTED).detail == DETAIL


@pytest.mark.parametrize(
    "value", ["常州某公司", "two words", "a@example.cn", 1.5, {"deep": 1}, ["a b"], list(range(61))]
)
def test_what_is_no_code_is_not_kept(value: Any) -> None:
    with pytest.raises(NotACode):
        event(detail={"what": value})
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("days", [0, 30, 183])
def test_a_young_event_cannot_be_deleted(days: int) -> None:
    event(days=days)
    with pytest.raises(DatabaseError, match="append-only"):
        execute("DELETE FROM enterprises_auditevent")
    assert AuditEvent.objects.count() == 1


def test_an_old_event_can_go_but_never_change() -> None:
    event(days=185)
    with pytest.raises(DatabaseError, match="append-only"):
        execute("UPDATE enterprises_auditevent SET kind = 'logout'")
    execute("DELETE FROM enterprises_auditevent")
    assert not AuditEvent.objects.exists()


def test_what_is_over_goes_and_that_it_went_is_on_the_trail(settings: Any) -> None:
    settings.AUDIT_TRAIL_DAYS = 400
    event(days=399)
    event(days=401)
    assert prune(at=timezone.now()) == 1
    assert prune(at=timezone.now()) == 0
    said = AuditEvent.objects.get(kind=EventKind.TRAIL_PRUNED)
    assert said.detail["rows"] == 1
    assert AuditEvent.objects.count() == 2


def test_no_setting_lets_go_of_what_must_be_kept(settings: Any) -> None:
    settings.AUDIT_TRAIL_DAYS = 1
    event(days=100)
    event(days=186)
    assert prune(at=timezone.now()) == 1
    assert AuditEvent.objects.filter(kind=EventKind.EXPORTED).count() == 1
