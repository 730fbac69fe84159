"""Answering with a file: always a download, never something that a browser runs."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def attachment(content: bytes, *, filename: str, media_type: str) -> HttpResponse:
    """The file as an attachment that a browser neither sniffs nor runs."""
    headers = {
        "Content-Disposition": content_disposition_header(True, filename),
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
