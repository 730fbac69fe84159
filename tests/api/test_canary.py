"""The words of one enterprise, in every field that keeps any, never reach a caller outside its area.

The walk follows the routes of the API and of the pages, so that what is added is walked; a field that is added has a
word planted in it (canary.py) or is named there as one that keeps no words.
"""

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.http import HttpResponse
from django.test import Client

from api.urls import v1
from certification.views.urls import urlpatterns
from tests.pages.test_matrix import browser, fill, routes
from tests.scene import Scene, make_scene

from .asking import client_of
from .canary import (
    ABOUT_PEOPLE,
    ABOUT_THE_ENTERPRISE,
    NOT_SHOWN,
    NOT_WORDS,
    PUBLIC_MODELS,
    PUBLISHED,
    Words,
    plant,
    text_fields,
)
from .test_scopes import address

pytestmark = pytest.mark.django_db
OUTSIDE = ["stranger", "other", "other town", "other unit", "expert"]
OFFICERS = ["system", "security", "auditor"]
INSIDE = ["own", "town", "unit", "city", "monitor", "manager"]
NOBODYS = "麤鱻龖"  # planted nowhere, and as long as what is
# What differs from one answer to the next, and the length of what is compared without the word.
ECHOED = re.compile(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|nonce-[^\' ]+|Content-Length: \d+|Cookie: [^\n]+')
SEARCHED = ("search", "q", "account", "subject", "enterprise", "name", "number")


@pytest.fixture
def scene(db: None) -> Scene:
    made = make_scene()
    made.placeholders = fill(made)
    return made


def written(answer: Any) -> str:
    """Everything that an answer says: headers, body, and what is inside a zipped file."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join([packed.read(name) for name in packed.namelist()] + [str(packed.namelist()).encode()])
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    texts = [headers + "\n" + body.decode("utf-8", "replace")]
    texts += [body.decode("gb18030", "replace")] if "csv" in answer.get("Content-Type", "") else []
    return "\n".join(unquote(html.unescape(text)) for text in texts)


def has(text: str, word: str) -> bool:
    """Whether the word stands there, as it is or escaped as JSON does."""
    return word in text or json.dumps(word)[1:-1] in text


def api_questions() -> Iterator[tuple[str, list[str]]]:
    """Every GET address of the API, with the names of its parameters."""
    for pattern in v1:
        operation = pattern.callback.cls.operations.get("GET")
        if operation:
            yield str(pattern.pattern), [param.name for param in operation.query]


def asked_of_api(scene: Scene) -> Iterator[tuple[str, list[str]]]:
    for pattern, params in api_questions():
        for form in ("csv", "xlsx") if "<sheet:form>" in pattern else ("",):
            path = address(scene, pattern.replace("<sheet:form>", form))
            assert "<" not in path, f"{path}: say in test_scopes.address what stands there"
            yield path, params


def asked_of_pages(scene: Scene) -> Iterator[str]:
    for route in routes(urlpatterns):
        path = "/" + route
        for placeholder, value in scene.placeholders.items():
            path = path.replace(placeholder, value)
        assert "<" not in path, f"{path}: say in test_matrix.fill what stands there"
        if "logout" not in path:
            yield path


def everything(scene: Scene, name: str) -> Iterator[tuple[str, HttpResponse]]:
    """Every answer that a caller gets, API and pages."""
    client = client_of(scene.callers[name])
    for path, params in asked_of_api(scene):
        yield path, client.get(path, {"count": "exact", "page_size": 200} if "count" in params else {})
    visiting = browser(scene, name)
    for path in asked_of_pages(scene):
        yield path, visiting.get(path)


def test_every_text_that_is_kept_has_a_word_planted(scene: Scene) -> None:
    words = plant(scene).given
    for name, model in text_fields().items():
        if model.__name__ in PUBLIC_MODELS or name in NOT_WORDS:
            assert name not in words
            continue
        assert name in words, f"{name}: plant a word (canary.py), or say there that it keeps none"
        kept = model._default_manager.values_list(name.partition(".")[2], flat=True)
        assert any(words[name] in str(value) for value in kept), name


def public_addresses(scene: Scene) -> set[str]:
    file = f"/enterprises/{scene.application.enterprise.uscc}/"
    return {file, f"{file}linked-data/", "/enterprises/"}


def words_found(scene: Scene, words: Words, name: str) -> set[tuple[str, str, str]]:
    """(word, caller, address) wherever a caller reads a word; what is published, only where it is not."""
    public = public_addresses(scene)
    found = set()
    for path, answer in everything(scene, name):
        text = written(answer)
        if has(text, ABOUT_THE_ENTERPRISE) or has(text, ABOUT_PEOPLE):
            is_public = path in public or path.startswith("/api/v1/exports/register.")
            hidden = {field for field, word in words.given.items() if has(text, word)}
            found |= {(field, name, path) for field in (hidden - PUBLISHED if is_public else hidden)}
    return found


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_answer_outside_the_area_holds_a_word(scene: Scene, name: str) -> None:
    assert words_found(scene, plant(scene), name) == set()


@pytest.mark.parametrize("name", OFFICERS)
def test_officers_see_nothing_of_what_an_enterprise_writes(scene: Scene, name: str) -> None:
    words = plant(scene)
    own = {field for field, word in words.given.items() if word.startswith(ABOUT_THE_ENTERPRISE)} - PUBLISHED
    assert {found for found in words_found(scene, words, name) if found[0] in own} == set()


def test_those_whom_it_concerns_see_every_word(scene: Scene) -> None:
    """Or the tests above would assert nothing. The officers first: what is refused to the others fills their trail."""
    unseen = dict(plant(scene).given)
    for name in OFFICERS + INSIDE:
        for _, answer in everything(scene, name):
            text = written(answer)
            unseen = {field: word for field, word in unseen.items() if not has(text, word)}
    assert unseen.keys() <= NOT_SHOWN


def counts(scene: Scene, name: str) -> dict[str, Any]:
    client = client_of(scene.callers[name])
    return {
        path: client.get(path, {"count": "exact"}).json().get("count")
        for path, params in asked_of_api(scene)
        if "count" in params
    }


def test_counts_outside_do_not_change(scene: Scene) -> None:
    before = {name: counts(scene, name) for name in OUTSIDE}
    plant(scene)
    assert {name: counts(scene, name) for name in OUTSIDE} == before
    assert counts(scene, "city")["/api/v1/enterprises/"] == 2


def said_without(client: Client, path: str, name: str, word: str) -> tuple[int, str]:
    """The answer to a search, without the word itself."""
    answer = client.get(path, {name: word})
    text = ECHOED.sub("", written(answer))
    return answer.status_code, text.replace(word, "").replace(quote(word), "")


@pytest.mark.parametrize("name", ["other", "other town", "other unit"])
def test_searching_for_a_word_is_like_searching_for_nobodys(scene: Scene, name: str) -> None:
    words, different = plant(scene).given, []
    published = public_addresses(scene)
    client, visiting = client_of(scene.callers[name]), browser(scene, name)
    asked = [(client, path, param) for path, params in asked_of_api(scene) for param in SEARCHED if param in params]
    asked += [(visiting, path, param) for path in asked_of_pages(scene) for param in ("search", "q")]
    for who, path, param in asked:
        is_public = path in published or "/exports/register." in path
        word = words["Enterprise.contact_name" if is_public else "Enterprise.name"]
        if said_without(who, path, param, word) != said_without(who, path, param, NOBODYS):
            different.append((path, param))
    assert different == []
    found = client_of(scene.callers["city"]).get("/api/v1/enterprises/", {"search": words["Enterprise.name"]})
    assert len(found.json()["results"]) == 1
