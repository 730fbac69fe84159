"""Handing files in as a city reviewer does, and doing the worker's part."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from certification.bench.asking import ask_undo, confirm
from certification.bench.intake import Wish, take_in
from certification.models import ImportFile, Job
from certification.tasks import run_job
from enterprises.models import Account
from tests.factories import NOW
from tests.imports.files import ACHIEVEMENTS, ENTERPRISES, code, table_of

GOOD = [(code(number), f"常州试制{number}有限公司", "320412100") for number in (1, 2, 3)]
WRONG = ("91320411MA0000000X", "常", "999")


def upload(path: Path, name: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name or path.name, path.read_bytes())


def handed_in(path: Path, city: Account, *, kind: str = "enterprises", **wish: Any) -> ImportFile:
    """A file that was looked at."""
    file = take_in(upload(path), Wish(kind, **wish), actor=city, at=NOW)
    return worked(file)


def worked(file: ImportFile) -> ImportFile:
    """The file after its job was done."""
    file.refresh_from_db()
    run_job(str(file.job_id))
    file.refresh_from_db()
    return file


def taken(file: ImportFile, city: Account, *, skip: bool = False) -> ImportFile:
    """The file after it was confirmed and written."""
    return worked(confirm(file, skip_bad_rows=skip, actor=city, at=NOW))


def undone(file: ImportFile, city: Account) -> ImportFile:
    """The file after its undoing was asked for and tried."""
    return worked(ask_undo(file, actor=city, at=NOW))


def enterprises(path: Path, *rows: Any, header: Any = ENTERPRISES) -> Path:
    return table_of(path, header, *rows)


def achievements(path: Path, *rows: Any, header: Any = ACHIEVEMENTS) -> Path:
    """Rows may be shorter than the header."""
    return table_of(path, header, *[[*row, *[""] * (len(header) - len(row))] for row in rows])


def last_job() -> Job:
    return Job.objects.order_by("-created_at")[0]
