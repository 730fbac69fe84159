"""Liveness asks nothing; readiness names what is down."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from certification.models import Heartbeat, TotalsCheckpoint
from ledger.models import LedgerEntry
from registry import health


class AnsweringBroker:
    def ping(self) -> bool:
        return True


class DeadBroker:
    def ping(self) -> bool:
        raise redis.ConnectionError("secret-host:6379 refused")


@pytest.fixture
def all_well(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_broker", AnsweringBroker)
    Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": timezone.now()})
    last = LedgerEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    TotalsCheckpoint.objects.update_or_create(id=1, defaults={"number": last})


def readiness() -> tuple[int, dict[str, Any]]:
    response = Client().get("/health/ready")
    return response.status_code, response.json()


def test_live_needs_no_database() -> None:
    response = Client().get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


def test_ready_when_all_is_well(all_well: None) -> None:
    status, body = readiness()
    assert body["down"] == []
    assert status == 200


def test_dead_broker_is_named_without_its_address(all_well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_broker", DeadBroker)
    status, body = readiness()
    assert (status, body["down"]) == (503, ["broker"])
    assert "secret-host" not in str(body)


@pytest.mark.parametrize(("age", "down"), [(80, []), (95, ["worker"])])
def test_deaf_worker_is_red_after_90_seconds(all_well: None, age: int, down: list[str]) -> None:
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=age))
    assert readiness()[1]["down"] == down


def test_worker_that_never_beat_is_red(all_well: None) -> None:
    Heartbeat.objects.all().delete()
    assert readiness()[1]["down"] == ["worker"]


@pytest.fixture
def one_migration_missing(all_well: None) -> Iterator[None]:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sessions", "0001_initial")
    yield
    recorder.record_applied("sessions", "0001_initial")


def test_missing_migration_is_named(one_migration_missing: None) -> None:
    status, body = readiness()
    assert (status, body["down"]) == (503, ["migrations"])
    assert "sessions.0001_initial" in body["checks"]["migrations"]


@pytest.mark.parametrize(("age", "down"), [(30, []), (300, ["totals"])])
def test_totals_left_behind_are_red(all_well: None, age: int, down: list[str]) -> None:
    folded = TotalsCheckpoint.objects.get().number
    LedgerEntry.objects.create(
        number=folded + 1,
        at=timezone.now() - timedelta(seconds=age),
        actor="account:1",
        role="city_reviewer",
        verb="totals.repaired",
        subject="totals",
        enterprise_prev="",
        payload="{}",
        prev="0" * 64,
        canonical=b"{}",
        hash="1" * 64,
    )
    assert readiness()[1]["down"] == down


def test_only_reading_is_answered() -> None:
    assert Client().post("/health/ready").status_code == 405
