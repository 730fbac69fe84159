"""What the API refuses, it refuses in the language that the request accepts: without a word of the other one."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override
from rest_framework.test import APIClient

from certification.services.applications import save_draft
from certification.services.door import bars
from certification.services.dossiers import missing_for
from certification.services.rulebooks import rules_of
from enterprises.models import Account, DeclaredInterest
from enterprises.roles import Role
from tests import factories
from tests.factories import NOW, OTHER_TOWN, TOWN, VALUES

from .asking import act, client_of, get, patch, post, upload

pytestmark = pytest.mark.django_db
CULTIVATION, IMPLEMENTATION = "guanbiao.cultivation", "guanbiao.implementation"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
Asked = Callable[[APIClient], Any]


def speaking(language: str, account: Account | None = None) -> APIClient:
    client = client_of(account)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return client


def chinese_in(body: Any) -> list[str]:
    return CHINESE.findall(json.dumps(body, ensure_ascii=False))


def told(asked: Asked, account: Account | None = None) -> tuple[str, str]:
    """What a Chinese and an English reader are told about the same thing; both with the same codes and fields."""
    chinese, english = asked(speaking("zh-CN", account)), asked(speaking("en", account))
    assert chinese_in(english) == []
    assert [(reason["field"], reason["code"]) for reason in chinese.get("errors", ())] == [
        (reason["field"], reason["code"]) for reason in english.get("errors", ())
    ]
    assert all(chinese_in(reason["message"]) for reason in chinese.get("errors", ()))
    return chinese["detail"], english["detail"]


DAYS = [
    (
        {"as_of": "2015-01-01"},
        "查询日期 2015-01-01 早于规划期（2016-01-01 起）（请选择 2015-12-31 至 2026-11-20 之间的日期）",
        "The day asked for, 2015-01-01, is before the plan (from 2016-01-01)"
        " (Please choose a day from 2015-12-31 to 2026-11-20)",
    ),
    (
        {"as_of": "2026-11-21"},
        "查询日期 2026-11-21 晚于今天 2026-11-20（请选择 2015-12-31 至 2026-11-20 之间的日期）",
        "The day asked for, 2026-11-21, is after today, 2026-11-20 (Please choose a day from 2015-12-31 to 2026-11-20)",
    ),
    ({"plan": "99th"}, "参数 plan 的值“99th”不是已有的规划", 'Parameter plan: value "99th" is not a known plan'),
    ({"wrong": "1"}, "不认识的参数“wrong”", 'Unknown parameter "wrong"'),
]


@pytest.mark.parametrize(("query", "chinese", "english"), DAYS)
def test_a_question_that_has_no_answer(query: dict[str, str], chinese: str, english: str) -> None:
    in_chinese, in_english = told(lambda client: get(client, "totals/", 400, **query))
    assert in_chinese.startswith(chinese)
    assert in_english.startswith(english)


def test_who_sends_no_preference_reads_chinese() -> None:
    assert get(client_of(None), "totals/", 400, as_of="2015-01-01")["title"] == "请求内容有误"
    assert get(speaking("en"), "totals/", 400, as_of="2015-01-01")["title"] != "请求内容有误"


BAD_FILES = [
    ({"uscc": "91320412MA000000"}, "应为 18 位，现为 16 位", "has 18 characters, this one 16"),
    ({"uscc": "91320412MA000000IO"}, "不使用字符“I、O”", 'does not use the characters "I, O"'),
    ({"name": "A"}, "企业名称至少 2 个字", "at least 2 characters"),
    ({"township": "999999999"}, "区划代码“999999999”不存在", 'no division with the code "999999999"'),
    ({"industry": "ZZZ"}, "“ZZZ”不是 GB/T 4754 行业代码", '"ZZZ" is not a GB/T 4754 industry code'),
    ({"established_on": "1800-01-01"}, "成立日期 1800-01-01 早于 1900-01-01", "1800-01-01 is before 1900-01-01"),
    ({"established_on": "2999-01-01"}, "成立日期 2999-01-01 晚于今天", "2999-01-01 is after today"),
]


@pytest.mark.parametrize(("changes", "chinese", "english"), BAD_FILES)
def test_an_enterprise_that_cannot_be_registered(changes: dict[str, str], chinese: str, english: str) -> None:
    newcomer = factories.account(Role.APPLICANT)
    asked = {"uscc": factories.credit_code(), "name": "Changzhou Trial", "township": TOWN, **changes}
    in_chinese, in_english = told(lambda client: post(client, "enterprises/", asked, 400), newcomer)
    assert chinese in in_chinese
    assert english in in_english


def test_a_code_that_is_registered_and_a_person_who_may_not() -> None:
    there = factories.enterprise()
    newcomer, applicant = factories.account(Role.APPLICANT), factories.applicant()
    asked = {"uscc": there.uscc, "name": "Changzhou Trial", "township": TOWN}
    in_chinese, in_english = told(lambda client: post(client, "enterprises/", asked, 409), newcomer)
    assert f"统一社会信用代码 {there.uscc} 的企业已登记" in in_chinese
    assert f"code {there.uscc} is registered already" in in_english
    own = f"enterprises/{applicant.enterprise.uscc}/"
    in_chinese, in_english = told(lambda client: patch(client, own, {"innovation_tier": "leading"}, 403), applicant)
    assert "由审核部门登记" in in_chinese
    assert "registered by the reviewing authority" in in_english


def test_everything_that_an_application_lacks() -> None:
    own = factories.applicant()
    number = factories.draft(own).number
    in_chinese, in_english = told(lambda client: act(client, number, "submit", 400), own)
    assert "请填写“法定代表人”" in in_chinese
    assert 'Please fill in "Legal representative"' in in_english
    assert "缺材料：贯标承诺书（盖章）" in in_chinese
    assert "Missing paper: Commitment letter, sealed" in in_english
    seen = get(speaking("en", own), f"applications/{number}/")["missing"]
    assert {reason["code"] for reason in seen} == {"field_missing", "evidence_missing"}
    assert [chinese_in(reason) for reason in seen if chinese_in(reason)] == []


def test_a_stage_that_comes_later() -> None:
    own = factories.applicant()
    factories.achievement(own.enterprise, CULTIVATION, date(2026, 11, 1))
    number = factories.draft(own, stage=IMPLEMENTATION).number
    in_chinese, in_english = told(lambda client: act(client, number, "submit", 400), own)
    assert "“入库培育”满 1 个月后方可申报，最早 2026-12-01" in in_chinese
    assert 'Possible after "Cultivation" has been held for 1 month(s), on 2026-12-01 at the earliest' in in_english
    assert "除必选章节外，至少再选 1 个模块，现选 0 个" in in_chinese
    assert "Modules to choose besides the obligatory chapters: at least 1; now 0" in in_english
    outlook = get(speaking("en", own), f"enterprises/{own.enterprise.uscc}/")["outlook"]
    assert [chinese_in(stage["missing"]) for stage in outlook if chinese_in(stage["missing"])] == []
    again = {"enterprise": own.enterprise.uscc, "stage": CULTIVATION}
    in_chinese, in_english = told(lambda client: post(client, "applications/", again, 409), own)
    assert "“入库培育”已于 2026-11-01 取得，无需再次申报" in in_chinese
    assert '"Cultivation" was reached on 2026-11-01' in in_english


WRONG = {
    "legal_representative": ("x" * 41, "“法定代表人”最多 40 字，现 41 字", '"Legal representative": at most 40'),
    "main_business": (7, "“主营业务”应为文字", '"Main business" must be text'),
    "employees": (0, "“职工人数”不得小于 1人", '"Employees" must not be less than 1 people'),
    "valid_patents": ("1.5", "“有效专利数”应为整数，现为“1.5”", '"Valid patents" must be a whole number, now "1.5"'),
    "planned_start_on": (
        "soon",
        "应为日期（如 2026-03-01），现为“soon”",
        'must be a day (such as 2026-03-01), now "soon"',
    ),
    "nothing": ("1", "字段“nothing”不属于本申报", 'The field "nothing" does not belong'),
}


def test_values_that_do_not_fit() -> None:
    own = factories.applicant()
    number = factories.draft(own).number
    given = {"fields": {name: value for name, (value, *_) in WRONG.items()}, "modules": ["9.9"]}
    in_chinese, in_english = told(lambda client: patch(client, f"applications/{number}/", given, 400), own)
    for _value, chinese, english in WRONG.values():
        assert chinese in in_chinese
        assert english in in_english


def test_moves_that_are_not_possible() -> None:
    own, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(own), "submit", own)
    stranger = factories.account(Role.TOWNSHIP_REVIEWER, township=OTHER_TOWN)
    answers = [
        told(lambda client: act(client, row.number, "submit", 409), own),
        told(lambda client: act(client, row.number, "accept", 403), own),
        told(lambda client: patch(client, f"applications/{row.number}/", {"fields": VALUES[CULTIVATION]}, 409), own),
        told(lambda client: act(client, row.number, "return", 400), staff["township"]),
        told(lambda client: act(client, row.number, "accept", 404), stranger),
    ]
    assert "该申报现为“待受理”，不能进行此操作" in answers[0][0]
    assert 'This application is "Awaiting acceptance" now' in answers[0][1]
    assert "您的账户不能在该申报的当前环节进行此操作" in answers[1][0]
    assert "Your account cannot do this" in answers[1][1]


def test_what_keeps_a_reviewer_out() -> None:
    own, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(own), "submit", own)
    DeclaredInterest.objects.create(
        account=staff["township"], enterprise=own.enterprise, reason="family", declared_at=NOW
    )
    in_chinese, in_english = told(lambda client: act(client, row.number, "accept", 403), staff["township"])
    assert in_chinese == "您与该企业有利害关系，应当回避"
    assert in_english == "You have an interest in this enterprise and must step aside"
    with override("en"):
        assert [bar.message for bar in bars(row, staff["township"])] == [in_english]


def test_a_version_that_is_no_longer_there() -> None:
    own = factories.applicant()
    row = factories.draft(own)
    save_draft(row, fields={"employees": 5}, actor=own, at=NOW)
    given = {"fields": {"employees": 7}}
    stale = {"If-Match": f'"{row.version}"'}
    in_chinese, in_english = told(lambda client: patch(client, f"applications/{row.number}/", given, 412, **stale), own)
    assert "内容已被他人修改" in in_chinese
    assert "changed by someone else" in in_english


@pytest.mark.parametrize(
    ("name", "content", "chinese", "english"),
    [
        ("a.exe", b"MZ", "请上传 pdf、jpg、png、xlsx、docx", "Please upload pdf, jpg, png, xlsx, docx"),
        ("a.pdf", b"", "文件“a.pdf”是空的（0 字节）", 'The file "a.pdf" is empty (0 bytes)'),
        ("a.docx", b"PK", "文件“a.docx”的内容与扩展名不符或已损坏", 'The contents of the file "a.docx"'),
        ("a.pdf", b"%PDF-1.4\n/JavaScript (x)\n%%EOF", "含有脚本", 'The PDF "a.pdf" contains scripts'),
    ],
)
def test_a_paper_that_is_not_taken(name: str, content: bytes, chinese: str, english: str) -> None:
    own = factories.applicant()
    number = factories.draft(own).number

    def sent(client: APIClient) -> Any:
        return upload(client, number, "commitment_letter", content, name).json()

    in_chinese, in_english = told(sent, own)
    assert chinese in in_chinese
    assert english in in_english


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("get", "absent/", None, 404),
        ("get", "enterprises/", None, 401),
        ("put", "totals/", "{}", 405),
        ("post", "auth/token/", "{", 400),
        ("post", "auth/token/", '{"username": "x", "username": "y"}', 400),
        ("post", "auth/token/", '{"username": 5}', 400),
        ("post", "auth/token/", '{"username": "nobody", "password": "wrong"}', 401),
    ],
)
def test_requests_that_are_none(method: str, path: str, body: str | None, status: int) -> None:
    def sent(client: APIClient) -> Any:
        answer = client.generic(method.upper(), f"/api/v1/{path}", body or "", content_type="application/json")
        assert answer.status_code == status
        return answer.json()

    in_chinese, in_english = told(sent)
    assert chinese_in(in_chinese)
    assert in_english


def test_rules_kept_in_memory_speak_to_everyone_in_their_own_language() -> None:
    """A frozen rulebook is read once in a process, whoever comes first."""
    own = factories.applicant()
    factories.step(factories.filled(own), "submit", own)
    other = factories.applicant()
    row = factories.draft(other)
    said = []
    for language in ("en", "zh-hans", "en"):
        with override(language):
            rules = rules_of(row.rule_id)
            missing = missing_for(row, rules, on=NOW.date())
            said.append([(refusal.message, refusal.remedy, refusal.rule) for refusal in missing])
    english, chinese, again = said
    assert english == again
    assert chinese_in(english) == []
    assert all(chinese_in(part) for part in chinese)
