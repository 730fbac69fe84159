"""A whole evaluation over the API alone, by all its roles; who reads what; what is no score."""

from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from certification.models import Evaluation
from enterprises.models import Account
from tests import factories as make
from tests import panels
from tests.factories import NOW

from .asking import V1, act, client_of, codes, get, post
from .conftest import As
from .test_description import PANELS, Describing
from .test_description import document as document

pytestmark = pytest.mark.django_db
DAY = {"opens_on": "2026-11-02", "closes_on": "2026-12-11"}
PLAN = {"code": "2026-2", "title": "2026 年第二批绩效评价", "stage": panels.STAGE, "sheet": panels.SHEET, **DAY}
OVER = "2026-12-31 10:00"


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def put(client: APIClient, path: str, body: Any, status: int = 200) -> Any:
    answer = client.put(f"{V1}/{path}", body, format="json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def whole(detail: Any, share: float = 0.8) -> dict[str, Any]:
    """The sheet filled in, as a program would from the answer."""
    return {
        item["code"]: {"points": int(item["maximum"] * share * 2) / 2, "reason": "依据材料", "advice": "请补充记录"}
        for item in detail["sheet"]["items"]
    }


@pytest.fixture
def staff() -> Any:
    return make.reviewers()


@pytest.fixture
def city(staff: Any) -> APIClient:
    for _ in range(4):
        panels.expert(staff["city"])
    return client_of(staff["city"])


@pytest.fixture
def number(city: APIClient, staff: Any) -> str:
    """An application with its three experts."""
    post(city, "batches/", PLAN)
    post(city, "batches/2026-2/actions/", {"action": "open"}, 200)
    row = panels.sent(panels.ready(), staff)
    for action in ("close", "score"):
        post(city, "batches/2026-2/actions/", {"action": action}, 200)
    return row.number


def expert_clients(number: str) -> list[tuple[APIClient, str]]:
    rows = Evaluation.objects.filter(application__number=number).exclude(state="recused").order_by("place")
    return [(client_of(row.expert), f"evaluations/{row.key}/") for row in rows.select_related("expert")]


class Way:
    """The city's way through batch 2026-2; every answer is held against the description."""

    def __init__(self, city: Account, document: dict[str, Any]) -> None:
        self.city, self.describing = city, Describing(document)

    def check(self, operation: str, answer: Any, status: int = 200) -> Any:
        assert answer.status_code == status, answer.content.decode()
        self.describing.check(operation, answer)
        return answer.json()

    def do(self, action: str) -> Any:
        answer = client_of(self.city).post(f"{V1}/batches/2026-2/actions/", {"action": action}, format="json")
        return self.check("batch_actions_post", answer)

    def submitted(self, own: APIClient, number: str, staff: dict[str, Account]) -> None:
        assessed = f"{V1}/applications/{number}/self-assessment/"
        said = {"policy": {"points": 9, "remark": "已发布"}, "audit": {"points": 10}}
        self.check("self_assessment_put", own.put(assessed, {"scores": said}, format="json"))
        self.check("self_assessment_get", own.get(assessed))
        act(own, number, "submit")
        for level in ("township", "district", "city"):
            act(client_of(staff[level]), number, "accept")
            answer = act(client_of(staff[level]), number, "recommend")
        assert (answer["status"], answer["batch"], answer["step"]["due_on"]) == ("evaluating", "2026-2", None)

    def scored(self, number: str) -> None:
        gone, path = expert_clients(number)[0]
        body = {"action": "recuse", "comment": "曾任顾问"}
        self.check("evaluation_actions_post", gone.post(f"{V1}/{path}actions/", body, format="json"))
        get(gone, path, 404)
        for client, path in expert_clients(number):
            self.check("evaluation_list_get", client.get(f"{V1}/evaluations/"))
            detail = self.check("evaluation_detail_get", client.get(f"{V1}/{path}"))
            assert [each["points"] for each in detail["self_assessment"]] == [9, 10]
            assert client.get(detail["evidence"][0]["url"]).status_code == 200
            sheet = {"scores": whole(detail), "final": True}
            self.check("evaluation_scores_put", client.put(f"{V1}/{path}scores/", sheet, format="json"))
            self.check("evaluation_scores_get", client.get(f"{V1}/{path}scores/"))


def test_a_whole_evaluation_needs_nothing_but_the_api(city: APIClient, staff: Any, document: dict[str, Any]) -> None:
    way = Way(staff["city"], document)
    way.check("batch_list_post", city.post(f"{V1}/batches/", PLAN, format="json"), 201)
    changed = city.patch(f"{V1}/batches/2026-2/", {"title": "第二批（改名）"}, format="json")
    assert way.check("batch_detail_patch", changed)["title"] == "第二批（改名）"
    opened = way.do("open")
    assert city.patch(f"{V1}/batches/2026-2/", {"title": "开放后不得更改"}, format="json").status_code == 409
    assert (opened["seed"], len(opened["seed_digest"])) == (None, 64)
    person = panels.ready()
    row, own = make.filled(person, stage=panels.STAGE), client_of(person)
    way.submitted(own, row.number, staff)
    visit = {"visited_on": "2026-11-19", "visitors": "市局二人", "findings": "现场制度上墙，记录齐全"}
    way.check("visits_post", city.post(f"{V1}/applications/{row.number}/visits/", visit, format="json"), 201)
    way.do("close")
    assert way.do("score")["seed"]
    way.scored(row.number)
    get(own, f"applications/{row.number}/result/", 404)
    assert [line["status"] for line in way.do("publish")["applications"]] == ["noticed"]
    result = way.check("application_result_get", own.get(f"{V1}/applications/{row.number}/result/"))
    assert (result["total"], result["grade"], result["experts"]) == (80, "qualified", 3)
    assert (result["items"][0]["own"], result["items"][0]["advice"]) == (9, ["请补充记录"])
    listed = way.check("notice_list_get", client_of(None).get(f"{V1}/notices/"))["results"]
    told = way.check("notice_detail_get", client_of(None).get(f"{V1}/notices/{listed[0]['number']}/"))
    assert told["seed"] == get(city, "batches/2026-2/")["seed"]
    with time_machine.travel(OVER, tick=False):
        assert way.do("recognise")["state"] == "finished"
    way.check("batch_list_get", city.get(f"{V1}/batches/"))
    way.check("batch_detail_get", city.get(f"{V1}/batches/2026-2/"))
    assert get(own, f"applications/{row.number}/")["status"] == "approved"
    assert {name.split()[0] for name in way.describing.checked} == PANELS


@pytest.mark.parametrize("wrong", ["-1", "101", "87.505", "NaN", '"9"', "null", "true", "[]", "1e400"])
def test_what_is_no_score_is_refused_in_words(number: str, wrong: str) -> None:
    client, path = expert_clients(number)[0]
    body = f'{{"scores": {{"policy": {{"points": {wrong}, "reason": "理由"}}}}}}'
    answer = client.put(f"{V1}/{path}scores/", body, content_type="application/json")
    assert answer.status_code == 400
    if wrong != "NaN":  # no JSON
        (error,) = answer.json()["errors"]
        assert error["field"] == "scores.policy.points"
        assert "知识产权方针和目标" in error["message"]
    assert get(client, f"{path}scores/")["scores"] == []


def test_scores_are_the_experts_own_until_all_are_in_and_given_once(number: str, city: APIClient) -> None:
    (first, one), (second, two), (third, three) = expert_clients(number)
    sheet = {"scores": whole(get(first, one)), "final": True}
    put(first, f"{one}scores/", sheet)
    twice = put(first, f"{one}scores/", sheet, 409)
    assert twice["errors"][0]["code"] == "scored_before"
    for stranger in (second, client_of(make.account("expert")), client_of(make.applicant())):
        assert stranger.get(f"{V1}/{one}scores/").status_code in (403, 404)
    sealed = get(city, f"{one}scores/")
    assert (sealed["sealed"], sealed["scores"], sealed["total"]) == (True, [], None)
    assert get(city, one)["result"] is None
    for client, path in ((second, two), (third, three)):
        put(client, f"{path}scores/", sheet)
    assert get(city, f"{one}scores/")["total"] == 80
    assert len(get(first, one)["result"]["items"][0]["points"]) == 3


def test_nobody_scores_for_an_expert_and_the_list_is_the_experts_own(as_: As, number: str, city: APIClient) -> None:
    _client, path = expert_clients(number)[0]
    put(city, f"{path}scores/", {"scores": {}}, 403)
    assert len(get(city, "evaluations/")["results"]) == 3
    assert get(as_(make.account("expert")), "evaluations/")["results"] == []
    assert get(city, "evaluations/", state="scored")["results"] == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"experts": 2}, "experts"),
        ({"sheet": "none"}, "sheet"),
        ({"stage": "guanbiao.cultivation"}, "stage"),
        ({"closes_on": "2026-11-01"}, "closes_on"),
        ({"notice_days": 1}, "notice_days"),
    ],
)
def test_a_batch_that_breaks_the_rule_is_refused(city: APIClient, said: Any, field: str) -> None:
    answer = post(city, "batches/", PLAN | said, 400)
    assert [error["field"] for error in answer["errors"]] == [field]
    assert codes(answer)


