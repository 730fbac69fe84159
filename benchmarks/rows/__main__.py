"""One size: builds the data, measures the rows, writes the results as JSON to a file."""

import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from certification.messages import bell
from enterprises.models import Enterprise

from . import imports, ledger, papers, reading, register, start, totals, verifying, world
from .measure import Result

# Imports come last: they make the registry bigger.
ROWS = (
    *start.ROWS,
    *totals.ROWS,
    *register.ROWS,
    *ledger.ROWS,
    *reading.ROWS,
    *papers.ROWS,
    *verifying.ROWS,
    *imports.ROWS,
)


def main(size: int, target: Path, wanted: list[str]) -> None:
    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    started = time.perf_counter()
    if not Enterprise.objects.exists():  # else kept from an earlier run
        world.build(size)
    built = time.perf_counter() - started
    print(f"  {size} enterprises with {len(world.STAGES)} facts each: built in {built:.1f} s", flush=True)
    with bell.hushed():
        results = [measured(row, size) for row in ROWS if not wanted or row.__name__ in wanted]
    results = [result for result in results if result]
    about = {
        "size": size,
        "build_seconds": built,
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": database(),
    }
    target.write_text(json.dumps({"about": about, "results": results}, ensure_ascii=False), encoding="utf-8")


def measured(row: Callable[[int], Result | None], size: int) -> dict[str, object]:
    """One row's result, with a line about it; nothing where the row does not apply."""
    result = row(size)
    if result is None:
        return {}
    met = {True: "met", False: "missed", None: ""}[result.is_met]
    print(f"  {result.name}: {result.ratio:.2f} x ({met}; goal {result.goal_text})", flush=True)
    return {"row": row.__name__, **result.as_dict()}


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version()" if connection.vendor == "postgresql" else "SELECT 'SQLite ' || sqlite_version()"
        )
        return str(cursor.fetchone()[0]).split(" on ")[0]


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
