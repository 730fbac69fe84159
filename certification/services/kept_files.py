"""Reading back what was put on file: the same bytes, or an incident."""

import hashlib
import logging
import uuid
from typing import Protocol

from django.utils.translation import gettext as _

from ..errors import NotPossible, Refusal
from ..papers import store

logger = logging.getLogger(__name__)


class OnFile(Protocol):
    """A row that knows the name and the digest of its file, which lies under the row's key."""

    @property
    def pk(self) -> uuid.UUID: ...
    @property
    def filename(self) -> str: ...
    @property
    def sha256(self) -> str: ...


def content_on_file(row: OnFile) -> bytes:
    """The file's bytes, provided that they are still the ones that were put on file.

    Raises NotPossible when the file is gone or no longer has its SHA-256: an incident, which is logged.
    """
    try:
        content = store.read(row.pk)
    except OSError as error:
        logger.exception("evidence file missing", extra={"evidence": str(row.pk)})
        message = _("文件“%(name)s”在存储中缺失") % {"name": row.filename}
        raise _lost("file_missing", message) from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        logger.error("evidence file altered", extra={"evidence": str(row.pk)})
        message = _("文件“%(name)s”与登记的 SHA-256 不符，可能已损坏或被改动") % {"name": row.filename}
        raise _lost("file_altered", message)
    return content


def _lost(code: str, message: str) -> NotPossible:
    return NotPossible([Refusal(code, message, remedy=_("请联系系统管理员从备份恢复；申报和其他材料不受影响"))])
