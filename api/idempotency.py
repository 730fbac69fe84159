"""`Idempotency-Key`: a request repeated with the same key has its effect once and gets the first answer again.

The key is claimed in the transaction that decides, so that key, effect and answer are kept together or not
at all; a refusal keeps nothing, and the same key may be tried again.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from certification.errors import NotPossible, Refusal, refuse

from .base import ApiView, now
from .models import KeptAnswer

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")
FORM = re.compile(r"[\x21-\x7e]{1,200}")
Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """A POST handler that heeds the header."""

    @wraps(handler)
    def guarded(view: ApiView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not FORM.fullmatch(key):
            raise refuse("key_invalid", _("幂等键应为 1 至 200 个可见的 ASCII 字符"), field=HEADER)
        with transaction.atomic():
            kept, is_new = _claimed(request, key)
            return _kept(kept, handler(view, request, *args, **kwargs)) if is_new else _replayed(kept)

    guarded.heeds_key = True  # type: ignore[attr-defined]
    return guarded


def _claimed(request: Request, key: str) -> tuple[KeptAnswer, bool]:
    """The row of the key, and whether it is new; of two at once, the second waits for the first."""
    digest = fingerprint(request)
    KeptAnswer.objects.filter(account=request.user, created_at__lt=now() - KEPT_FOR).delete()
    kept, is_new = KeptAnswer.objects.get_or_create(
        account=request.user, key=key, defaults={"request": digest, "created_at": now()}
    )
    if kept.request != digest:
        message = _("该幂等键已用于另一个请求")
        raise NotPossible([Refusal("key_reused", message, field=HEADER, remedy=_("请为新的请求换一个键"))])
    return kept, is_new


def is_repeated(request: Request) -> bool:
    """Whether the caller has an answer to this very request under its key."""
    key = request.headers.get(HEADER)
    if not key or not request.user.is_authenticated:
        return False
    kept = KeptAnswer.objects.filter(account=request.user, key=key).first()
    return kept is not None and kept.request == fingerprint(request)


def fingerprint(request: Request) -> str:
    """A digest of address and content (of a form with files, of their bytes) and of the office that the caller holds:
    an answer that was given to a reviewer of one place is not given again to the reviewer of another.
    """
    caller = request.user  # without its enterprise, which an applicant's own registration gives it
    office = f"{caller.role} {caller.township_id or ''} {caller.unit_id or ''}"
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n{office}\n".encode())
    sent = request.data  # a form only where one was read: an empty body is {} whatever its type says
    if not isinstance(sent, MultiValueDict):
        digest.update(json.dumps(sent, sort_keys=True).encode())
        return digest.hexdigest()
    for name, values in sorted(sent.lists()):
        for value in values:
            digest.update(json.dumps([name, getattr(value, "name", value)]).encode())
            _add_content(digest, value)
    return digest.hexdigest()


def _add_content(digest: Any, value: Any) -> None:
    if isinstance(value, UploadedFile):
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)


def _kept(kept: KeptAnswer, response: Response) -> Response:
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    kept.body = JSONRenderer().render(response.data).decode()
    kept.save(update_fields=["status", "headers", "body"])
    return response


def _replayed(kept: KeptAnswer) -> Response:
    return Response(json.loads(kept.body), status=kept.status, headers={**kept.headers, REPLAYED: "true"})
