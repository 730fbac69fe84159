"""The pages of an evaluation: the expert's sheet, the city's batch, the enterprise's result, the public notice."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.forms.panels import points_typed
from certification.models import Application, Batch, Evaluation, SelfScore, SiteVisit
from certification.services.door import Remark
from certification.services.public_notices import publish_results, recognise
from tests import factories as make
from tests import panels

from .visiting import visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def staff() -> Any:
    return make.reviewers()


@pytest.fixture
def case(staff: Any) -> Application:
    for _ in range(3):
        panels.expert(staff["city"])
    panels.batch(staff["city"])
    return panels.sent(panels.ready(), staff)


def seat(case: Application, city: Any) -> Evaluation:
    for action in ("close", "score"):
        visitor(city).post(f"/batches/{case.batch.code}/actions/", {"action": action})
    return case.evaluations.select_related("expert", "application__batch__sheet").order_by("place")[0]


def typed(row: Evaluation, **changed: str) -> dict[str, str]:
    found = {}
    for code, given in panels.points(row).items():
        found |= {f"points.{code}": str(given.points), f"reason.{code}": given.reason, f"advice.{code}": "请改进"}
    return found | changed


def test_the_sheet_is_kept_while_typing_and_handed_in_once(case: Application, staff: Any) -> None:
    row = seat(case, staff["city"])
    client, path = visitor(row.expert), f"/evaluations/{row.key}/"
    assert "知识产权方针和目标" in client.get(path).content.decode()
    kept = client.post(f"{path}scores/", {"points.policy": "8.5", "reason.audit": "待核", "by-itself": "1"})
    assert (kept.status_code, row.scores.count()) == (200, 2)
    wrong = client.post(f"{path}scores/", {"points.policy": "87.505", "by-itself": "1"})
    assert (wrong.status_code, row.scores.count()) == (400, 2)
    assert "87.505" in wrong.json()["refused"][0]
    half = client.post(f"{path}scores/", {"points.policy": "8.5", "then": "hand-in"})
    assert half.status_code == 400
    assert "还没有评分" in half.content.decode()
    assert client.post(f"{path}scores/", typed(row) | {"then": "hand-in"}).status_code == 302
    again = client.post(f"{path}scores/", typed(row) | {"then": "hand-in"})
    assert again.status_code == 409
    assert "不能再次评分" in again.content.decode()


def test_an_expert_reads_the_papers_and_steps_back(case: Application, staff: Any) -> None:
    row = seat(case, staff["city"])
    client, paper = visitor(row.expert), case.evidence.all()[0]
    assert client.get(f"/evaluations/{row.key}/evidence/{paper.pk}/").status_code == 200
    assert client.get(f"/applications/{case.number}/").status_code == 404
    assert visitor(make.account("expert")).get(f"/evaluations/{row.key}/").status_code == 404
    assert client.post(f"/evaluations/{row.key}/step-back/", {"comment": ""}).status_code == 400
    assert client.post(f"/evaluations/{row.key}/step-back/", {"comment": "师生关系"}).status_code == 302
    assert client.get(f"/evaluations/{row.key}/").status_code == 404


def test_the_city_sees_who_scored_and_confirms_all_at_once(case: Application, staff: Any) -> None:
    city = staff["city"]
    held, client = panels.scored(case, city, "0.9", "0.6", "0.9"), visitor(city)
    page = client.get(f"/batches/{held.code}/").content.decode()
    assert "分歧 30" in page
    assert client.get(f"/applications/{case.number}/result/").status_code == 200
    own = visitor(case.created_by)
    assert own.get(f"/applications/{case.number}/result/").status_code == 404
    assert client.post(f"/batches/{held.code}/actions/", {"action": "publish"}).status_code == 302
    assert "继续改进" in own.get(f"/applications/{case.number}/result/").content.decode()
    assert "对评审结果提出申诉" in own.get(f"/applications/{case.number}/").content.decode()
    public = stranger().get("/notices/").content.decode()
    assert case.enterprise.name in public
    early = client.post(f"/batches/{held.code}/actions/", {"action": "recognise"})
    assert early.status_code == 400
    assert "期满后方可决定" in early.content.decode()


def stranger() -> Any:
    return visitor(make.applicant())


def test_who_failed_is_not_named_in_public(case: Application, staff: Any) -> None:
    held = panels.scored(case, staff["city"], "0.3", "0.3", "0.3")
    publish_results(held, actor=staff["city"], at=make.NOW)
    page = stranger().get("/notices/").content.decode()
    assert "本次公示没有通过的企业" in page
    assert case.enterprise.name not in page


def test_a_batch_is_planned_and_opened_on_its_pages(staff: Any) -> None:
    client = visitor(staff["city"])
    said = {"code": "2026-9", "title": "第九批", "stage": panels.STAGE, "sheet": panels.SHEET}
    said |= {"opens_on": "2026-11-01", "closes_on": "2026-12-01"}
    refused = client.post("/batches/", said | {"experts": "2"})
    assert refused.status_code == 400
    assert "规则要求至少 3" in refused.content.decode()
    assert client.post("/batches/", said).status_code == 302
    assert client.post("/batches/2026-9/actions/", {"action": "open"}).status_code == 302
    assert Batch.objects.get().state == "open"
    assert "第九批" in client.get("/batches/").content.decode()


def test_the_enterprise_assesses_itself_and_a_reviewer_records_a_visit(staff: Any) -> None:
    panels.batch(staff["city"])
    person = panels.ready()
    row, own = make.filled(person, stage=panels.STAGE), visitor(person)
    path = f"/applications/{row.number}/self-assessment/"
    assert own.get(path).status_code == 200
    assert own.post(path, {"points.policy": "11"}).status_code == 400
    assert own.post(path, {"points.policy": "9", "remark.policy": "已发布"}).status_code == 302
    assert SelfScore.objects.get(application=row).remark == "已发布"
    row = make.step(make.step(row, "submit", person), "accept", staff["township"])
    assert own.get(path).status_code == 409
    visit = {"visited_on": "2026-11-19", "visitors": "二人", "findings": "记录齐全"}
    town = visitor(staff["township"])
    assert town.post(f"/applications/{row.number}/visits/", visit).status_code == 302
    assert town.post(f"/applications/{row.number}/visits/", visit | {"visited_on": "2027-01-01"}).status_code == 400
    assert SiteVisit.objects.count() == 1


@pytest.mark.parametrize("typed", ["1_0", "1e1", "٣", "NaN", "0x8", "½"])
def test_points_typed_otherwise_than_in_figures_are_no_number(typed):
    assert points_typed(typed) == typed


def test_points_in_full_width_figures_are_read():
    assert points_typed("８.5") == Decimal("8.5")


def test_findings_are_marked_on_the_sheet_and_shown_with_the_result(case: Application, staff: Any) -> None:
    row = seat(case, staff["city"])
    client, path = visitor(row.expert), f"/evaluations/{row.key}/"
    mark = {f"finding-{part}.policy": words for part, words in (("clause", "7.1"), ("text", "未建立检索记录"))}
    kept = client.post(f"{path}scores/", mark | {"by-itself": "1"})
    assert (kept.status_code, row.proposals.count()) == (200, 1)
    half = client.post(f"{path}scores/", typed(row) | mark | {"then": "hand-in"})
    assert half.status_code == 400
    assert "没有选择严重程度" in half.content.decode()
    assert '<details class="score-mark" open>' in half.content.decode()
    whole = mark | {"finding-severity.policy": "major", "finding-module.policy": "7.1"}
    assert client.post(f"{path}scores/", typed(row) | whole | {"then": "hand-in"}).status_code == 302
    assert "未建立检索记录" in client.get(path).content.decode()
    for other in case.evaluations.exclude(pk=row.pk).select_related("expert", "application__batch__sheet"):
        panels.score(other)
    held = Batch.objects.get(pk=case.batch_id)
    result = f"/applications/{case.number}/result/"
    assert "结果公示时记入台账" in visitor(staff["city"]).get(result).content.decode()
    publish_results(held, actor=staff["city"], at=make.NOW)
    shown = visitor(case.created_by).get(result).content.decode()
    assert "未建立检索记录" in shown
    assert f"/findings/{case.findings.get().number}/" in shown


def test_the_notice_says_which_result_no_longer_stands(case: Application, staff: Any) -> None:
    publish_results(panels.scored(case, staff["city"]), actor=staff["city"], at=panels.LATER)
    assert "重新评审" not in Client().get("/notices/").content.decode()
    row = make.step(case, "object", case.created_by, at=panels.LATER, remark=Remark("理由"))
    make.step(row, "recommend", staff["city"], at=panels.LATER, remark=Remark("理由"))
    assert "申诉成立，重新评审" in Client().get("/notices/").content.decode()


def test_the_batch_shows_progress_who_is_late_and_the_certificates(case: Application, staff: Any) -> None:
    city = staff["city"]
    row, client, path = seat(case, city), visitor(city), f"/batches/{case.batch.code}/"
    panels.score(row)
    page = client.get(path).content.decode()
    assert "已评 1 / 3 份" in page
    assert "更换专家" not in page
    late = case.evaluations.filter(state="assigned")
    late.update(due_on=make.NOW.date() - timedelta(days=4))
    page = client.get(path).content.decode()
    assert page.count("逾期 4 天") == 2
    assert str(late[0].expert) in page
    for each in late.select_related("expert", "application__batch__sheet"):
        panels.score(each)
    client.post(f"{path}actions/", {"action": "publish"})
    with time_machine.travel(make.NOW + timedelta(days=30), tick=False):
        client = visitor(city)
        assert client.post(f"{path}actions/", {"action": "recognise"}).status_code == 302
        paper = case.documents.get(kind="certificate")
        page = client.get(path).content.decode()
        assert paper.number in page
        assert "正在生成" in page
        assert client.post(f"{path}actions/", {"action": "retry"}).status_code == 409
        case.documents.filter(pk=paper.pk).update(state="failed", tries=2, last_error="OSError: disk full")
        page = client.get(path).content.decode()
        assert "已尝试 2 次：OSError: disk full" in page
        assert "重新生成失败的文书" in page
        assert client.post(f"{path}actions/", {"action": "retry"}).status_code == 302
        assert "重新生成" in client.get(path).content.decode()
        paper.refresh_from_db()
        assert (paper.state, paper.retried_by) == ("pending", city)


def test_the_enterprise_reads_result_and_papers_and_that_one_is_being_made(case: Application, staff: Any) -> None:
    held = panels.scored(case, staff["city"])
    publish_results(held, actor=staff["city"], at=panels.LATER)
    with time_machine.travel(make.NOW + timedelta(days=30), tick=False):
        recognise(held, actor=staff["city"], at=make.NOW + timedelta(days=30))
        own = visitor(case.created_by)
        for path in (f"/applications/{case.number}/", f"/applications/{case.number}/result/"):
            page = own.get(path).content.decode()
            assert "贯标绩效评价证书" in page
            assert "正在生成" in page
            assert "文件由后台生成" in page
        paper = case.documents.get(kind="certificate")
        assert own.get(f"/certificates/{paper.number}/pdf/").status_code == 409
        assert visitor(make.applicant()).get(f"/certificates/{paper.number}/").status_code == 404


def test_a_batch_asks_the_same_questions_for_one_and_for_many(case: Application, staff: Any) -> None:
    city = staff["city"]

    def asked(held: Batch) -> int:
        client, path = visitor(city), f"/batches/{held.code}/"
        panels.drawn(held, city)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    one = asked(Batch.objects.get(pk=case.batch_id))
    many = panels.batch(city, code="2026-MANY")
    for _ in range(3):
        panels.sent(panels.ready(), staff)
    assert asked(many) == one
