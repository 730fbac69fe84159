"""The API against its own description: schemathesis asks what the description allows, and what it forbids.

Every operation is asked as several roles, in the same order with the same seed. No answer is a 5xx, none has a
status, type, header or shape that the description does not name, nothing forbidden is let in, and no address is
open without the login that it asks for.
"""

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from rest_framework.response import Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from registry.wsgi import application
from tests.once import Once
from tests.scene import make_scene

from .asking import client_of

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))  # besides the boundaries of every parameter; by hand, thousands
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 20161120,
        "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none", "no-shrink": True},
        # What has the right form may still break a rule, e.g. a day in the future: such a 400 is no fault.
        "checks": {"positive_data_acceptance": {"enabled": False}},
        "phases": {"stateful": {"enabled": False}, "examples": {"enabled": False}},
    }
)
schema = schemathesis.openapi.from_wsgi("/api/schema/", application, config=CONFIG)
FORMS = {
    "uscc": re.compile("[0-9A-Z]{18}"),
    "number": re.compile("SQ[0-9]{10}"),
    "indicator": re.compile("[A-Za-z0-9_-]{1,60}"),
    "code": re.compile("[A-Za-z0-9_-]{1,60}"),
    "key": re.compile("[0-9a-f-]{36}"),
}
ROLES = ["stranger", "own", "city", "manager", "auditor"]


@pytest.fixture(autouse=True)
def one_transaction(db: None) -> Iterator[None]:
    """A request does not close the connection that holds the test's transaction (Django's own client does the same)."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@dataclass(frozen=True)
class Asking:
    """What each caller sends to be known, and what is really there to be asked for."""

    headers: dict[str, dict[str, str]]
    there: dict[str, str]

    def aim(self, case: Any) -> None:
        """Well-formed identifiers become those of rows that exist, or every answer would be 404."""
        for name, form, value in self._identifiers(case.operation.path):
            if form.fullmatch(str(case.path_parameters.get(name, ""))):
                case.path_parameters[name] = value

    def _identifiers(self, path: str) -> Iterator[tuple[str, re.Pattern[str], str]]:
        for name, form in FORMS.items():
            place = path.split("/")[3] if name in ("code", "key") else ""
            if "{" + name + "}" in path and (place or name) in self.there:
                yield name, form, self.there[place or name]


@pytest.fixture(scope="module")
def asking(once: Once) -> Asking:
    return once.made(askers)


def askers() -> Asking:
    scene = make_scene()
    row = scene.application
    headers = {
        name: {"Authorization": client_of(scene.callers[name])._credentials["HTTP_AUTHORIZATION"]} for name in ROLES[1:]
    }
    there = {
        "uscc": row.enterprise.uscc,
        "number": row.number,
        "indicator": "guanbiao_enterprises",
        "evidence": str(scene.evidence.pk),
        "jobs": str(scene.job.pk),
        "plans": "13th",
        "programmes": "guanbiao",
    }
    return Asking({"stranger": {}, **headers}, there)


TURNS = itertools.cycle(itertools.combinations(ROLES, 2))


@schema.exclude(path_regex="auth/logout").parametrize()
@settings(suppress_health_check=list(HealthCheck))
def test_answers_are_what_the_description_says(case: Any, asking: Asking) -> None:
    asking.aim(case)
    for name in next(TURNS):
        case.call_and_validate(headers=asking.headers[name])


@pytest.mark.parametrize("broken", [{"results": []}, {"next": None, "previous": None, "results": [{"code": 5}]}])
def test_an_answer_that_is_not_described_is_found(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, broken: dict[str, Any]
) -> None:
    case = schema["/api/v1/divisions/"]["GET"].Case()
    case.call_and_validate()
    monkeypatch.setattr("api.views.places.paged", lambda *args, **kwargs: Response(broken))
    with pytest.raises(FailureGroup):
        case.call_and_validate()


def test_a_server_error_is_found(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    case = schema["/api/v1/enterprises/"]["GET"].Case()
    case.call_and_validate(headers=asking.headers["city"])
    monkeypatch.setattr("api.views.enterprises.enterprises_matching", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(FailureGroup):
        case.call_and_validate(headers=asking.headers["city"])


def test_a_door_left_open_is_found(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    case = schema["/api/v1/audit/"]["GET"].Case()
    monkeypatch.setattr("api.base.DeclaredRight.has_permission", lambda *args: True)
    with pytest.raises(FailureGroup):
        case.call_and_validate()
