"""Answering with a file: always a download, never something that a browser runs."""

from pathlib import Path

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header


def attachment(content: bytes, *, filename: str, media_type: str) -> HttpResponse:
    """The file as an attachment that a browser neither sniffs nor runs."""
    return HttpResponse(content, content_type=media_type, headers=_headers(filename))


def attached(path: Path, *, filename: str, media_type: str) -> FileResponse:
    """As `attachment`, for a file on disk, which is not read into memory."""
    headers = _headers(filename)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=filename, content_type=media_type, headers=headers
    )


def _headers(filename: str) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