def test_findings_are_marked_with_the_scores_and_on_record_with_the_result(number: str, city: APIClient) -> None:
    mark = {"clause": "7.1", "text": "未建立检索记录", "severity": "major", "module": "7.1"}
    for client, path in expert_clients(number):
        sheet = whole(get(client, path))
        sheet["policy"]["finding"] = {**mark, "severity": "deadly"}
        wrong = put(client, f"{path}scores/", {"scores": sheet, "final": True}, 400)
        assert [error["field"] for error in wrong["errors"]] == ["scores.policy.finding.severity"]
        sheet["policy"]["finding"] = mark
        kept = put(client, f"{path}scores/", {"scores": sheet, "final": True})
        assert [score["finding"] for score in kept["scores"] if score["finding"]] == [mark]
    own = client_of(Evaluation.objects.filter(application__number=number)[0].application.created_by)
    assert get(own, f"applications/{number}/findings/")["raised"] == []
    assert get(city, f"applications/{number}/result/")["findings"][0]["number"] is None
    post(city, "batches/2026-2/actions/", {"action": "publish"}, 200)
    (found,) = get(own, f"applications/{number}/findings/")["raised"]
    (line,) = get(own, f"applications/{number}/result/")["findings"]
    assert (found["severity"], found["clause"], line["number"]) == ("major", "7.1", found["number"])


def test_marks_are_sealed_to_all_but_their_expert(number: str, city: APIClient) -> None:
    (first, one), (second, _two), *_rest = expert_clients(number)
    sheet = whole(get(first, one))
    sheet["policy"]["finding"] = {"clause": "7.1", "text": "未建立检索记录", "severity": "minor"}
    put(first, f"{one}scores/", {"scores": sheet, "final": True})
    assert "检索记录" not in str(get(city, f"{one}scores/"))
    get(second, f"{one}scores/", 404)


def test_an_enterprise_withdraws_from_the_experts_but_not_after_the_notice(number: str, city: APIClient) -> None:
    person = Evaluation.objects.filter(application__number=number)[0].application.created_by
    own, (client, path) = client_of(person), expert_clients(number)[0]
    assert "withdraw" in get(own, f"applications/{number}/")["allowed_actions"]
    assert act(own, number, "withdraw")["status"] == "withdrawn"
    get(client, path, 404)
    assert {seat["state"] for seat in get(city, "batches/2026-2/")["applications"][0]["experts"]} == {"released"}
    assert post(city, "batches/2026-2/actions/", {"action": "recognise"}, 200)["state"] == "finished"
