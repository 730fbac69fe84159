"""Public verification: what a certificate's QR code opens, beside a bare view that only looks the code up."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.management import call_command
from django.http import HttpRequest, JsonResponse
from django.test import RequestFactory
from django.urls import path
from django.utils import timezone

from certification.attested import by_code
from certification.models import Document

from . import cases
from .measure import Result, by_turns, repeated
from .start import _free_port

TIMES = 50
SECONDS = 4.0
CALLERS = 8
FACTORY = RequestFactory(HTTP_HOST="localhost")


def verification(size: int) -> Result:
    """GET /verify/<code>/ in one process; limit: a bare view with the same question, behind the same middleware.

    Beside it: what real web processes answer in a second, as production starts them, on this machine alone.
    """
    if settings.STATIC_ROOT:
        call_command("collectstatic", interactive=False, verbosity=0)
    code = issued()
    address = f"/verify/{code}/"
    handler = BaseHandler()
    handler.load_middleware()
    product, limit = by_turns(
        repeated(lambda: handler.get_response(FACTORY.get(address)).content, TIMES),
        repeated(lambda: handler.get_response(_asked(code)).content, TIMES),
    )
    with served() as port:
        rate, failed = rate_of(port, address)
        empty, _ = rate_of(port, "/health/live")
    extra = {"requests_per_second": rate, "failed": failed, "of_an_empty_answer_per_second": empty}
    return Result(
        "verification of certificates",
        product / TIMES,
        limit / TIMES,
        1 / 0.60,
        ">= 60 % of the bare view's requests/s; >= 200 requests/s on two cores",
        "GET /verify/<code>/",
        "bare view with the same question",
        extra,
    )


def issued() -> str:
    """The code of a paper that is there to be looked up."""
    found = Document.objects.order_by("id").first()
    if found is None:
        cases.awaiting_approval(1)
        found = Document.objects.earliest("id")
    return found.code


def _asked(code: str) -> HttpRequest:
    """A request for the bare view, which goes through the same middleware."""
    request = FACTORY.get(f"/{code}/")
    request.urlconf = __name__
    return request


def bare(request: HttpRequest, code: str) -> JsonResponse:
    found = by_code(code, on=timezone.localdate())
    assert found is not None
    return JsonResponse({"number": found.number, "holder": found.holder, "standing": found.standing})


@contextmanager
def served() -> Iterator[int]:
    """The web processes as production starts them, on a port of their own."""
    port = _free_port()
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "WEB_WORKERS": "2"}
    command = [sys.executable, "manage.py", "serve", "web"]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            if _get(HTTPConnection("127.0.0.1", port, timeout=5), "/health/live") == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the web processes did not start")


def rate_of(port: int, address: str) -> tuple[float, int]:
    """Right answers in a second, asked for by a few callers at once; and how many were not right."""
    counts: list[tuple[int, int]] = []
    end = time.perf_counter() + SECONDS

    def ask() -> None:
        connection, right, wrong = HTTPConnection("127.0.0.1", port, timeout=10), 0, 0
        while time.perf_counter() < end:
            if _get(connection, address) == 200:
                right += 1
            else:
                wrong += 1
        counts.append((right, wrong))

    callers = [threading.Thread(target=ask) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return sum(right for right, _ in counts) / SECONDS, sum(wrong for _, wrong in counts)


def _get(connection: HTTPConnection, address: str) -> int:
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    return answer.status


urlpatterns = [path("<str:code>/", bare)]
ROWS = (verification,)
