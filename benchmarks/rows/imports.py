"""The import of a file with all checks, ledger and totals beside bulk_create of the rows alone."""

import csv
import random
import resource
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from certification.imports.achievements import COLUMNS, AchievementImport
from certification.imports.rows import AchievementRow
from certification.models import Achievement
from enterprises.imports.outcome import Outcome
from enterprises.imports.run import sound_rows
from enterprises.imports.spreadsheets import Limits
from enterprises.imports.tables import open_table
from enterprises.models import Enterprise

from . import world
from .measure import ROUNDS, Result, by_turns, each, seconds

FIRST = 500_000_000
MANY = 100_000


def achievements(size: int) -> Result:
    """`manage.py import achievements` of a CSV file; limit: bulk_create of the same rows."""
    rows, rounds = min(MANY, max(size, 5_000)), ROUNDS if size < MANY else 3
    heads = -(-rows // len(world.STAGES))
    world.build(heads * (2 * rounds + 2), start=FIRST, facts=False)
    files = [_file(FIRST + number * heads, heads) for number in range(2 * rounds + 2)]
    ids = dict(Enterprise.objects.values_list("uscc", "id"))
    bare = [_prepared(path, ids) for path in files[rounds : 2 * rounds]]
    product, limit = by_turns(
        each(lambda path: call_command("import", "achievements", str(path), stdout=_Silent()), files[:rounds]),
        each(_bulk_create, bare),
        rounds=rounds,
        warm=False,
    )
    count = heads * len(world.STAGES)
    return Result(
        "import of achievements",
        product,
        limit,
        1 / 1.5,
        ">= 1.5 x faster than bulk_create; csv >= 45 000 rows/s; <= 200 MB",
        f"import of {count} rows: checks, ledger, totals",
        "bulk_create of the rows alone",
        {
            "rows_per_second": count / product,
            "read_and_checked_per_second": count / seconds(lambda: _parsed(files[-1])),
            "peak_mb": _peak(files[-2]),
        },
    )


class _Silent:
    """Where the command's words go."""

    def write(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass


def _file(first: int, heads: int) -> Path:
    """A table of six facts for each of the enterprises from a number on."""
    path = Path(settings.REGISTRY_HOME) / f"achievements-{first}.csv"
    chance = random.Random(first)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.code for column in COLUMNS])
        for number in range(first, first + heads):
            writer.writerows(row[1:] for row in world.achievement_rows(number, chance))
    return path


def _parsed(path: Path) -> list[AchievementRow]:
    return sound_rows(AchievementImport(), open_table(path, limits=Limits()), Outcome())


def _prepared(path: Path, ids: dict[str, int]) -> list[dict[str, object]]:
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
        for row in _parsed(path)
    ]


def _bulk_create(rows: list[dict[str, object]]) -> None:
    """The rows as model instances, without any check, ledger entry or total."""
    Achievement.objects.bulk_create([Achievement(**row) for row in rows], batch_size=2000)


def _peak(path: Path) -> float:
    """Peak memory of the command in a process of its own, in MB."""
    subprocess.run(
        [sys.executable, "manage.py", "import", "achievements", str(path)],
        check=True,
        capture_output=True,
        cwd=settings.BASE_DIR,
    )
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


ROWS = (achievements,)
