"""Every page x method x role: who gets in, who signs in first, who is told no or that nothing is there (matrix.txt)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver

from certification.exports.jobs import queue_export
from certification.exports.making import order
from certification.models import Document, Job
from certification.services.documents import Drawn, issue_papers
from certification.services.filters import save_filter
from certification.services.rulebooks import rules_of
from certification.views.urls import urlpatterns
from enterprises.models import HighTechPeriod
from enterprises.roles import Role
from enterprises.services.grants import NewAccount, open_account
from tests import factories as make
from tests.once import Once
from tests.scene import ABSENT_CODE, ABSENT_NUMBER, ORDER, Scene, make_scene

from .visiting import visitor
from .visiting import words as words_of

pytestmark = pytest.mark.django_db


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, prefix + str(each.pattern))
        else:
            yield prefix + str(each.pattern)


EXPECTED = Path(__file__).with_name("matrix.txt")


def expected() -> dict[tuple[str, str], list[str]]:
    """(method, address) -> the answer to each caller."""
    table = {}
    for line in EXPECTED.read_text(encoding="utf-8").splitlines()[2:]:
        method, route, *answers = line.split()
        table[method, "" if route == "/" else route] = answers
    return table


@pytest.fixture(scope="module")
def made(once: Once) -> Scene:
    return once.made(make_scene)


@pytest.fixture
def scene(made: Scene, once: Once, db: None) -> Scene:
    cache.clear()
    return once.copy(made)


def fill(scene: Scene) -> dict[str, str]:
    """What stands for the placeholders of an address."""
    enterprise = scene.application.enterprise
    period = HighTechPeriod.objects.create(enterprise=enterprise, valid_from=make.NOW.date())
    advising, looked_up = make.advising(enterprise), scene.lookup
    certificate = looked_up.certificate
    fact = make.achievement(enterprise, "intensive.cultivation", make.NOW.date())
    asked = NewAccount("new-monitor", Role.MONITOR, "", make.PASSWORD)
    grant = open_account(asked, reason="监测", actor=scene.callers["system"], at=make.NOW)
    kept = save_filter(scene.callers["city"], "reviews", "超期", {"overdue": "on"}, at=make.NOW)
    finding = f"findings/{scene.answer.finding.number}"
    mark = f"priorities/{scene.priority.ledger_number}"
    check = f"credit-checks/{scene.check.ledger_number}"
    return {
        "credit-checks/<int:fact_number>/papers/<uuid:key>": f"{check}/papers/{scene.check.papers.get().pk}",
        "credit-checks/<int:fact_number>": check,
        "priorities/<int:fact_number>/papers/<uuid:key>": f"{mark}/papers/{scene.priority.papers.get().pk}",
        "priorities/<int:fact_number>": mark,
        "<int:year>": "2025",
        "<str:certificate_number>/files/<uuid:key>": f"{certificate.number}/files/{looked_up.screenshot_id}",
        "<str:certificate_number>": certificate.number,
        "findings/<str:number>/answers/<uuid:key>": f"{finding}/answers/{scene.answer.pk}",
        "findings/<str:number>": finding,
        "<str:number>": scene.application.number,
        "<slug:kind>.<str:form>": "enterprises.csv",
        "exports/<uuid:key>": f"exports/{an_export(scene).pk}",
        "<uuid:key>": str(scene.evidence.pk),
        "<uuid:evaluation>": str(scene.evidence.pk),  # none of theirs
        "<slug:batch>": "none",
        "notices/<slug:number>": "notices/GS2026000009",  # none yet; one is read in test_draw_rules.py
        "<uuid:import_key>": str(scene.file.key),
        "<slug:kind>": "enterprises",
        "<slug:what>": "errors",
        "<str:uscc>": enterprise.uscc,
        "advisers/<int:key>": f"advisers/{advising.pk}",
        "high-tech/<int:key>": f"high-tech/{period.pk}",
        "notifications/<int:key>": f"notifications/{scene.message.pk}",
        "filters/<int:key>": f"filters/{kept.pk}",
        "grants/<int:key>": f"grants/{grant.pk}",
        "<int:ledger_number>": str(fact.ledger_number),
        "<int:title_number>": str(scene.title.ledger_number),
        "<document:document_number>": a_paper(scene).number,
        "<str:code>": "nobodys-code",
        "<int:lockout>": "1",  # nobody is locked out
        "<int:entry>": str(fact.ledger_number),
        "plans/<slug:code>": "plans/12th",
        "<slug:code>": "guanbiao_enterprises",
    }


def an_export(scene: Scene) -> Job:
    """A long export that the city waits for."""
    asked = order("enterprises", "csv", QueryDict(), account=scene.callers["city"], at=make.NOW)
    return queue_export(asked)


def a_paper(scene: Scene) -> Document:
    """A letter in the application, whose file is not made yet."""
    row = scene.application
    drawn = Drawn(row, rules_of(row.rule_id).rule, "township", make.NOW.date())
    with transaction.atomic():
        return issue_papers(drawn, "return", actor=scene.callers["town"], at=make.NOW)[0]


def browser(scene: Scene, name: str) -> Client:
    person = scene.callers[name]
    return visitor(person) if person else Client()


def said(answer: HttpResponse) -> str:
    """The status; of a redirect, whether to the login."""
    if answer.status_code == 302:
        return "->" if answer["Location"].startswith("/accounts/login/") else "302"
    return str(answer.status_code)


def test_every_page_has_its_rows() -> None:
    table = expected()
    assert set(table) == {(method, route) for route in routes(urlpatterns) for method in ("GET", "POST")}
    assert all(len(answers) == len(ORDER) for answers in table.values())


@pytest.mark.parametrize("name", ORDER)
def test_each_role_gets_what_it_may(scene: Scene, name: str) -> None:
    words, wrong = fill(scene), {}
    signed_in = browser(scene, name)
    for (method, route), answers in expected().items():
        path = "/" + route
        for placeholder, value in words.items():
            path = path.replace(placeholder, value)
        with transaction.atomic():  # each from the same beginning
            client = Client()
            client.cookies.load(signed_in.cookies)
            got = said(client.get(path) if method == "GET" else client.post(path))
            transaction.set_rollback(True)
        if got != answers[ORDER.index(name)]:
            wrong[method, route] = (got, answers[ORDER.index(name)])
    assert wrong == {}


def test_out_of_scope_looks_exactly_like_absent(scene: Scene) -> None:
    client, row = browser(scene, "other"), scene.application
    uscc, key = row.enterprise.uscc, scene.evidence.pk
    pairs = [
        (f"applications/{row.number}/", f"applications/{ABSENT_NUMBER}/"),
        (f"applications/{row.number}/evidence/{key}/", f"applications/{ABSENT_NUMBER}/evidence/{key}/"),
        (f"applications/{row.number}/check/", f"applications/{ABSENT_NUMBER}/check/"),
        (f"findings/{scene.answer.finding.number}/", "findings/BF2026999999/"),
        (f"enterprises/{uscc}/amend/", f"enterprises/{ABSENT_CODE}/amend/"),
    ]
    for there, nowhere in pairs:
        answers = [client.get(f"/{path}") for path in (there, nowhere)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert words_of(answers[0]) == words_of(answers[1])
