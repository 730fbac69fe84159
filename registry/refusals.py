"""Every refused request leaves one row on the audit trail: who asked for what and what the answer was."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from enterprises.asking import answering
from enterprises.models import Account
from enterprises.services.trail import address_of, note_refusal

from .logging import mask_text
from .middleware import Handler

# Of strangers only what looks like an attempt, and that once a minute from each address: anybody can send thousands.
OF_STRANGERS = (401, 403, 429)
STRANGER_SECONDS = 60


class Refusals:
    """Stands inside the login: by the time of the answer the API has said who its caller is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with answering(request):
            response = self.get_response(request)
        if 400 <= response.status_code < 500:
            self._note(request, response.status_code)
        return response

    def _note(self, request: HttpRequest, status: int) -> None:
        account = request.user if isinstance(request.user, Account) else None
        if account is None and not self._is_telling(request, status):
            return
        path = mask_text(request.path)
        note_refusal(request, account=account, at=timezone.now(), path=path, status=status)

    def _is_telling(self, request: HttpRequest, status: int) -> bool:
        if status not in OF_STRANGERS:
            return False
        return bool(cache.add(f"refused:{address_of(request)}:{status}", 1, timeout=STRANGER_SECONDS))
