"""Pages in English say nothing in Chinese but names: of enterprises, places, people, files, and what was typed."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from enterprises.models import Account, Division, Enterprise
from enterprises.roles import Role

from ..factories import PASSWORD, VALUES, account, applicant, approved, draft, filled, reviewers, step
from .reading import text_of
from .visiting import act, page, visitor

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
PUBLIC = ["/", "/enterprises/", "/plans/12th/", "/notices/", "/verify/", "/accounts/login/", "/nowhere/"]


def chinese_of(client: Client, path: str, *, status: int = 200) -> list[str]:
    """What a page says in Chinese besides names, typed words and the switch back."""
    answer = in_english(client).get(path)
    assert answer.status_code == status
    return chinese_words(answer)


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def chinese_words(answer: HttpResponse) -> list[str]:
    names = {"中文", "材料.pdf", "王*", "王五", *Enterprise.objects.values_list("name", flat=True)}
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


def test_what_an_application_still_lacks(db):
    actor = applicant()
    row, client = draft(actor), visitor(actor)
    said = {path: chinese_of(client, path) for path in ("/workspace/", page(row, "check/"))}
    assert {path: words for path, words in said.items() if words} == {}


def refused_in_english(answer: HttpResponse, status: int, *said: str) -> None:
    assert answer.status_code == status
    assert [words for words in said if words not in text_of(answer)] == []
    assert chinese_words(answer) == []


def test_a_registration_that_is_refused(db):
    client = in_english(visitor(account(Role.APPLICANT)))
    asked = {"uscc": "91320412MA000000IO", "name": "A", "township": "999999999", "established_on": "2999-01-01"}
    answer = client.post("/workspace/register/", asked)
    refused_in_english(
        answer,
        400,
        'A unified social credit code does not use the characters "I, O"; Please enter the 18 characters',
        "An enterprise's name has at least 2 characters",
        'There is no division with the code "999999999"',
        "The day of establishment 2999-01-01 is after today",
    )


def test_an_application_with_wrong_values_papers_and_too_little(db):
    actor = applicant()
    row, client = draft(actor), in_english(visitor(actor))
    values = {"version": row.version, "employees": "many", "valid_patents": "-1", "planned_start_on": "2026-02-30"}
    refused_in_english(
        client.post(page(row, "fields/"), values),
        400,
        '"Employees" must be a number, now "many"',
        '"Valid patents" must not be less than 0 items',
        '"Planned start" must be a day (such as 2026-03-01), now "2026-02-30"',
    )
    paper = {"file-commitment_letter": SimpleUploadedFile("a.exe", b"MZ")}
    refused_in_english(client.post(page(row, "evidence/"), paper), 400, "is not accepted; Please upload pdf, jpg, png")
    refused_in_english(
        act(client, row, "submit"),
        400,
        'Please fill in "Legal representative"',
        "Missing paper: Commitment letter, sealed",
    )


def test_moves_that_are_refused(db):
    actor, staff = applicant(), reviewers()
    row = step(filled(actor), "submit", actor)
    township = in_english(visitor(staff["township"]))
    refused_in_english(act(township, row, "return"), 400, "Please state the reason; A return names all defects at once")
    answer = in_english(visitor(actor)).post(page(row, "fields/"), {"version": row.version})
    refused_in_english(answer, 409, "This application has been submitted and cannot be changed")
    row.version -= 1
    refused_in_english(act(township, row, "accept"), 409, "Someone else has dealt with this application")


def test_a_day_before_the_plan(world):
    answer = in_english(visitor(account(Role.MONITOR))).get("/monitor/?as_of=2015-01-01")
    refused_in_english(
        answer, 400, "The day asked for, 2015-01-01, is before the plan (from 2016-01-01)", "Please choose a day from"
    )


def test_a_form_of_the_officers(db):
    client = in_english(visitor(account(Role.SYSTEM_ADMIN)))
    asked = {"username": "new", "role": Role.TOWNSHIP_REVIEWER, "scope": "1", "reason": "new", "password": PASSWORD}
    answer = client.post("/officers/grants/account/", asked)
    said = text_of(answer)
    assert 'The scope "1" does not fit the role "Township reviewer"' in said
    assert "The kinds of scope of this role: Township" in said
    assert [words for words in CHINESE.findall(said) if words != "中文"] == []
