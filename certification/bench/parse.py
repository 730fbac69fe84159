"""Reading a kept file by way of the child process: what comes back is rows, or the reason why not."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from enterprises.imports.spreadsheets import MEGABYTE, Limits
from enterprises.imports.tables import Numbered, Table

from ..errors import Refusal, Refused, refuse
from ..models import ImportFile
from .intake import path_of

OUTPUT = 256 * MEGABYTE  # what a file may unfold to, as text
STEP = 2_000
Progress = Callable[[int, int], None]  # rows done, rows of the file


@dataclass(frozen=True, slots=True)
class ReadTable(Table):
    """Rows that the child has written down, `count` of them without the header; `progress` hears how many are read."""

    count: int
    progress: Progress

    def rows(self) -> Iterator[Numbered]:
        with self.path.open(encoding="utf-8") as file:
            for number, text in enumerate(file):
                if number % STEP == 0:
                    self.progress(number, self.count)
                line, cells = json.loads(text)
                yield line, cells


@contextmanager
def reading(file: ImportFile, progress: Progress) -> Iterator[ReadTable]:
    """The rows of a kept file, for as long as the block lasts. Raises Refused where it cannot be read."""
    source = path_of(file)
    _check_digest(file, source)
    target = source.with_suffix(".rows")
    limits = Limits(
        rows=settings.IMPORT_MAX_ROWS, csv_rows=settings.IMPORT_MAX_ROWS, file_size=settings.IMPORT_MAX_BYTES
    )
    try:
        found = _named(_read_by_child(source, target, limits), source.name, file.filename)
        yield ReadTable(target, found["encoding"], limits, count=found["rows"], progress=progress)
    finally:
        target.unlink(missing_ok=True)


def _check_digest(file: ImportFile, source: Path) -> None:
    try:
        with source.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        digest = ""
    if digest != file.sha256:
        message = _("存放的文件与上传时的摘要不符")
        raise refuse("file_altered", message, field="file", remedy=_("请重新上传，并告知系统管理员"))


def _read_by_child(source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    target.unlink(missing_ok=True)
    asked = {
        "process": {
            "memory": settings.IMPORT_CHILD_MEMORY,
            "cpu": settings.IMPORT_CHILD_CPU_SECONDS,
            "output": OUTPUT,
        },
        "table": {"rows": limits.rows, "csv_rows": limits.csv_rows, "file_size": limits.file_size},
    }
    command = [sys.executable, "-m", "certification.bench.child", str(source), str(target), json.dumps(asked)]
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env={},
            capture_output=True,
            timeout=settings.IMPORT_CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much() from error
    if done.returncode != 0:
        raise _too_much()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _named(found: dict[str, Any], kept_as: str, name: str) -> dict[str, Any]:
    """What the child found; raises what it refused, with the file's own name in place of that on the disk."""
    if "refusals" in found:
        said = [{key: text.replace(kept_as, name) for key, text in each.items()} for each in found["refusals"]]
        raise Refused(Refusal(**refusal) for refusal in said)
    return found


def _too_much() -> Refused:
    said = {
        "memory": settings.IMPORT_CHILD_MEMORY // MEGABYTE,
        "seconds": settings.IMPORT_CHILD_SECONDS,
    }
    message = _("读取该文件超出了允许的内存（%(memory)s MB）或时间（%(seconds)s 秒），已停止读取，未作任何更改") % said
    remedy = _("文件可能已损坏或被人为构造；请在电子表格程序中打开后另存为 CSV，或拆分后分别导入")
    return refuse("file_bomb", message, field="file", remedy=remedy)
