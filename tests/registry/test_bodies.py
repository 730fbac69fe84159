"""Bodies of requests: whole, of a stated length, and not waited for without end."""

import io
import socket
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from django.test import Client, RequestFactory

from registry.bodies import PATIENCE_SECONDS, BrokenOff, Whole, whole_bodies

FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nuscc,name\r\n'


def request_of(body: bytes, length: int, kind: str, **more: Any) -> WSGIRequest:
    """What Django makes of a body that is said to be so long."""
    made: list[WSGIRequest] = []
    environ = RequestFactory().generic("POST", "/").environ
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind, **more}
    whole_bodies(lambda given, _start: made.append(WSGIRequest(given)) or [])(environ, lambda *_: None)
    return made[0]


def test_a_whole_body_is_read_as_it_is() -> None:
    body = FORM + b"--x--\r\n"
    request = request_of(body, len(body), "multipart/form-data; boundary=x")
    assert request.FILES["file"].read() == b"uscc,name"
    assert request_of(b"a=1&b=2", 7, "application/x-www-form-urlencoded").POST["b"] == "2"


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_body_that_breaks_off_is_no_body(kind: str) -> None:
    request = request_of(FORM, 9_000, kind)
    with pytest.raises(UnreadablePostError):
        dict(request.POST)


def test_lines_end_where_the_body_ends() -> None:
    body = Whole(io.BytesIO(b"one\ntwo\nand the next request"), 8)
    assert [body.readline(), body.readline(), body.readline()] == [b"one\n", b"two\n", b""]
    with pytest.raises(BrokenOff):
        Whole(io.BytesIO(b""), 1).readline()


def test_a_silent_connection_is_not_waited_for_without_end() -> None:
    ours, _theirs = socket.socketpair()
    request_of(b"", 5, "text/plain", **{"gunicorn.socket": ours})
    assert ours.gettimeout() == PATIENCE_SECONDS


@pytest.mark.django_db
def test_chunked_bodies_are_refused_rather_than_read_as_empty() -> None:
    chunked = {"Transfer-Encoding": "chunked"}
    answer = Client().generic("POST", "/api/v1/auth/token/", headers=chunked)
    assert (answer.status_code, answer["Content-Type"]) == (411, "application/problem+json")
    assert "Content-Length" in answer.json()["detail"]
    page = Client().generic("POST", "/accounts/login/", headers=chunked)
    assert page.status_code == 400
