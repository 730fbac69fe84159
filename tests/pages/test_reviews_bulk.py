"""Several applications in one go: chosen on the worklist, checked one by one, moved one by one."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from certification.models import Application, Decision
from certification.services.bulk import Chosen, Ending, foreseen, move_each
from certification.services.door import Remark
from certification.stages import Status
from enterprises.models import Account, AuditEvent, DeclaredInterest
from ledger.verify import verify
from tests import factories as make
from tests.pages.visiting import page, visitor, words

pytestmark = pytest.mark.django_db
BULK = "/reviews/bulk/"


@pytest.fixture
def staff() -> dict[str, Account]:
    return make.reviewers()


def submitted() -> Application:
    account = make.applicant()
    return make.step(make.filled(account), "submit", account)


@pytest.fixture
def three() -> list[Application]:
    return [submitted() for _ in range(3)]


def as_chosen(rows: list[Application]) -> list[str]:
    return [f"{row.number}.{row.version}" for row in rows]


def status(row: Application) -> str:
    return Application.objects.get(pk=row.pk).status


def send(client: Client, rows: list[Application], action: str, **said: Any) -> HttpResponse:
    return client.post(BULK, {"action": action, "chosen": as_chosen(rows), **said})


def tie(account: Account, row: Application) -> None:
    DeclaredInterest.objects.create(account=account, enterprise=row.enterprise, reason="亲属", declared_at=make.NOW)


def test_the_worklist_offers_boxes_and_what_its_tab_allows(three: list[Application], staff: dict[str, Account]) -> None:
    town = visitor(staff["township"])
    pending = town.get("/reviews/").content.decode()
    assert pending.count('name="chosen"') == 3
    assert re.findall(r'name="action" value="(\w+)"', pending) == ["accept", "return"]
    make.step(three[0], "accept", staff["township"])
    reviewing = town.get("/reviews/?queue=reviewing").content.decode()
    assert re.findall(r'name="action" value="(\w+)"', reviewing) == ["recommend", "return"]
    for queue in ("returned", "elsewhere", "closed"):
        assert 'name="chosen"' not in town.get(f"/reviews/?queue={queue}").content.decode()


def test_the_city_approves_several(staff: dict[str, Account]) -> None:
    rows = [submitted(), submitted()]
    for level in ("township", "district"):
        rows = [make.step(make.step(row, "accept", staff[level]), "recommend", staff[level]) for row in rows]
    rows = [make.step(row, "accept", staff["city"]) for row in rows]
    city = visitor(staff["city"])
    assert 'value="approve"' in city.get("/reviews/?queue=reviewing").content.decode()
    send(city, rows, "approve")
    assert {status(row) for row in rows} == {Status.APPROVED}


def test_the_first_page_says_which_can_and_which_cannot_and_moves_nothing(
    three: list[Application], staff: dict[str, Account]
) -> None:
    tie(staff["township"], three[1])
    make.step(three[2], "accept", staff["township"])
    answer = visitor(staff["township"]).get(BULK, {"action": "accept", "chosen": as_chosen(three)})
    said = words(answer)
    assert answer.status_code == 200
    assert "1 件可以办理" in said
    assert "2 件不能办理" in said
    assert "应当回避" in said
    assert "已被他人处理或刚刚变更" in said
    assert status(three[0]) == Status.SUBMITTED


def test_one_refused_does_not_stop_the_others_and_each_is_told(
    three: list[Application], staff: dict[str, Account]
) -> None:
    tie(staff["township"], three[1])
    answer = send(visitor(staff["township"]), three, "accept")
    said = words(answer)
    assert "已办理 2 件，未办理 1 件" in said
    assert "应当回避" in said
    assert [status(row) for row in three] == [Status.ACCEPTED, Status.SUBMITTED, Status.ACCEPTED]
    assert all(page(row) in answer.content.decode() for row in three)
    assert AuditEvent.objects.filter(path=f"/applications/{three[1].number}/actions/", status=403).count() == 1
    assert verify().fault is None


def test_one_changed_meanwhile_is_refused_alone(three: list[Application], staff: dict[str, Account]) -> None:
    make.step(three[0], "accept", staff["township"])
    make.step(three[0], "return", staff["township"], remark=Remark("缺章"))
    said = words(send(visitor(staff["township"]), three, "return", comment="材料不齐"))
    assert "已办理 2 件，未办理 1 件" in said
    assert Decision.objects.filter(comment="材料不齐").count() == 2


def test_sent_twice_decides_once_and_says_so(three: list[Application], staff: dict[str, Account]) -> None:
    client = visitor(staff["township"])
    send(client, three, "accept")
    moves = Decision.objects.count()
    said = words(send(client, three, "accept"))
    assert Decision.objects.count() == moves
    assert "已办理 3 件，未办理 0 件" in said
    assert "没有重复办理" in said


def test_a_return_asks_for_words_before_anything_is_done(three: list[Application], staff: dict[str, Account]) -> None:
    answer = send(visitor(staff["township"]), three, "return", comment="  ")
    assert answer.status_code == 400
    assert "请写明理由" in words(answer)
    assert {status(row) for row in three} == {Status.SUBMITTED}
    answer = send(visitor(staff["township"]), three, "return", comment="请补营业执照")
    assert {status(row) for row in three} == {Status.RETURNED}
    assert set(Decision.objects.filter(action="return").values_list("comment", flat=True)) == {"请补营业执照"}


def test_what_lies_elsewhere_is_as_absent(three: list[Application]) -> None:
    client = visitor(make.reviewers(make.OTHER_TOWN)["township"])
    there = words(send(client, three[:1], "accept"))
    nowhere = words(client.post(BULK, {"action": "accept", "chosen": ["SQ2026999999.2"]}))
    assert three[0].enterprise.name not in there
    assert there.replace(three[0].number, "") == nowhere.replace("SQ2026999999", "")
    assert status(three[0]) == Status.SUBMITTED


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"action": "accept"}, "没有选择申报"),
        ({"action": "reject", "chosen": ["SQ2026000001.1"]}, "不能批量进行这一动作"),
        ({"action": "withdraw", "chosen": ["SQ2026000001.1"]}, "不能批量进行这一动作"),
        ({"action": "accept", "chosen": [f"SQ{2026000001 + n}.1" for n in range(51)]}, "一次最多办理 50 件"),
    ],
)
def test_a_request_for_none_of_them_is_told_why(staff: dict[str, Account], asked: dict[str, Any], reason: str) -> None:
    client = visitor(staff["township"])
    for answer in (client.get(BULK, asked), client.post(BULK, asked)):
        assert answer.status_code == 400
        assert reason in words(answer)


@pytest.mark.parametrize("text", ["", "x", "SQ2026000001", "SQ2026000001.99999999999", "SQ\x00.1", "一.1"])
def test_nonsense_among_the_chosen_is_absent(staff: dict[str, Account], text: str) -> None:
    answer = visitor(staff["township"]).post(BULK, {"action": "accept", "chosen": [text]})
    assert answer.status_code == 200
    assert "未办理 1 件" in words(answer)


def test_foreseeing_says_what_the_move_itself_would_say(staff: dict[str, Account]) -> None:
    """Every reason given beforehand is the one that the door gives."""
    row = make.step(submitted(), "accept", staff["township"])
    for level, action in (("district", "recommend"), ("township", "accept"), ("township", "approve")):
        chosen = [Chosen(row.number, row.version)]
        before = foreseen(chosen, action, actor=staff[level], at=make.NOW)[0]
        after = move_each(chosen, action, actor=staff[level], at=make.NOW)[0]
        assert before.refusals == after.refusals != ()
        assert after.ending in (Ending.NOT_ALLOWED, Ending.NOT_POSSIBLE)


def test_gates_are_asked_beforehand(staff: dict[str, Account]) -> None:
    row = submitted()
    for level in ("township", "district"):
        row = make.step(make.step(row, "accept", staff[level]), "recommend", staff[level])
    row = make.step(row, "accept", staff["city"])
    make.achievement(row.enterprise, row.stage, make.NOW.date())
    (prospect,) = foreseen([Chosen(row.number)], "approve", actor=staff["city"], at=make.NOW)
    (outcome,) = move_each([Chosen(row.number)], "approve", actor=staff["city"], at=make.NOW)
    assert prospect.refusals == outcome.refusals
    assert [refusal.code for refusal in prospect.refusals] == ["already_achieved"]
    assert outcome.ending is Ending.REFUSED
