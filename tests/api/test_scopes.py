"""Every address x method x role: who gets in, who is told no, and who is told that nothing is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern
from rest_framework.test import APIClient

from api.base import ApiView
from api.urls import v1
from certification.models import Application, Evidence, Job
from certification.services.jobs import queue_job
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories
from tests.factories import FAR_TOWN, NOW, OTHER_TOWN

from .asking import V1, client_of, codes, get, post
from .conftest import As

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """An application under review in 湖塘镇, and every kind of caller."""

    application: Application
    evidence: Evidence
    job: Job
    callers: dict[str, Account | None]

    def address(self, pattern: str) -> str:
        kept = {
            "<uscc:uscc>": self.application.enterprise.uscc,
            "<application:number>": self.application.number,
            "<uuid:key>": str(self.job.pk if pattern.startswith("jobs") else self.evidence.pk),
            "<code:indicator>": "guanbiao_enterprises",
            "<code:code>": "13th" if pattern.startswith("plans") else "guanbiao",
        }
        for placeholder, value in kept.items():
            pattern = pattern.replace(placeholder, value)
        return f"{V1}/{pattern}"


@pytest.fixture
def scene(db: None) -> Scene:
    own, staff = factories.applicant(), factories.reviewers()
    application = factories.step(factories.filled(own), "submit", own)
    manager = factories.account(Role.PLAN_MANAGER)
    callers: dict[str, Account | None] = {
        "stranger": None,
        "own": own,
        "other": factories.applicant(),
        "town": staff["township"],
        "other town": factories.account(Role.TOWNSHIP_REVIEWER, township=OTHER_TOWN),
        "unit": staff["district"],
        "other unit": factories.account(Role.DISTRICT_REVIEWER, unit="liyang"),
        "city": staff["city"],
        "expert": factories.account(Role.EXPERT),
        "monitor": factories.account(Role.MONITOR),
        "manager": manager,
        "system": factories.account(Role.SYSTEM_ADMIN),
        "security": factories.account(Role.SECURITY_ADMIN),
        "auditor": factories.account(Role.AUDITOR),
    }
    job = queue_job("recount", owner=manager, at=NOW)
    return Scene(application, application.evidence.all()[0], job, callers)


ORDER = [
    "stranger", "own", "other", "town", "other town", "unit", "other unit",
    "city", "expert", "monitor", "manager", "system", "security", "auditor",
]  # fmt: skip

PUBLIC = [200] * 14
SIGNED_IN = [401] + [200] * 13
IN_SIGHT = [401, 200, 404, 200, 404, 200, 404, 200, 404, 200, 200, 404, 404, 404]

EDITED = [401, 409, 404, 403, 404, 403, 404, 403, 404, 403, 403, 404, 404, 404]
MOVED = [401, 400, 404, 400, 404, 400, 404, 400, 404, 400, 400, 404, 404, 404]


def only(status: int, *names: str, others: int = 403) -> list[int]:
    """This status for the named callers, 403 for the others, 401 for a stranger."""
    return [401, *(status if name in names else others for name in ORDER[1:])]


# (method, address) -> the status of each caller; the body is empty, so 400 says "let in, but nothing given".
EXPECTED: dict[tuple[str, str], list[int]] = {
    ("POST", "auth/token/"): [400] * 14,
    ("POST", "auth/logout/"): [401] + [204] * 13,
    ("GET", "divisions/"): PUBLIC,
    ("GET", "reporting-units/"): PUBLIC,
    ("GET", "programmes/"): PUBLIC,
    ("GET", "programmes/<code:code>/"): PUBLIC,
    ("GET", "enterprises/"): SIGNED_IN,
    ("POST", "enterprises/"): only(400, "city"),
    ("GET", "enterprises/<uscc:uscc>/"): IN_SIGHT,
    # Nothing is changed, so those who may look but not edit are told by the service.
    ("PATCH", "enterprises/<uscc:uscc>/"): [401, 200, 404, 200, 404, 200, 404, 200, 404, 403, 403, 404, 404, 404],
    ("GET", "enterprises/<uscc:uscc>/timeline/"): IN_SIGHT,
    ("GET", "applications/"): SIGNED_IN,
    ("POST", "applications/"): only(400, "own", "other"),
    ("GET", "applications/<application:number>/"): IN_SIGHT,
    ("PATCH", "applications/<application:number>/"): EDITED,
    ("POST", "applications/<application:number>/evidence/"): [401, 415, 404, *[403] * 11],
    ("POST", "applications/<application:number>/actions/"): MOVED,
    ("GET", "evidence/<uuid:key>/"): IN_SIGHT,
    ("DELETE", "evidence/<uuid:key>/"): [401, 409, 404, *[403] * 11],
    ("GET", "plans/"): PUBLIC,
    ("GET", "plans/<code:code>/indicators/"): PUBLIC,
    ("GET", "plans/<code:code>/outcome/"): PUBLIC,
    ("GET", "totals/"): PUBLIC,
    ("POST", "totals/recount/"): only(202, "city", "manager"),
    ("GET", "totals/<code:indicator>/series/"): PUBLIC,
    ("GET", "totals/<code:indicator>/enterprises/"): only(200, "unit", "other unit", "city", "monitor", "manager"),
    ("GET", "jobs/<uuid:key>/"): only(200, "manager", others=404),
    ("GET", "ledger/"): only(200, "auditor"),
    ("GET", "ledger/verify/"): only(200, "auditor"),
}


def declared() -> list[tuple[str, str]]:
    """Every method of every address."""
    found = []
    for pattern in v1:
        assert isinstance(pattern, URLPattern)
        view: type[ApiView] = pattern.callback.cls
        found.extend((method, str(pattern.pattern)) for method in view.operations)
    return found


def test_every_address_and_method_has_an_expected_answer() -> None:
    assert set(declared()) == set(EXPECTED)
    assert all(len(statuses) == len(ORDER) for statuses in EXPECTED.values())


def test_every_method_of_a_view_is_declared() -> None:
    for pattern in v1:
        view = pattern.callback.cls
        handlers = {name.upper() for name in view.http_method_names if hasattr(view, name)} - {"HEAD"}
        assert handlers == set(view.operations), view


@pytest.mark.parametrize("name", ORDER)
def test_each_role_gets_what_it_may(scene: Scene, name: str) -> None:
    wrong = {}
    for (method, pattern), statuses in EXPECTED.items():
        client = client_of(scene.callers[name])
        kind = {} if method in ("GET", "DELETE") else {"data": {}, "format": "json"}
        answer = getattr(client, method.lower())(scene.address(pattern), **kind)
        if answer.status_code != statuses[ORDER.index(name)]:
            wrong[method, pattern] = (answer.status_code, statuses[ORDER.index(name)], answer.content.decode()[:200])
    assert wrong == {}


def test_out_of_scope_looks_exactly_like_absent(scene: Scene) -> None:
    client = client_of(scene.callers["other"])
    number, uscc = scene.application.number, scene.application.enterprise.uscc
    pairs = [
        (f"enterprises/{uscc}/", "enterprises/91350100M000100Y43/"),
        (f"enterprises/{uscc}/timeline/", "enterprises/91350100M000100Y43/timeline/"),
        (f"applications/{number}/", "applications/SQ2026999999/"),
        (f"evidence/{scene.evidence.pk}/", "evidence/00000000-0000-4000-8000-000000000000/"),
        (f"jobs/{scene.job.pk}/", "jobs/00000000-0000-4000-8000-000000000000/"),
        ("nowhere/", "nowhere/else/"),
    ]
    bodies = {client.get(f"{V1}/{path}").content for pair in pairs for path in pair}
    assert len(bodies) == 1


def test_application_for_an_enterprise_out_of_sight_is_404(scene: Scene) -> None:
    body = {"enterprise": scene.application.enterprise.uscc, "stage": "guanbiao.cultivation"}
    client = client_of(scene.callers["other"])
    foreign = post(client, "applications/", body, 404)
    assert foreign == post(client, "applications/", body | {"enterprise": "91350100M000100Y43"}, 404)


def lists(path: str) -> Callable[[APIClient], list[Any]]:
    return lambda client: get(client, path)["results"]


@pytest.mark.parametrize(
    ("name", "enterprises", "applications"),
    [
        ("own", 1, 1),
        ("other", 1, 0),
        ("town", 2, 1),
        ("other town", 0, 0),
        ("unit", 2, 1),
        ("other unit", 0, 0),
        ("city", 2, 1),
        ("monitor", 2, 1),
        ("auditor", 0, 0),
        ("expert", 0, 0),
    ],
)
def test_lists_hold_what_lies_in_scope(scene: Scene, name: str, enterprises: int, applications: int) -> None:
    client = client_of(scene.callers[name])
    assert len(lists("enterprises/")(client)) == enterprises
    assert len(lists("applications/")(client)) == applications
    assert get(client, "enterprises/", count="exact")["count"] == enterprises


def test_drafts_are_the_applicants_alone(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    number = factories.draft(applicant).number
    get(as_(staff["city"]), f"applications/{number}/", 404)
    get(as_(applicant), f"applications/{number}/")


def test_contact_is_masked_for_everyone_but_the_enterprise_itself(scene: Scene) -> None:
    path = f"enterprises/{scene.application.enterprise.uscc}/"
    own = get(client_of(scene.callers["own"]), path)
    assert (own["contact_name"], own["contact_phone"]) == ("王五", "13800000000")
    for name in ("town", "unit", "city", "monitor"):
        seen = get(client_of(scene.callers[name]), path)
        assert (seen["contact_name"], seen["contact_phone"]) == ("王*", "138****0000")


def test_registering_is_for_an_applicant_without_an_enterprise(as_: As) -> None:
    body = {"uscc": factories.credit_code(), "name": "常州星河有限公司", "township": FAR_TOWN}
    client = as_(factories.account(Role.APPLICANT))
    post(client, "enterprises/", body)
    post(client, "enterprises/", body | {"uscc": factories.credit_code()}, 403)


def test_nobody_decides_at_a_level_that_is_not_theirs(scene: Scene) -> None:
    for name in ("unit", "city"):
        problem = post(
            client_of(scene.callers[name]),
            f"applications/{scene.application.number}/actions/",
            {"action": "accept"},
            403,
        )
        assert codes(problem) == {"not_allowed"}
    assert Application.objects.get().status == "submitted"
