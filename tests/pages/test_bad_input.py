"""Hostile input to the pages: every list and every form answers with a page, never with a 5xx, and keeps nothing.

Both walks follow the routes, so that a page that is added is walked; the names of parameters are those that the exports
declare, those of fields the forms' own.
"""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certification.models import ImportFile
from certification.views.urls import urlpatterns
from tests.keeping import digest
from tests.once import Once
from tests.scene import ORDER, Scene, make_scene

from .test_matrix import browser, expected, fill, routes

pytestmark = pytest.mark.django_db
OURS = ("enterprises.", "certification.", "registry.")
PARAMETERS = (
    "page", "after", "before", "cursor", "search", "q", "ordering", "stage", "status", "step", "state", "kind", "plan",
    "reporting_unit", "unit", "township", "is_high_tech", "certified", "innovation_tier", "as_of", "since", "until",
    "overdue", "assigned_to_me", "account", "address", "verb", "subject", "enterprise", "number", "event", "next",
    "saved", "year", "indicator", "language", "count",
)  # fmt: skip
VALUES = (
    ["\0"],
    ["9" * 400, "-1"],
    [b"\xed\xa0\x80\xff"],
    ["'\"><script>\x1b\u202e" + "%" * 200],
    ["２０２６-02-30", ""],
)
NAMES = (
    "version",
    "action",
    "comment",
    "chosen",
    "stage",
    "requirement",
    "main_business",
    "employees",
    "modules",
    "next",
)
JUNK = (["\0", "-1"], ["9" * 400], ["x" * 10_000, "1e400"], [b"\xed\xa0\x80\xed\xb0\x80", "2026-99-99"])
# Nothing is typed there, or any words are right; and what opening a page keeps: a signed checkpoint, that it was read.
TAKES_ANYTHING = re.compile("(annulment|confirm|read|release|verify|off|check|register|refuse|second-factor/new)/$")
KEPT_BY_OPENING = re.compile("proof/$|^notifications/<int:key>/$")


def make() -> Scene:
    scene = make_scene()
    scene.placeholders = fill(scene)
    return scene


@pytest.fixture(scope="module")
def made(once: Once) -> Scene:
    return once.made(make)


@pytest.fixture
def scene(made: Scene, once: Once, db: None) -> Scene:
    return once.copy(made)


def address(scene: Scene, route: str) -> str:
    for placeholder, value in scene.placeholders.items():
        route = route.replace(placeholder, value)
    return f"/{route}"


def entering(method: str) -> Iterator[tuple[str, str]]:
    """Every route that lets anybody in by the method, with who that is: the city where it is among them."""
    table = expected()
    for route in routes(urlpatterns):
        answers = dict(zip(ORDER, table[method, route], strict=True))
        inside = [name for name in ["city", *ORDER] if answers[name] not in ("403", "404", "405", "->")]
        if inside and "logout" not in route:
            yield route, inside[0]


def fields() -> set[str]:
    """The name of every field of every form of ours."""
    found, forms_left = set(NAMES), [forms.BaseForm]
    while forms_left:
        form = forms_left.pop()
        forms_left += form.__subclasses__()
        if form.__module__.startswith(OURS):
            found |= set(getattr(form, "base_fields", {}))
    return found


def test_every_page_survives_every_parameter(scene: Scene) -> None:
    clients = {name: browser(scene, name) for name in ORDER}
    before = digest()
    for route, name in entering("GET"):
        if KEPT_BY_OPENING.search(route):
            continue
        for value in VALUES:
            answer = clients[name].get(address(scene, route), dict.fromkeys(PARAMETERS, value))
            assert answer.status_code < 500, (route, name, value)
    assert digest() == before


def test_every_form_survives_every_content(scene: Scene) -> None:
    clients, names = {name: browser(scene, name) for name in ORDER}, fields()
    assert names > {"uscc", "since", "username", "file"}
    for route, name in entering("POST"):
        before = digest()
        for value in JUNK:
            answer = clients[name].post(address(scene, route), dict.fromkeys(names, value))
            assert answer.status_code < 500, (route, name, value)
        assert TAKES_ANYTHING.search(route) or digest() == before, route


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a=" + b"1" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 5_000, "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"stage=%FF%FE%00", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"{}", "application/json"),
        (b"", "\xff/\xfe"),
    ],
)
def test_bodies_that_are_no_form_are_refused(scene: Scene, content: bytes, kind: str) -> None:
    client, before = browser(scene, "city"), digest()
    for path in ("enterprises/new/", "reviews/bulk/", "imports/", f"applications/{scene.application.number}/actions/"):
        answer = client.generic("POST", f"/{path}", content, content_type=kind)
        assert 400 <= answer.status_code < 500, path
    assert digest() == before


@pytest.mark.parametrize("name", ["a\0.csv", "../../etc/passwd.csv", "\x1b\u202e.xlsx", "x" * 5_000 + ".csv", ".csv"])
def test_a_file_with_a_hostile_name_is_refused_or_kept_under_a_plain_one(scene: Scene, name: str) -> None:
    client, kept = browser(scene, "city"), ImportFile.objects.exclude(pk=scene.file.pk)
    body = {"kind": "enterprises", "file": SimpleUploadedFile(name, b"\0\xff\xfe" * 100)}
    answer = client.post("/imports/", body)
    assert (answer.status_code, kept.count()) in ((400, 0), (302, 1))
    for filename in kept.values_list("filename", flat=True):
        assert filename.isprintable()
        assert "/" not in filename
        assert client.get(answer["Location"]).status_code == 200


def test_a_login_form_with_junk_is_a_login_form() -> None:
    for word in ("\0", "x" * 100_000, b"\xed\xa0\x80"):
        assert Client().post("/accounts/login/", {"username": word, "password": word}).status_code in (200, 400)
