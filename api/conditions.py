"""`ETag` and `If-Match`: a change of something that was read applies to what was read, or not at all."""

from typing import Protocol

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from certification.errors import Refusal, Stale


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


def etag(version: int) -> str:
    return f'"{version}"'


def expected_version(request: Request, row: Versioned) -> int | None:
    """The version that `If-Match` asks for, None without a condition; raises Stale if it is not the row's."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    if etag(row.version) not in parse_etags(header):
        message = _("内容已被他人修改（当前版本 {version}），请重新读取后再改").format(version=row.version)
        raise Stale([Refusal("stale", message)])
    return row.version


def tagged(response: Response, version: int) -> Response:
    """The response with the ETag of this version."""
    response["ETag"] = etag(version)
    return response
