"""The pages of titles: the list by who asks, recording with a search, one title, what the public sees."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.models import Achievement
from enterprises.roles import Role
from tests import factories as make

from .visiting import visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Client:
    return visitor(make.account(Role.CITY_REVIEWER))


def asked(**said: object) -> dict[str, str]:
    return {name: str(value or "") for name, value in {**make.TITLE, **said}.items()}


def test_the_city_finds_an_enterprise_and_records_its_title(city: Client) -> None:
    there = make.enterprise(name="常州称号试验有限公司")
    assert "请至少输入两个字" in words(city.get("/titles/new/", {"search": "常"}))
    assert there.uscc in words(city.get("/titles/new/", {"search": "称号试验"}))
    answer = city.post(f"/enterprises/{there.uscc}/titles/", asked())
    row = Achievement.objects.get(enterprise=there)
    assert answer["Location"] == f"/titles/{row.ledger_number}/"
    said = words(city.get(answer["Location"]))
    assert all(word in said for word in ("国知发运函〔2023〕108号", "国家级", "2026-12-01"))


def test_what_cannot_be_stands_at_its_field(city: Client) -> None:
    there = make.enterprise()
    answer = city.post(f"/enterprises/{there.uscc}/titles/", asked(effective_on="2009-01-01", document=""))
    said = words(answer)
    assert answer.status_code == 400
    assert "早于企业成立日期 2010-01-01" in said
    assert "请填写“文号”" in said


def test_failing_revokes_on_the_page_and_passing_opens_the_next_period(city: Client) -> None:
    failed, passed = make.title(), make.title()
    said = {"examined_on": "2026-11-02", "words": "复核意见一"}
    city.post(f"/titles/{failed.ledger_number}/reexaminations/", {**said, "passed": "failed"})
    page = words(city.get(f"/titles/{failed.ledger_number}/"))
    assert "复核未通过，称号撤销" in page
    assert "登记复核结果" not in page
    period = {"passed": "passed", "valid_until": "2029-12-31"}
    city.post(f"/titles/{passed.ledger_number}/reexaminations/", {**said, **period})
    assert "新的有效期至 2029-12-31" in words(city.get(f"/titles/{passed.ledger_number}/"))
    answer = city.post(f"/titles/{failed.ledger_number}/reexaminations/", {**said, "passed": "passed"})
    assert answer.status_code == 409


def test_each_sees_the_titles_of_their_sight(city: Client) -> None:
    near, far = make.title(make.enterprise(name="近处有限公司")), make.title(make.enterprise(township=make.FAR_TOWN))
    unit = visitor(make.account(Role.DISTRICT_REVIEWER, unit="liyang"))
    assert far.enterprise.name in words(unit.get("/titles/"))
    assert near.enterprise.name not in words(unit.get("/titles/"))
    own = visitor(make.applicant(near.enterprise))
    assert own.get(f"/titles/{near.ledger_number}/").status_code == 200
    assert own.get(f"/titles/{far.ledger_number}/").status_code == 404
    assert "称号与培育" in words(own.get("/workspace/"))


def test_the_list_is_narrowed_and_asks_no_more_for_more(city: Client) -> None:
    first = make.title()
    make.guided()

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert city.get("/titles/").status_code == 200
        return len(caught)

    count()
    few = count()
    for _ in range(3):
        make.reexamination(make.title())
    assert count() == few
    rows = words(city.get("/titles/", {"due": "soon", "stage": "honour.national_advantage", "year": "2023"}))
    assert first.enterprise.name in rows
    assert "这里没有称号" in words(city.get("/titles/", {"due": "overdue"}))


def test_the_public_sees_document_and_standing_and_nothing_private(city: Client) -> None:
    row = make.title()
    make.reexamination(row, words="内部复核意见", valid_until=date(2029, 12, 31))
    make.guidance(make.guided(row.enterprise), done="内部指导内容")
    page = words(Client().get(f"/enterprises/{row.enterprise.uscc}/"))
    assert all(word in page for word in ("国知发运函〔2023〕108号", "国家级", "2029-12-31"))
    said = Client().get(f"/enterprises/{row.enterprise.uscc}/linked-data/").content.decode()
    assert "内部" not in page + said
    found = [each for each in json.loads(said)["hasCertification"] if each.get("certificationIdentification")]
    assert {each["name"] for each in found} == {"国家知识产权优势企业", "密集型培育（年度指导）"}
    assert found[-1]["expires"] == "2029-12-31"


def test_guidance_shows_on_the_page_and_against_the_plan(city: Client) -> None:
    row = make.guided()
    said = {"on": "2026-06-01", "by": "指导组", "done": "专利导航", "achieved": "方案一份"}
    city.post(f"/titles/{row.ledger_number}/guidance/", said)
    assert "专利导航" in words(city.get(f"/titles/{row.ledger_number}/"))
    assert "规划要求每年" in words(city.get("/titles/", {"stage": "intensive.cultivation"}))


def test_a_correction_leads_to_the_title_as_it_ought_to_be(city: Client) -> None:
    row = make.title()
    answer = city.post(f"/titles/{row.ledger_number}/correction/", asked(document="国知发〔2023〕1号", ground="抄错"))
    assert answer.status_code == 302
    assert "国知发〔2023〕1号" in words(city.get(answer["Location"]))
    assert "录入错误" in words(city.get(f"/titles/{row.ledger_number}/"))
