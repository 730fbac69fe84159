"""Looking at an uploaded file: what it really is, and whether it may be kept.

A file is allowed by its extension and by its content together. Images are written anew, so that nothing
hidden in them survives; office files are checked for their real parts before anything reads them.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import Refused, refuse

MEGABYTE = 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_UNZIPPED = 200 * MEGABYTE
MAX_RATIO = 100
OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
}
ALLOWED = ("pdf", "jpg", "png", "xlsx", "docx")
OFFICE_PART = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
IMAGE_FORMAT = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}
# Names that make a PDF do something; checked where objects stand, never in the bytes of pictures or pages.
_ACTIVE_PDF = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|EF|RichMedia|XFA|SubmitForm|ImportData|GoToE|GoToR|Encrypt)(?![A-Za-z0-9])"
)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_DICTIONARY_BYTES = 2000
_MEMBER, _END, _END_BYTES = b"PK\x03\x04", b"PK\x05\x06", 22


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: its bytes as they are stored, its type and a safe name."""

    content: bytes
    media_type: str
    filename: str


def check_upload(filename: str, content: bytes, *, max_bytes: int) -> CheckedFile:
    """The file as it will be stored; raises Refused with the reason and the remedy."""
    name = safe_filename(filename)
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in MEDIA_TYPES:
        message = _("不接受文件“%(name)s”") % {"name": name}
        raise _refusal("file_type", message, _("请上传 %(allowed)s") % {"allowed": _allowed()})
    if not content:
        message = _("文件“%(name)s”是空的（0 字节）") % {"name": name}
        raise _refusal("file_empty", message, _("请检查文件后重新上传"))
    check_size(name, len(content), max_bytes=max_bytes)
    if extension in IMAGE_FORMAT:
        content = _image(name, content, IMAGE_FORMAT[extension])
    elif extension in OFFICE_PART:
        _check_office(name, content, OFFICE_PART[extension])
    else:
        _check_pdf(name, content)
    return CheckedFile(content=content, media_type=MEDIA_TYPES[extension], filename=name)


def megabytes(size: int) -> int:
    return size // MEGABYTE


def _allowed() -> str:
    return _("、").join(ALLOWED)


def check_size(filename: str, size: int, *, max_bytes: int) -> None:
    """Refuse a file that is too large, before its bytes are read into memory."""
    if size > max_bytes:
        sizes = {"given": f"{size / MEGABYTE:.1f}", "most": megabytes(max_bytes)}
        message = _("文件“%(name)s”有 %(given)s MB，超过 %(most)s MB") % {"name": safe_filename(filename), **sizes}
        raise _refusal("file_too_large", message, _("请压缩或拆分后上传"))


def safe_filename(filename: str) -> str:
    """The last part of a name, without control characters, path parts or reserved characters."""
    last = re.split(r"[\\/]", filename)[-1]
    cleaned = re.sub(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]', "_", last).strip(" .")
    path = PurePath(cleaned or "file")
    return f"{path.stem[:120]}{path.suffix[:10]}"


def _refusal(code: str, message: str, remedy: str) -> Refused:
    return refuse(code, message, field="file", remedy=remedy)


def _mismatch(name: str) -> Refused:
    message = _("文件“%(name)s”的内容与扩展名不符或已损坏") % {"name": name}
    remedy = _("请上传真实的 %(allowed)s 文件，不要只改扩展名") % {"allowed": _allowed()}
    return _refusal("file_content", message, remedy)


def _bomb(name: str) -> Refused:
    return _refusal("file_bomb", _("文件“%(name)s”解压后过大") % {"name": name}, _("请另存为普通文件后上传"))


def _image(name: str, content: bytes, kind: str) -> bytes:
    """The picture written anew: metadata and anything appended are gone."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.format != kind:
                raise _mismatch(name)
            if picture.width * picture.height > MAX_PIXELS:
                message = _("图片“%(name)s”超过 4000 万像素") % {"name": name}
                raise _refusal("image_too_large", message, _("请缩小后上传"))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            clean = upright.convert("RGB") if kind == "JPEG" else upright.copy()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _mismatch(name) from error
    clean.info = {}
    out = io.BytesIO()
    clean.save(out, kind, quality=90)
    return out.getvalue()


def _check_office(name: str, content: bytes, part: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _mismatch(name) from error
    if not _is_bare_archive(content, members):
        raise _mismatch(name)
    unzipped = sum(member.file_size for member in members)
    if unzipped > MAX_UNZIPPED or unzipped > MAX_RATIO * len(content):
        raise _bomb(name)
    if part not in names:
        raise _mismatch(name)
    if any(member.lower().endswith("vbaproject.bin") for member in names):
        message = _("文件“%(name)s”含有宏") % {"name": name}
        raise _refusal("file_macro", message, _("请另存为不含宏的文件后上传"))


def _is_bare_archive(content: bytes, members: list[zipfile.ZipInfo]) -> bool:
    """Nothing stands before the first member or after the directory: a page with an archive behind it is no archive.

    zipfile looks for the directory from the end and forgives both, with the members' places moved along.
    """
    first = min((member.header_offset for member in members), default=-1)
    return first == 0 and content.startswith(_MEMBER) and content[-_END_BYTES:].startswith(_END)


def _plain_names(objects: bytes) -> bytes:
    """Objects with the escapes in their names undone: `/J#53` is `/JS`."""
    return _NAME_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), objects)


def _object_parts(name: str, content: bytes) -> Iterator[bytes]:
    """Where a PDF's objects stand: the file without its streams, and the inside of every object stream."""
    yield _STREAM.sub(b"", content)
    for stream in _STREAM.finditer(content):
        dictionary = _plain_names(content[max(0, stream.start() - _DICTIONARY_BYTES) : stream.start()])
        if b"/ObjStm" in dictionary[dictionary.rfind(b" obj") :]:
            yield _inflated(name, stream[1])


def _inflated(name: str, packed: bytes) -> bytes:
    """An object stream unpacked; one that cannot be looked into is refused with the file."""
    unpacking = zlib.decompressobj()
    try:
        objects = unpacking.decompress(packed, MAX_UNZIPPED)
    except zlib.error as error:
        message = _("PDF“%(name)s”的内容无法检查") % {"name": name}
        raise _refusal("pdf_closed", message, _("请重新打印为普通 PDF 后上传")) from error
    if unpacking.unconsumed_tail:
        raise _bomb(name)
    return objects


def _check_pdf(name: str, content: bytes) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise _mismatch(name)
    if any(_ACTIVE_PDF.search(_plain_names(part)) for part in _object_parts(name, content)):
        message = _("PDF“%(name)s”含有脚本、启动动作或嵌入文件") % {"name": name}
        raise _refusal("pdf_active", message, _("请重新打印为普通 PDF 后上传"))
