"""`python -m benchmarks [ROW ...] [--json FILE]`: every size in a fresh database and process, then one table.

BENCH_SIZE: numbers of enterprises, e.g. `1e4` (default: 1e3 and 1e4) or `1e4,1e5,1e6`. Runs on SQLite; with
DATABASE_URL on that PostgreSQL server, in databases of its own that are dropped again. BENCH_KEEP: a directory in
which homes and databases stay, so that the next run need not build them; for rows that only read.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from certification.papers.authority import self_made

DEFAULT_SIZES = "1e3,1e4"
KEEP = os.environ.get("BENCH_KEEP", "")
ROOT = Path(__file__).parent.parent


def sizes() -> list[int]:
    return sorted(int(float(text)) for text in os.environ.get("BENCH_SIZE", DEFAULT_SIZES).split(","))


def kept_home(size: int) -> AbstractContextManager[str] | None:
    if not KEEP:
        return None
    home = Path(KEEP) / str(size)
    home.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(home))


@contextmanager
def fresh_home(size: int) -> Iterator[dict[str, str]]:
    """The environment of a child: a home that is deleted, a database that is dropped, unless they are to be kept."""
    with kept_home(size) or tempfile.TemporaryDirectory(prefix=f"registry-bench-{size}-") as home:
        settings = {
            **os.environ,
            "REGISTRY_HOME": home,
            "DEMO": "0",
            "BEHIND_TLS": "0",
            "SECRET_KEY": "of-the-benchmark-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "LEDGER_KEY": "of-the-benchmark-only-checkpoints-0123456789-abcdefghijkl",
            "FIELD_KEY": "of-the-benchmark-only-9876543210-zyxwvutsrqponmlkjihgfedcba",
            "SITE_BASE_URL": "http://localhost",
        }
        server = os.environ.get("DATABASE_URL", "")
        if not server:
            yield settings
            return
        settings |= signing_keys()  # a production setting, asked for with a server's address
        with own_database(server, f"imp_bench_{'kept' if KEEP else os.getpid()}_{size}") as address:
            yield {**settings, "DATABASE_URL": address}


def signing_keys() -> dict[str, str]:
    made = self_made(at=datetime.now(UTC)).decode()
    return {"PDF_SIGNING_KEY": made, "PDF_SIGNING_CERT": made}


@contextmanager
def own_database(server: str, name: str) -> Iterator[str]:
    parts = urlsplit(server)
    maintenance = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(maintenance, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            if not KEEP:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(size: int, wanted: list[str]) -> dict[str, Any]:
    with fresh_home(size) as environment:
        target = Path(environment["REGISTRY_HOME"]) / "results.json"
        command = [sys.executable, "-m", "benchmarks.rows", str(size), str(target), *wanted]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)
        return json.loads(target.read_text(encoding="utf-8"))


def machine() -> str:
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def table(runs: list[dict[str, Any]]) -> Iterator[str]:
    """Product and limit in milliseconds, ratio, and by how much the product grew from the size before."""
    yield f"{'row':34} {'size':>8} {'product ms':>12} {'limit ms':>12} {'ratio':>8} {'growth':>8}  goal"
    for number, name in enumerate(result["name"] for result in runs[0]["results"]):
        before = None
        for each in runs:
            result = each["results"][number]
            growth = f"{result['product'] / before:.1f} x" if before else ""
            before = result["product"]
            mark = {True: "met", False: "MISSED", None: ""}[result["met"]]
            yield (
                f"{name:34} {each['about']['size']:8} {result['product'] * 1000:12.3f} {result['limit'] * 1000:12.3f} "
                f"{result['ratio']:8.2f} {growth:>8}  {mark}: {result['goal_text']}"
            )
            if result["extra"]:
                yield " " * 36 + ", ".join(
                    f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}"
                    for key, value in result["extra"].items()
                )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", help="names of rows; all without any")
    parser.add_argument("--json", type=Path, help="write everything here as JSON too")
    options = parser.parse_args()
    print(machine(), flush=True)
    runs = [run(size, options.rows) for size in sizes()]
    about = runs[-1]["about"]
    print(f"\n{about['database']}, Python {about['python']}, Django {about['django']}")
    print("\n".join(table(runs)))
    if options.json:
        options.json.write_text(
            json.dumps({"machine": machine(), "runs": runs}, ensure_ascii=False, indent=1), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
