"""The pages of the inputs of eligibility: lists, recording with a document, correction, what each reader sees."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.models import CreditCheck, Priority, YearFigures
from enterprises.roles import Role
from tests import factories as make
from tests import facts

from .visiting import visitor, words

pytestmark = pytest.mark.django_db
CHECK = {"source": "credit_china", "result": "clear", "checked_on": "2026-09-01", "ground": "", "valid_until": ""}


@pytest.fixture
def city() -> Client:
    return visitor(make.account(Role.CITY_REVIEWER))


def questions(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_the_city_finds_an_enterprise_and_records_a_check_with_its_screenshot(city: Client) -> None:
    there = make.enterprise(name="常州信用试验有限公司")
    assert there.uscc in words(city.get("/credit-checks/new/", {"search": "信用试验"}))
    shot = SimpleUploadedFile("截图.pdf", make.PDF)
    answer = city.post(f"/enterprises/{there.uscc}/credit-checks/", {**CHECK, "file": shot})
    row = CreditCheck.objects.get(enterprise=there)
    assert answer["Location"] == f"/credit-checks/{row.ledger_number}/"
    page = words(city.get(answer["Location"]))
    assert all(word in page for word in ("信用中国", "未见不良记录", "2027-03-01", "截图.pdf"))
    paper = row.papers.get()
    handed = city.get(f"/credit-checks/{row.ledger_number}/papers/{paper.pk}/")
    assert (handed.content, handed["Content-Security-Policy"]) == (make.PDF, "sandbox")


def test_what_cannot_be_of_a_check_stands_at_its_field(city: Client) -> None:
    there = make.enterprise()
    answer = city.post(f"/enterprises/{there.uscc}/credit-checks/", {**CHECK, "result": "adverse", "source": ""})
    assert answer.status_code == 400
    assert "有不良记录的，请写明是什么记录" in words(answer)
    assert "请填写“核查渠道”" in words(answer)
    assert not CreditCheck.objects.exists()


def test_a_check_is_corrected_and_annulled_on_its_page(city: Client) -> None:
    row = facts.check()
    path = f"/credit-checks/{row.ledger_number}/"
    right = {**CHECK, "result": "adverse", "ground": "行政处罚"}
    refused = city.post(f"{path}correction/", {**right, "ground_of_correction": ""})
    assert (refused.status_code, "请写明依据和理由" in words(refused)) == (400, True)
    answer = city.post(f"{path}correction/", {**right, "ground_of_correction": "结果抄错"})
    newer = CreditCheck.objects.get(replaces=row)
    assert answer["Location"] == f"/credit-checks/{newer.ledger_number}/"
    old = words(city.get(path))
    assert "录入错误，已注销" in old
    assert "结果抄错" in old
    assert "注销误记的记录" not in old
    assert city.post(f"/credit-checks/{newer.ledger_number}/annulment/", {"ground": ""}).status_code == 400
    city.post(f"/credit-checks/{newer.ledger_number}/annulment/", {"ground": "他企业的记录"})
    newer.refresh_from_db()
    assert newer.annulled_ground == "他企业的记录"
    assert city.post(f"{path}annulment/", {"ground": "再次"}).status_code == 409


def test_each_sees_the_checks_of_their_sight_and_the_public_none() -> None:
    near = facts.check(make.enterprise(name="近处有限公司"), result="adverse", ground="内部处罚内容")
    far = facts.check(make.enterprise(township=make.FAR_TOWN))
    unit = visitor(make.account(Role.DISTRICT_REVIEWER, unit="liyang"))
    assert far.enterprise.name in words(unit.get("/credit-checks/"))
    assert near.enterprise.name not in words(unit.get("/credit-checks/"))
    own = visitor(make.applicant(near.enterprise))
    assert own.get(f"/credit-checks/{near.ledger_number}/").status_code == 200
    assert own.get(f"/credit-checks/{far.ledger_number}/").status_code == 404
    assert "有不良记录" in words(own.get("/workspace/"))
    public = words(Client().get(f"/enterprises/{near.enterprise.uscc}/"))
    assert "信用核查" not in public
    assert "内部处罚内容" not in public


def test_the_list_of_checks_is_narrowed_and_asks_no_more_for_more(city: Client) -> None:
    row = facts.check()
    few = questions(city, "/credit-checks/")
    for _ in range(3):
        facts.check()
    assert questions(city, "/credit-checks/") == few
    narrowed = {"source": "credit_china", "result": "clear", "state": "valid", "on": "2026-10-01"}
    assert row.enterprise.name in words(city.get("/credit-checks/", narrowed))
    assert "这里没有信用核查" in words(city.get("/credit-checks/", {**narrowed, "on": "2026-08-01"}))


def test_a_priority_is_recorded_listed_and_ended_on_the_pages(city: Client) -> None:
    there = make.enterprise()
    said = {"kind": "industry_chain", "value": "轨道交通", "document": "常工信〔2026〕1号", "valid_from": "2026-01-01"}
    refused = city.post(f"/enterprises/{there.uscc}/priorities/", {**said, "value": "造船", "valid_until": ""})
    assert "没有“造船”这一项" in words(refused)
    answer = city.post(f"/enterprises/{there.uscc}/priorities/", {**said, "valid_until": ""})
    row = Priority.objects.get(enterprise=there)
    path = f"/priorities/{row.ledger_number}/"
    assert answer["Location"] == path
    assert there.name in words(city.get("/priorities/", {"kind": "industry_chain", "value": "轨道交通"}))
    assert "这里没有优先标识" in words(city.get("/priorities/", {"state": "ended"}))
    assert city.post(f"{path}end/", {"last_day": "2025-12-31", "ground": "移出"}).status_code == 400
    assert city.post(f"{path}end/", {"last_day": "2026-06-30", "ground": "移出名单"})["Location"] == path
    page = words(city.get(path))
    assert "已终止" in page
    assert "移出名单" in page
    own = visitor(make.applicant(there))
    assert "轨道交通" in words(own.get("/workspace/"))
    assert "轨道交通" not in words(Client().get(f"/enterprises/{there.uscc}/"))


def filled(**said: str) -> dict[str, str]:
    return {f"value_{code}": value for code, value in {**facts.FIGURES, **said}.items()}


def test_the_enterprise_fills_its_year_in_with_last_years_beside_it() -> None:
    last = facts.figures(year=2024, staff="300")
    own = visitor(make.applicant(last.enterprise))
    path = f"/enterprises/{last.enterprise.uscc}/figures/2025/"
    assert "300" in words(own.get(path))
    assert own.post(path, filled()).status_code == 400  # without the version that was looked at
    refused = own.post(path, filled(staff="900", own_ip_share="101") | {"version": "0"})
    assert "最大为 100，现为 101" in words(refused)
    asked = own.post(path, filled(staff="900") | {"version": "0"})
    assert (asked.status_code, "上年 300，相差很大" in words(asked)) == (400, True)
    assert 'name="explained_staff"' in asked.content.decode()
    told = {"version": "0", "explained_staff": "合并子公司"}
    assert own.post(path, filled(staff="900") | told)["Location"] == path
    row = YearFigures.objects.get(year=2025)
    assert row.values.get(item="staff").explained == "合并子公司"
    assert own.post(path, filled(staff="900") | told).status_code == 409
    assert "2025" in words(own.get("/workspace/"))


def test_reviewers_read_figures_and_the_public_sees_none(city: Client) -> None:
    row = facts.figures(make.enterprise(name="年报试验有限公司"))
    path = f"/enterprises/{row.enterprise.uscc}/figures/2025/"
    page = words(city.get(path))
    assert "62.5" in page
    assert "保存并记入台账" not in page
    assert city.post(path, filled() | {"version": "1"}).status_code == 403
    assert "年报试验有限公司" in words(city.get("/figures/", {"item": "staff", "year": "2025"}))
    assert "这里没有年度数据" in words(city.get("/figures/", {"year": "2020"}))
    assert "2025" in words(city.get(f"/enterprises/{row.enterprise.uscc}/figures/"))
    assert "年度数据" not in words(Client().get(f"/enterprises/{row.enterprise.uscc}/"))
    few = questions(city, "/figures/")
    facts.figures()
    assert questions(city, "/figures/") == few
