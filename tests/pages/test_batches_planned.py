"""A planned batch is changed and cancelled, on its pages and over the API; later, or by others, it is refused."""

from typing import Any

import pytest
import time_machine

from certification.models import Batch
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels
from tests.api.asking import client_of, codes, patch, post

from .visiting import visitor, words

pytestmark = pytest.mark.django_db
PLAN = {"code": "2026-9", "title": "第九批", "stage": panels.STAGE, "sheet": panels.SHEET}
PLAN |= {"opens_on": "2026-11-02", "closes_on": "2026-12-11"}
NUMBERS = {"experts": 3, "scoring_days": 12, "notice_days": 8, "appeal_days": 6}
KEPT = ("code", "stage")
CHANGED = {name: value for name, value in PLAN.items() if name not in KEPT} | NUMBERS | {"title": "第九批（改）"}
PAGE, REST = "/batches/2026-9/", "batches/2026-9/"
OTHERS = ("applicant", "township", "district", "expert", "monitor", "plan_manager", "sysadmin", "auditor")


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def staff() -> Any:
    return make.reviewers()


@pytest.fixture
def city(staff: Any) -> Any:
    post(client_of(staff["city"]), "batches/", PLAN)
    return staff["city"]


def facts() -> Any:
    return list(Batch.objects.values()), LedgerEntry.objects.count()


def other(who: str, staff: Any) -> Any:
    if who in staff:
        return staff[who]
    return make.applicant() if who == "applicant" else make.account({"sysadmin": "system_admin"}.get(who, who))


def test_it_is_changed_on_its_page(city: Any) -> None:
    client = visitor(city)
    assert 'value="第九批"' in client.get(f"{PAGE}change/").content.decode()
    answer = client.post(f"{PAGE}change/", CHANGED, follow=True)
    assert "批次已修改，并记入台账" in words(answer)
    row = Batch.objects.get()
    assert (row.code, row.stage, row.title) == ("2026-9", panels.STAGE, "第九批（改）")
    assert {name: getattr(row, name) for name in NUMBERS} == NUMBERS
    assert LedgerEntry.objects.filter(subject="batch:2026-9", verb="batch.changed").count() == 2  # planned, changed


def test_it_is_changed_over_the_api(city: Any) -> None:
    said = patch(client_of(city), REST, {"title": "第九批（改）", "closes_on": "2026-12-20"})
    assert (said["title"], said["opens_on"], said["closes_on"]) == ("第九批（改）", "2026-11-02", "2026-12-20")
    assert LedgerEntry.objects.filter(subject="batch:2026-9", verb="batch.changed").count() == 2  # planned, changed


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"closes_on": "2026-11-01"}, "申报截止日早于开始日"),
        ({"experts": "2"}, "每件评审专家人数为 2，规则要求至少 3"),
        ({"sheet": "none"}, "有效的选项"),
        ({"opens_on": "32 日"}, "请填写日期"),
    ],
)
def test_a_change_that_breaks_the_rule_is_told_where_it_was_typed(city: Any, wrong: Any, told: str) -> None:
    before = facts()
    answer = visitor(city).post(f"{PAGE}change/", CHANGED | wrong)
    assert answer.status_code == 400
    assert told in words(answer)
    assert [each["field"] for each in patch(client_of(city), REST, wrong, 400)["errors"]] == [*wrong]
    assert facts() == before


def test_it_is_cancelled_on_its_page_with_the_reason(city: Any) -> None:
    client, before = visitor(city), facts()
    assert "取消后不能恢复" in words(client.get(PAGE))
    for comment, told in (("", "现为 0 字"), ("由" * 301, "现为 301 字")):
        lacking = client.post(f"{PAGE}actions/", {"action": "cancel", "comment": comment})
        assert lacking.status_code == 400
        assert told in words(lacking)
        assert '<details class="quiet-details no-print" open>' in lacking.content.decode()
    assert facts() == before
    done = client.post(f"{PAGE}actions/", {"action": "cancel", "comment": "预算未批"}, follow=True)
    assert "该批次已取消：预算未批" in words(done)
    assert LedgerEntry.objects.filter(subject="batch:2026-9", verb="batch.cancelled").count() == 1


def test_it_is_cancelled_over_the_api_with_the_reason(city: Any) -> None:
    before, client = facts(), client_of(city)
    lacking = post(client, f"{REST}actions/", {"action": "cancel", "comment": " "}, 400)
    assert [(each["field"], each["code"]) for each in lacking["errors"]] == [("comment", "reason_length")]
    assert facts() == before
    made = post(client, f"{REST}actions/", {"action": "cancel", "comment": "预算未批"}, 200)
    assert (made["state"], made["allowed_actions"]) == ("cancelled", [])


@pytest.mark.parametrize("how", [["open"], ["open", "close"], ["cancel"]])
def test_once_it_is_no_longer_planned_it_is_fixed(city: Any, how: list[str]) -> None:
    page, client = visitor(city), client_of(city)
    for action in how:
        post(client, f"{REST}actions/", {"action": action, "comment": "预算未批"}, 200)
    before = facts()
    cancelling = {"action": "cancel", "comment": "另行安排"}
    for answer in (page.post(f"{PAGE}change/", CHANGED), page.post(f"{PAGE}actions/", cancelling)):
        assert answer.status_code == 409
        assert Batch.objects.get().get_state_display() in words(answer)
    assert codes(patch(client, REST, {"title": "改"}, 409)) == codes(post(client, f"{REST}actions/", cancelling, 409))
    assert facts() == before
    shown = page.get(PAGE).content.decode()
    assert f"{PAGE}change/" not in shown
    assert "id_cancel" not in shown


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_the_city_changes_or_cancels(city: Any, staff: Any, who: str) -> None:
    account, before = other(who, staff), facts()
    page, client, cancelling = visitor(account), client_of(account), {"action": "cancel", "comment": "另行安排"}
    assert page.get(f"{PAGE}change/").status_code == 403
    assert page.post(f"{PAGE}change/", CHANGED).status_code == 403
    assert page.post(f"{PAGE}actions/", cancelling).status_code == 403
    patch(client, REST, {"title": "改"}, 403)
    post(client, f"{REST}actions/", cancelling, 403)
    assert facts() == before


def test_the_reason_of_a_refusal_is_asked_for_only_when_there_is_something_to_decide(city: Any, staff: Any) -> None:
    for _ in range(3):
        panels.expert(city)
    page = visitor(city)
    page.post(f"{PAGE}actions/", {"action": "open"})
    case = panels.sent(panels.ready(), staff)
    panels.scored(case, city)
    assert "不予通过的理由" not in words(page.get(PAGE))
    page.post(f"{PAGE}actions/", {"action": "publish"})
    assert "不予通过的理由" in words(page.get(PAGE))


def test_whoever_was_released_is_not_waited_for(city: Any, staff: Any) -> None:
    for _ in range(6):
        panels.expert(city)
    page = visitor(city)
    page.post(f"{PAGE}actions/", {"action": "open"})
    stays, goes = panels.sent(panels.ready(), staff), panels.sent(panels.ready(), staff)
    panels.drawn(stays.batch, city)
    goes.refresh_from_db()
    make.step(goes, "withdraw", goes.created_by)
    shown = words(page.get(PAGE))
    assert "已评 0 / 3 份" in shown
    assert "已解除" in shown
