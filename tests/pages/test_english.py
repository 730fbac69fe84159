"""Pages in English say nothing in Chinese but names: of enterprises, places, people, files, and what was typed."""

import re

import pytest
from django.conf import settings
from django.test import Client

from enterprises.models import Account, Division, Enterprise
from enterprises.roles import Role

from ..factories import VALUES, account, applicant, approved, filled, reviewers, step
from .reading import text_of
from .visiting import page, visitor

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
PUBLIC = ["/", "/enterprises/", "/plans/12th/", "/notices/", "/verify/", "/accounts/login/", "/nowhere/"]


def chinese_of(client: Client, path: str, *, status: int = 200) -> list[str]:
    """What a page says in Chinese besides names, typed words and the switch back."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(path)
    assert answer.status_code == status
    names = {"中文", "材料.pdf", "王*", *Enterprise.objects.values_list("name", flat=True)}
    names |= set(Division.objects.values_list("name", flat=True))
    names |= {str(word) for values in VALUES.values() for word in values.values()}
    text = text_of(answer)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return CHINESE.findall(text)


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(world, path):
    assert chinese_of(Client(), path, status=404 if path == "/nowhere/" else 200) == []


@pytest.mark.parametrize("path", ["/monitor/", "/monitor/indicators/guanbiao_enterprises/"])
def test_monitor(world, path):
    assert chinese_of(visitor(account(Role.MONITOR)), path) == []


def test_applicant_pages_with_everything_filled_in(db):
    actor = applicant()
    row = filled(actor)
    paths = [page(row, part) for part in ("", "fields/", "evidence/", "check/")]
    code = actor.enterprise.uscc
    paths += [f"/enterprises/{code}/", f"/enterprises/{code}/amend/", "/accounts/password/"]
    client = visitor(actor)
    said = {path: chinese_of(client, path) for path in paths}
    assert {path: words for path, words in said.items() if words} == {}


def test_reviewer_pages(db):
    actor, staff = applicant(), reviewers()
    row = step(filled(actor), "submit", actor)
    client = visitor(staff["township"])
    assert chinese_of(client, "/reviews/") == []
    assert chinese_of(client, page(row)) == []


def test_a_full_enterprise_file_with_its_timeline(db):
    actor, staff = applicant(), reviewers()
    approved(actor, staff)
    city: Account = staff["city"]
    assert chinese_of(visitor(city), f"/enterprises/{actor.enterprise.uscc}/") == []
