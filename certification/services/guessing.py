"""What anybody may ask of papers without a login (查验), and how often: by code, or with the file in hand.

Every try counts by address, on the page and over the API alike; a code that finds something is forgiven.
"""

from datetime import date

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from enterprises.pace import Window

from ..attested import Attested, by_code
from ..errors import refuse
from ..papers.uploads import megabytes
from .uploaded import Examined, examined

CODES = Window("verify-code", *settings.VERIFY_TRIES)
FILES = Window("verify-file", *settings.UPLOAD_TRIES)


class TooOften(Exception):
    """Tried too often; `wait`: seconds until the next try is heard."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def looked_up(code: str, *, address: str, on: date) -> Attested | None:
    """The paper of a code; None: it was never issued. Raises TooOften."""
    _count(CODES, address)
    found = by_code(code, on=on)
    if found:
        CODES.forgiven(address)
    return found


def count_file(address: str) -> None:
    """A file is about to be handed in; counted before it is read. Raises TooOften."""
    _count(FILES, address)


def examined_file(file: "File[bytes]", *, on: date) -> Examined:
    """What a file that was handed in is. Raises Refused."""
    check_file(file)
    return examined(file.read(), on=on)


def check_file(file: "File[bytes]") -> None:
    """Not empty, and not larger than a paper can be."""
    if not file.size:
        raise refuse("file_empty", _("文件是空的"), field="file", remedy=_("请选择从本系统下载的 PDF 原文件"))
    if file.size > settings.VERIFY_MAX_BYTES:
        message = _("文件超过 %(most)s MB，不是本系统签发的文书") % {"most": megabytes(settings.VERIFY_MAX_BYTES)}
        raise refuse("file_too_large", message, field="file", remedy=_("请选择从本系统下载的 PDF 原文件"))


def _count(window: Window, address: str) -> None:
    if wait := window.tried(address):
        raise TooOften(wait)
