"""Taking a file in: its bytes under a random name outside every served folder, then its row; never one by halves."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import may_import

from ..errors import NotAllowed, Refusal, refuse
from ..models import ImportFile, ImportKind
from ..papers.uploads import check_size, safe_filename
from ..services.jobs import queue_job

SUFFIXES = (".csv", ".xlsx", ".xls")
CHECK = "import_check"


class Upload(Protocol):
    """A file as it came in."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of a file: `at_once`, taken into the registry after the check without being asked again."""

    kind: str
    at_once: bool = False
    skip_bad_rows: bool = False


def path_of(file: ImportFile) -> Path:
    """Where a file's bytes lie; the first two characters spread them over folders."""
    name = file.key.hex
    return Path(settings.IMPORT_ROOT) / name[:2] / f"{name}{file.suffix}"


def take_in(upload: Upload, wish: Wish, *, actor: Account, at: datetime) -> ImportFile:
    """Keep a file and ask for its check; returns its row, whose job is waiting.

    Raises NotAllowed, Refused (kind, extension, size: all that can be told without reading it).
    """
    if not may_import(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以导入数据"))])
    if wish.kind not in ImportKind.values:
        said = {"kind": wish.kind[:40], "kinds": _("、").join(ImportKind.values)}
        raise refuse("kind_unknown", _("没有“%(kind)s”这一种表格；可用：%(kinds)s") % said, field="kind")
    file = ImportFile(
        kind=wish.kind,
        filename=_checked_name(upload),
        uploaded_by=actor,
        uploaded_at=at,
        at_once=wish.at_once,
        skip_bad_rows=wish.skip_bad_rows,
    )
    path = path_of(file)
    file.sha256, file.size = _write(path, upload.chunks())
    try:
        with transaction.atomic():
            file.save(force_insert=True)
            file.job = queue_job(CHECK, owner=actor, at=at, arguments={"file": file.pk})
            file.save(update_fields=["job"])
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return file


def _checked_name(upload: Upload) -> str:
    name = safe_filename(upload.name or "")
    suffix = Path(name).suffix.lower()
    remedy = _("请使用 .csv（UTF-8 或 GB18030）、.xlsx 或 .xls 文件，不要只改扩展名")
    if suffix not in SUFFIXES:
        message = _("不接受“%(suffix)s”文件") % {"suffix": suffix or name}
        raise refuse("file_type", message, field="file", remedy=remedy)
    if not upload.size:
        raise refuse("file_empty", _("文件“%(name)s”是空的（0 字节）") % {"name": name}, field="file")
    check_size(name, upload.size, max_bytes=settings.IMPORT_MAX_BYTES)
    return name


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write durably: a temporary file, flushed to disk, then renamed into place; digest and size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        _flush_folder(path.parent)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def _flush_folder(folder: Path) -> None:
    """A new name is durable once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def earlier(file: ImportFile) -> Any:
    """The files of the same content and kind that went in before, newest first."""
    same = ImportFile.objects.filter(sha256=file.sha256, kind=file.kind, applied_at__isnull=False)
    return same.filter(pk__lt=file.pk, undone_at__isnull=True)
