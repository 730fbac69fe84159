"""Every address x method x role: who gets in, who is told no, and who is told that nothing is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import URLPattern
from rest_framework.test import APIClient

from api.base import ApiView
from api.urls import v1
from certification.models import Application
from enterprises.roles import Role
from tests import factories
from tests.factories import FAR_TOWN
from tests.once import Once
from tests.scene import ABSENT_CODE, ABSENT_NUMBER, ORDER, Scene, make_scene

from .asking import V1, client_of, codes, get, post
from .conftest import As

pytestmark = pytest.mark.django_db


def key_of(scene: Scene, pattern: str) -> Any:
    match pattern.partition("/")[0]:
        case "jobs":
            return scene.job.pk
        case "imports":
            return scene.file.key
        case "certificates":
            return scene.lookup.screenshot_id
        case "priorities":
            return scene.priority.papers.get().pk
        case "credit-checks":
            return scene.check.papers.get().pk
        case "finding-files":
            return scene.answer.pk
    return scene.evidence.pk


def address(scene: Scene, pattern: str) -> str:
    kept = {
        "<uscc:uscc>": scene.application.enterprise.uscc,
        "<certificate:number>": scene.lookup.certificate.number,
        "advisers/<count:key>": "advisers/1",
        "<application:number>": scene.application.number,
        "<finding:number>": scene.answer.finding.number,
        "<count:key>": str(scene.message.pk),
        "<uuid:key>": str(key_of(scene, pattern)),
        "<code:indicator>": "guanbiao_enterprises",
        "<sheet:form>": "csv",
        "titles/<count:number>": f"titles/{scene.title.ledger_number}",
        "priorities/<count:number>": f"priorities/{scene.priority.ledger_number}",
        "credit-checks/<count:number>": f"credit-checks/{scene.check.ledger_number}",
        "<count:number>": "1",
        "<count:year>": "2025",
        "<count:old>": "987654321",  # not there
        "<count:size>": "1",
        "<str:code>": "nobodys-code",
        "<code:code>": "13th" if pattern.startswith("plans") else "guanbiao",
    }
    for placeholder, value in kept.items():
        pattern = pattern.replace(placeholder, value)
    return f"{V1}/{pattern}"


@pytest.fixture(scope="module")
def made(once: Once) -> Scene:
    return once.made(make_scene)


@pytest.fixture
def scene(made: Scene, once: Once, db: None) -> Scene:
    return once.copy(made)


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
    ("GET", "enterprises/<uscc:uscc>/changes/"): IN_SIGHT,
    ("GET", "applications/<application:number>/changes/"): IN_SIGHT,
    ("GET", "applications/<application:number>/comparison/"): IN_SIGHT,
    ("GET", "enterprises/<uscc:uscc>/advisers/"): IN_SIGHT,
    ("POST", "enterprises/<uscc:uscc>/advisers/"): MOVED,
    ("POST", "enterprises/<uscc:uscc>/advisers/<count:key>/end/"): [401, *[404] * 13],
    ("GET", "organisations/"): SIGNED_IN,
    ("GET", "certificates/"): SIGNED_IN,
    ("POST", "certificates/"): only(400, "city"),
    ("GET", "certificates/<certificate:number>/"): IN_SIGHT,
    ("GET", "certificates/<certificate:number>/events/"): IN_SIGHT,
    ("POST", "certificates/<certificate:number>/events/"): only(400, "city"),
    ("POST", "certificates/<certificate:number>/lookups/"): only(415, "city"),
    ("GET", "certificates/<certificate:number>/pdf/"): IN_SIGHT,
    ("POST", "certificates/<certificate:number>/pdf/"): only(415, "city"),
    ("GET", "certificates/<certificate:number>/files/<uuid:key>/"): IN_SIGHT,
    ("GET", "titles/"): SIGNED_IN,
    ("POST", "titles/"): only(400, "city"),
    ("GET", "titles/<count:number>/"): IN_SIGHT,
    ("POST", "titles/<count:number>/correction/"): only(400, "city"),
    ("POST", "titles/<count:number>/end/"): only(400, "city"),
    ("GET", "titles/<count:number>/reexaminations/"): IN_SIGHT,
    ("POST", "titles/<count:number>/reexaminations/"): only(400, "city"),
    ("GET", "titles/<count:number>/guidance/"): IN_SIGHT,
    ("POST", "titles/<count:number>/guidance/"): only(400, "city"),
    ("GET", "figure-items/"): SIGNED_IN,
    ("GET", "figures/"): SIGNED_IN,
    ("GET", "enterprises/<uscc:uscc>/figures/<count:year>/"): IN_SIGHT,
    ("PUT", "enterprises/<uscc:uscc>/figures/<count:year>/"): [401, 400, 404, *[403] * 11],
    ("GET", "priority-kinds/"): SIGNED_IN,
    ("GET", "priorities/"): SIGNED_IN,
    ("POST", "priorities/"): only(400, "city"),
    ("GET", "priorities/<count:number>/"): IN_SIGHT,
    ("POST", "priorities/<count:number>/end/"): only(400, "city"),
    ("POST", "priorities/<count:number>/correction/"): only(400, "city"),
    ("POST", "priorities/<count:number>/annulment/"): only(400, "city"),
    ("POST", "priorities/<count:number>/papers/"): only(415, "city"),
    ("GET", "priorities/<count:number>/papers/<uuid:key>/"): IN_SIGHT,
    ("GET", "enterprises/<uscc:uscc>/priorities/"): IN_SIGHT,
    ("GET", "credit-sources/"): SIGNED_IN,
    ("GET", "credit-checks/"): SIGNED_IN,
    ("POST", "credit-checks/"): only(400, "city"),
    ("GET", "credit-checks/<count:number>/"): IN_SIGHT,
    ("POST", "credit-checks/<count:number>/correction/"): only(400, "city"),
    ("POST", "credit-checks/<count:number>/annulment/"): only(400, "city"),
    ("POST", "credit-checks/<count:number>/papers/"): only(415, "city"),
    ("GET", "credit-checks/<count:number>/papers/<uuid:key>/"): IN_SIGHT,
    ("GET", "enterprises/<uscc:uscc>/credit/"): IN_SIGHT,
    ("POST", "verify/"): [415] * 14,
    ("GET", "verify/<str:code>/"): [404] * 14,
    ("GET", "applications/"): SIGNED_IN,
    ("POST", "applications/"): only(400, "own", "other"),
    ("POST", "applications/bulk-actions/"): only(400, "town", "other town", "unit", "other unit", "city"),
    ("GET", "applications/<application:number>/"): IN_SIGHT,
    ("PATCH", "applications/<application:number>/"): EDITED,
    ("POST", "applications/<application:number>/evidence/"): [401, 415, 404, *[403] * 11],
    ("POST", "applications/<application:number>/actions/"): MOVED,
    ("GET", "evidence/<uuid:key>/"): IN_SIGHT,
    ("DELETE", "evidence/<uuid:key>/"): [401, 409, 404, *[403] * 11],
    ("GET", "applications/<application:number>/result/"): only(404, *ORDER[1:]),  # a stage without a panel
    ("GET", "applications/<application:number>/self-assessment/"): IN_SIGHT,
    ("PUT", "applications/<application:number>/self-assessment/"): [401, 400, 404, *[403] * 11],
    ("POST", "applications/<application:number>/visits/"): MOVED,
    ("GET", "batches/"): only(200, "city"),
    ("POST", "batches/"): only(400, "city"),
    ("GET", "batches/<code:code>/"): only(404, "city"),
    ("PATCH", "batches/<code:code>/"): only(404, "city"),
    ("POST", "batches/<code:code>/actions/"): only(404, "city"),
    ("GET", "batches/<code:code>/terms/"): only(404, "city"),
    ("PUT", "batches/<code:code>/terms/"): only(404, "city"),
    ("POST", "batches/<code:code>/late-entries/"): only(404, "city"),
    ("GET", "batches/<code:code>/ranking/"): only(404, "city"),
    ("POST", "batches/<code:code>/ranking/"): only(404, "city"),
    ("POST", "batches/<code:code>/seal/"): only(404, "city"),
    ("GET", "batches/<code:code>/recommendation/"): only(404, "unit", "other unit"),
    ("PUT", "batches/<code:code>/recommendation/"): only(404, "unit", "other unit"),
    ("GET", "notices/"): PUBLIC,
    ("GET", "notices/<code:code>/"): [404] * 14,  # none yet; one is read in test_draw_rules.py
    # None of theirs; who is assigned and who is not is in test_evaluations.py.
    ("GET", "evaluations/"): only(200, "city", "expert"),
    ("GET", "evaluations/<uuid:key>/"): only(404, "city", "expert"),
    ("GET", "evaluations/<uuid:key>/scores/"): only(404, "city", "expert"),
    ("PUT", "evaluations/<uuid:key>/scores/"): only(404, "city", "expert"),
    ("POST", "evaluations/<uuid:key>/actions/"): only(404, "city", "expert"),
    ("GET", "findings/"): SIGNED_IN,
    ("GET", "applications/<application:number>/findings/"): IN_SIGHT,
    ("POST", "applications/<application:number>/findings/"): MOVED,
    ("GET", "findings/<finding:number>/"): IN_SIGHT,
    ("POST", "findings/<finding:number>/answers/"): [401, 415, 404, *[403] * 11],
    ("POST", "findings/<finding:number>/actions/"): MOVED,
    ("GET", "finding-files/<uuid:key>/"): IN_SIGHT,
    ("GET", "saved-filters/"): [401, 403, 403, *[200] * 11],
    ("POST", "saved-filters/"): [401, 403, 403, *[400] * 11],
    ("PATCH", "saved-filters/<code:code>/"): [401, 403, 403, *[404] * 11],
    ("DELETE", "saved-filters/<code:code>/"): [401, 403, 403, *[404] * 11],
    ("GET", "plans/"): PUBLIC,
    ("GET", "plans/<code:code>/indicators/"): PUBLIC,
    ("GET", "plans/<code:code>/outcome/"): PUBLIC,
    ("GET", "totals/"): PUBLIC,
    ("POST", "totals/recount/"): only(202, "city", "manager"),
    ("GET", "totals/<code:indicator>/series/"): PUBLIC,
    ("GET", "totals/<code:indicator>/enterprises/"): only(200, "unit", "other unit", "city", "monitor", "manager"),
    # Asked with nothing: 400 says that the caller is let in, but has not said which one.
    ("GET", "exports/register.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/enterprises.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/applications.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/certificates.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/papers.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/titles.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/credit-checks.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/priorities.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/figures.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/achievements.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/reviews.<sheet:form>"): only(200, "town", "other town", "unit", "other unit", "city"),
    ("GET", "exports/findings.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/timeline.<sheet:form>"): only(400, *ORDER[1:]),
    ("GET", "exports/plans.<sheet:form>"): PUBLIC,
    ("GET", "exports/totals.<sheet:form>"): PUBLIC,
    ("GET", "exports/divisions.<sheet:form>"): PUBLIC,
    ("GET", "exports/reporting-units.<sheet:form>"): PUBLIC,
    ("GET", "exports/programmes.<sheet:form>"): PUBLIC,
    ("GET", "exports/indicators.<sheet:form>"): [400] * 14,
    ("GET", "exports/outcome.<sheet:form>"): [400] * 14,
    ("GET", "exports/series.<sheet:form>"): [400] * 14,
    ("GET", "exports/counted.<sheet:form>"): only(400, "unit", "other unit", "city", "monitor", "manager"),
    ("GET", "exports/audit.<sheet:form>"): only(200, "security", "auditor"),
    ("GET", "exports/grants.<sheet:form>"): only(200, "system", "security", "auditor"),
    ("GET", "exports/ledger.<sheet:form>"): only(200, "auditor"),
    ("GET", "exports/imports.<sheet:form>"): only(200, "city", "auditor"),
    ("GET", "exports/import-errors.<sheet:form>"): only(400, "city", "auditor"),
    ("GET", "exports/import-rows.<sheet:form>"): only(400, "city", "auditor"),
    ("GET", "exports/notifications.<sheet:form>"): SIGNED_IN,
    ("GET", "exports/enterprise-changes.<sheet:form>"): only(400, *ORDER[1:]),
    ("GET", "exports/application-changes.<sheet:form>"): only(400, *ORDER[1:]),
    ("GET", "exports/checkpoints.<sheet:form>"): only(200, "auditor"),
    ("GET", "exports/evaluations.<sheet:form>"): only(200, "city", "expert"),
    ("GET", "exports/batches.<sheet:form>"): only(200, "city"),
    ("GET", "exports/files/<uuid:key>/"): only(404, *ORDER[1:]),
    ("GET", "jobs/<uuid:key>/"): only(200, "manager", others=404),
    ("GET", "imports/"): only(200, "city", "auditor"),
    ("POST", "imports/"): only(415, "city"),
    ("GET", "imports/<uuid:key>/"): only(200, "city", "auditor"),
    ("GET", "imports/<uuid:key>/errors/"): only(200, "city", "auditor"),
    ("GET", "imports/<uuid:key>/rows/"): only(200, "city", "auditor"),
    ("GET", "imports/<uuid:key>/rejected/"): only(404, "city", "auditor"),
    ("GET", "imports/<uuid:key>/closing/"): only(200, "city", "auditor"),
    ("POST", "imports/<uuid:key>/confirm/"): only(409, "city"),
    ("POST", "imports/<uuid:key>/undo/"): only(409, "city"),
    ("GET", "ledger/"): only(200, "auditor"),
    ("GET", "ledger/verify/"): only(200, "auditor"),
    ("GET", "ledger/key/"): PUBLIC,
    ("GET", "ledger/checkpoints/"): only(200, "auditor"),
    ("GET", "ledger/checkpoints/<count:old>/<count:size>/"): only(404, "auditor"),
    ("GET", "ledger/<count:number>/"): only(200, "auditor"),
    ("GET", "ledger/<count:number>/proof/"): only(200, "auditor"),
    ("GET", "notifications/"): SIGNED_IN,
    ("POST", "notifications/read/"): SIGNED_IN,
    ("POST", "notifications/<count:key>/read/"): only(200, "town", others=404),
    ("GET", "audit/"): only(200, "security", "auditor"),
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
        answer = getattr(client, method.lower())(address(scene, pattern), **kind)
        if answer.status_code != statuses[ORDER.index(name)]:
            wrong[method, pattern] = (answer.status_code, statuses[ORDER.index(name)], answer.content.decode()[:200])
    assert wrong == {}


def test_out_of_scope_looks_exactly_like_absent(scene: Scene) -> None:
    client = client_of(scene.callers["other"])
    number, uscc = scene.application.number, scene.application.enterprise.uscc
    pairs = [
        (f"enterprises/{uscc}/", f"enterprises/{ABSENT_CODE}/"),
        (f"enterprises/{uscc}/timeline/", f"enterprises/{ABSENT_CODE}/timeline/"),
        (f"applications/{number}/", f"applications/{ABSENT_NUMBER}/"),
        (f"enterprises/{uscc}/changes/", f"enterprises/{ABSENT_CODE}/changes/"),
        (f"applications/{number}/changes/", f"applications/{ABSENT_NUMBER}/changes/"),
        (f"applications/{number}/comparison/", f"applications/{ABSENT_NUMBER}/comparison/"),
        (f"evidence/{scene.evidence.pk}/", "evidence/00000000-0000-4000-8000-000000000000/"),
        (f"jobs/{scene.job.pk}/", "jobs/00000000-0000-4000-8000-000000000000/"),
        (f"applications/{number}/findings/", f"applications/{ABSENT_NUMBER}/findings/"),
        (f"findings/{scene.answer.finding.number}/", "findings/BF2026999999/"),
        (f"finding-files/{scene.answer.pk}/", "finding-files/00000000-0000-4000-8000-000000000000/"),
        ("nowhere/", "nowhere/else/"),
    ]
    bodies = {client.get(f"{V1}/{path}").content for pair in pairs for path in pair}
    assert len(bodies) == 1


def test_application_for_an_enterprise_out_of_sight_is_404(scene: Scene) -> None:
    body = {"enterprise": scene.application.enterprise.uscc, "stage": "guanbiao.cultivation"}
    client = client_of(scene.callers["other"])
    foreign = post(client, "applications/", body, 404)
    assert foreign == post(client, "applications/", body | {"enterprise": ABSENT_CODE}, 404)


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
