"""The enterprise sees every condition of the batch, met or not, with what it rests on and its remedy: pages and API."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.selection.eligibility import Asked, Kind
from tests import factories as make
from tests import facts, ranked
from tests.ranked import RULES

pytestmark = pytest.mark.django_db
TERMS = replace(RULES, eligibility=(*RULES.eligibility, Asked(Kind.CREDIT, basis="公告第三条")))
HEADING = "本批次的申报条件"


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def person():
    ranked.opened(make.reviewers()["city"], terms=TERMS)
    return ranked.ready()


def visitor(account):
    client = Client()
    client.force_login(account)
    return client


def test_the_workspace_tells_all_conditions_before_anything_is_begun(person):
    facts.check(person.enterprise)
    page = visitor(person).get("/workspace/").content.decode()
    assert HEADING in page
    section = page[page.index(HEADING) :]
    section = section[: section.index("</ul>")]
    assert section.count("<li") == 4
    assert section.count('class="is-done"') == 2
    assert section.count('class="is-missing"') == 1
    assert "取得" in section  # what is met says on what it rests
    assert "没有 国家企业信用信息公示系统 的信用核查结果" in section
    assert "请联系所在辖市区办理 国家企业信用信息公示系统" in section
    assert "公告第三条" in section
    assert "未满足，不影响申报" in section  # high-tech status is only told


def test_it_reads_in_english(person):
    client = visitor(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/workspace/").content.decode()
    assert "Conditions of this batch" in page
    assert "There is no credit check with Credit China" in page


def test_the_application_tells_them_too_and_what_is_met_stays(person):
    for source in ("credit_china", "market_regulator"):
        facts.check(person.enterprise, source=source)
    row = make.filled(person, stage=ranked.STAGE)
    page = visitor(person).get(f"/applications/{row.number}/check/").content.decode()
    assert HEADING in page
    assert "无失信记录" in page
    assert "各项已齐，可以提交" in page


def test_more_checks_cost_no_more_questions(person):
    client = visitor(person)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/workspace/").status_code == 200
        return len(found)

    facts.check(person.enterprise)
    asked()
    before = asked()
    for source in ("market_regulator", "ip_office"):
        facts.check(person.enterprise, source=source)
    assert asked() == before


def test_the_api_says_the_same(person):
    found = visitor(person).get(f"/api/v1/enterprises/{person.enterprise.uscc}/").json()["outlook"]
    (stage,) = [each for each in found if each["stage"] == ranked.STAGE]
    said = {each["kind"]: each for each in stage["conditions"]}
    assert {kind: each["is_met"] for kind, each in said.items()} == {
        **{"reached": True, "not_holding": True},
        **{"high_tech": False, "credit_check": False},
    }
    assert not said["reached"]["remedy"]
    assert said["credit_check"]["remedy"]
    assert said["credit_check"]["basis"] == "公告第三条"
    assert all(not each["conditions"] for each in found if each["stage"] != ranked.STAGE)
