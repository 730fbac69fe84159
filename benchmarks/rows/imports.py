"""The import of a file with all checks, ledger and totals beside bulk_create of the rows alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from certification.imports.achievements import AchievementImport
from certification.models import Achievement
from enterprises.imports.outcome import Outcome
from enterprises.imports.register import EnterpriseImport
from enterprises.imports.run import Importer, sound_rows
from enterprises.imports.spreadsheets import Limits
from enterprises.imports.tables import open_table
from enterprises.models import Enterprise
from enterprises.places import find_division, unit_of_division

from . import world
from .measure import ROUNDS, Result, by_turns, each
from .tables import peak_mb, table

FIRST = 500_000_000
FIRST_ENTERPRISE = 600_000_000
MANY = 100_000
PROMISED_MB = 200


def achievements(size: int) -> Result:
    """`manage.py import achievements` of a CSV file; limit: bulk_create of the same rows."""
    count, rounds = _extent(size)
    heads = -(-count // len(world.STAGES))
    world.build(heads * (2 * rounds + 1), start=FIRST, facts=False)
    files = [table("achievements", FIRST + number * heads, count) for number in range(2 * rounds + 1)]
    ids = dict(Enterprise.objects.values_list("uscc", "id"))
    bare = [_achievement_values(path, ids) for path in files[rounds : 2 * rounds]]
    product, limit = by_turns(
        each(_import("achievements"), files[:rounds]), each(_bulk_create(Achievement), bare), rounds=rounds, warm=False
    )
    return Result(
        "import of achievements",
        product,
        limit,
        1 / 1.5,
        f">= 1.5 x faster than bulk_create; <= {PROMISED_MB} MB",
        f"import of {count} rows: checks, ledger, totals",
        "bulk_create of the rows alone",
        {"rows_per_second": count / product, "peak_mb": peak_mb("achievements", files[-1])},
    )


def enterprises(size: int) -> Result:
    """`manage.py import enterprises` of a CSV file; limit: bulk_create of the enterprises alone.

    An enterprise is more than its row: its name and place with their days, its high-tech period, what it is
    found by and its ledger entries are no part of the limit, so there is no goal for the ratio.
    """
    count, rounds = _extent(size)
    files = [table("enterprises", FIRST_ENTERPRISE + number * count, count) for number in range(2 * rounds + 1)]
    bare = [_enterprise_values(path) for path in files[rounds : 2 * rounds]]
    product, limit = by_turns(
        each(_import("enterprises"), files[:rounds]), each(_bulk_create(Enterprise), bare), rounds=rounds, warm=False
    )
    return Result(
        "import of enterprises",
        product,
        limit,
        None,
        f"no ratio; <= {PROMISED_MB} MB",
        f"import of {count} rows: checks, names, places, search, ledger",
        "bulk_create of the rows alone",
        {"rows_per_second": count / product, "peak_mb": peak_mb("enterprises", files[-1])},
    )


def _extent(size: int) -> tuple[int, int]:
    """Rows of a file, and how often it is measured."""
    return min(MANY, max(size, 5_000)), ROUNDS if size < MANY else 3


class _Silent:
    """Where the command's words go."""

    def write(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass


def _import(kind: str) -> Callable[[Path], None]:
    return lambda path: call_command("import", kind, str(path), stdout=_Silent())


def _bulk_create(model: Any) -> Callable[[list[dict[str, object]]], None]:
    """The rows as model instances, without any check, ledger entry or total."""
    return lambda rows: model.objects.bulk_create([model(**row) for row in rows], batch_size=2000)


def _rows(importer: Importer, path: Path) -> list[Any]:
    return sound_rows(importer, open_table(path, limits=Limits()), Outcome())


def _achievement_values(path: Path, ids: dict[str, int]) -> list[dict[str, object]]:
    """The columns of a file's rows, ready for model instances."""
    now = timezone.now()
    return [
        {
            "enterprise_id": ids[row.uscc],
            "stage": row.stage,
            "effective_on": row.effective_on,
            "ended_on": row.ended_on,
            "ended_reason": row.ended_reason,
            "ended_recorded_at": now if row.ended_on else None,
            "reporting_unit_id": "wujin",
            "township_id": "320412100",
            "certificate_number": row.certificate,
            "recorded_at": now,
            "ledger_number": 10**12 + ids[row.uscc] * 10 + world.STAGES.index(row.stage),
        }
        for row in _rows(AchievementImport(), path)
    ]


def _enterprise_values(path: Path) -> list[dict[str, object]]:
    now = timezone.now()
    today = timezone.localdate(now)
    units = {code: unit_of_division(find_division(code, on=today), on=today).pk for code in world.towns()}
    return [
        {
            "uscc": row.uscc,
            "name": row.name,
            "township_id": row.township,
            "reporting_unit_id": units[row.township],
            "industry": row.industry,
            "established_on": row.established_on,
            "has_rd_institution": bool(row.rd),
            "registered_at": now,
        }
        for row in _rows(EnterpriseImport(), path)
    ]


# Enterprises come last: the limit's have no places, with which no import could go on.
ROWS = (achievements, enterprises)
