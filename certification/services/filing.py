"""Putting a file on file beside a fact: looked at, its bytes kept with its row or neither, named in the ledger."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment

from ..errors import Refusal, Refused
from ..papers import store
from ..papers.uploads import CheckedFile, check_size, check_upload

M = TypeVar("M")


def looked_at(upload: "File[bytes] | None") -> CheckedFile:
    """What was handed in, checked for what it is; nothing is refused as well."""
    if upload is None:
        message, remedy = _("没有收到文件"), _("请选择文件后重新上传")
        raise Refused([Refusal("file_missing", message, field="file", remedy=remedy)])
    name = upload.name or ""
    check_size(name, upload.size, max_bytes=settings.EVIDENCE_MAX_BYTES)
    return check_upload(name, upload.read(), max_bytes=settings.EVIDENCE_MAX_BYTES)


def stored(file: CheckedFile, write: Callable[[uuid.UUID], M]) -> M:
    """Keep the bytes and write the rows, or neither."""
    key = uuid.uuid4()
    store.write(key, file.content)
    try:
        with transaction.atomic():
            return write(key)
    except Exception:
        store.discard(key)
        raise


def columns_of(key: uuid.UUID, file: CheckedFile, *, actor: Account, at: datetime) -> dict[str, Any]:
    """What a row says of its file."""
    return {
        "id": key,
        "filename": file.filename,
        "media_type": file.media_type,
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "uploaded_at": at,
        "uploaded_by": actor,
    }


def named(row: Any) -> str:
    """What stands for name, type and size of a file; its key, which is in no entry, is the salt."""
    return commitment(f"{row.filename}\n{row.media_type}\n{row.size}", salt=row.pk.hex)[1]
