"""Whether the system is alive and whether it is ready; what is down is named.

`live` asks nothing but the process itself. `ready` is red when the database, the broker, the worker (which
beats through broker, scheduler and database), a migration or the totals are not as they must be.
"""

from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from certification.models import Heartbeat, TotalsCheckpoint
from ledger.models import LedgerEntry

BROKER_TIMEOUT_SECONDS = 1.0


class NotReady(Exception):
    """What is wrong with one part, in a few words for the operator."""


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    checks = {name: _result(check) for name, check in CHECKS.items()}
    down = [name for name, result in checks.items() if result != "ok"]
    body = {"status": "unavailable" if down else "ok", "down": down, "checks": checks}
    return JsonResponse(body, status=503 if down else 200)


def _result(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except Exception as error:
        # The kind of failure only: messages of drivers may name hosts and accounts.
        return f"failed: {type(error).__name__}"
    return "ok"


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_broker() -> None:
    _broker().ping()


@cache
def _broker() -> redis.Redis:
    return redis.Redis.from_url(
        settings.BROKER_PING_URL,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def check_worker() -> None:
    latest = Heartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    if latest is None:
        raise NotReady("no heartbeat yet")
    age = (timezone.now() - latest).total_seconds()
    if age > settings.HEARTBEAT_STALE_SECONDS:
        raise NotReady(f"last heartbeat {age:.0f} s ago")


def check_migrations() -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise NotReady(f"{len(waiting)} not applied, first {waiting[0][0]}")


def check_totals() -> None:
    """The oldest ledger entry that the totals do not contain yet is not old."""
    folded = TotalsCheckpoint.objects.values_list("number", flat=True).first() or 0
    oldest = LedgerEntry.objects.filter(number__gt=folded).order_by("number").values_list("at", flat=True).first()
    if oldest is None:
        return
    age = (timezone.now() - oldest).total_seconds()
    if age > settings.TOTALS_LAG_SECONDS:
        raise NotReady(f"ledger entry {folded + 1} not folded for {age:.0f} s")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "broker": check_broker,
    "worker": check_worker,
    "migrations": check_migrations,
    "totals": check_totals,
}
