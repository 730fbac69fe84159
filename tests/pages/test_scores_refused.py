"""Who may not score: on the page and over the API it is refused by its right status, and nothing changes."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from certification.models import Application, Evaluation, PanelResult, ProposedFinding, Score
from certification.services.panels import recuse
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels
from tests.api.asking import V1, client_of

from .visiting import visitor

pytestmark = pytest.mark.django_db
FACTS = (Score, Evaluation, ProposedFinding, PanelResult, Application, LedgerEntry)
HAND_INS = (False, True)


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def staff() -> Any:
    return make.reviewers()


@pytest.fixture
def seat(staff: Any) -> Evaluation:
    """The first expert's, with something kept already; six are there, three are drawn."""
    for _ in range(6):
        panels.expert(staff["city"])
    panels.batch(staff["city"])
    case = panels.sent(panels.ready(), staff)
    panels.drawn(case.batch, staff["city"])
    row = case.evaluations.select_related("expert", "application__batch__sheet").order_by("place")[0]
    assert by_page(visitor(row.expert), row, False, share="0.5") == 302
    assert row.scores.count() > 0
    return row


def by_page(client: Client, row: Evaluation, hand_in: bool, share: str = "0.9") -> int:
    said = {}
    for code, given in panels.points(row, share).items():
        said |= {f"points.{code}": str(given.points), f"reason.{code}": given.reason, f"advice.{code}": given.advice}
    answer = client.post(f"/evaluations/{row.key}/scores/", said | ({"then": "hand-in"} if hand_in else {}))
    return answer.status_code


def by_itself(client: Client, row: Evaluation) -> int:
    """What the page sends while somebody is typing."""
    return client.post(f"/evaluations/{row.key}/scores/", {"points.policy": "1", "by-itself": "1"}).status_code


def by_api(account: Any, row: Evaluation, hand_in: bool) -> int:
    sheet = {
        code: {"points": given.points, "reason": given.reason, "advice": given.advice}
        for code, given in panels.points(row, "0.9").items()
    }
    body = {"scores": sheet, "final": hand_in}
    return client_of(account).put(f"{V1}/evaluations/{row.key}/scores/", body, format="json").status_code


def facts() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in FACTS]


def refused(account: Any, row: Evaluation, status: int) -> None:
    """Kept, handed in and kept by itself, each both ways."""
    before, client = facts(), visitor(account)
    for hand_in in HAND_INS:
        assert by_page(client, row, hand_in) == status
        assert by_api(account, row, hand_in) == status
    assert by_itself(client, row) == status
    assert facts() == before


def test_an_expert_who_stepped_back_scores_no_more(seat: Evaluation) -> None:
    recuse(seat, reason="师生关系", actor=seat.expert, at=make.NOW)
    refused(seat.expert, seat, 404)


def test_an_expert_whom_the_city_took_off_scores_no_more(seat: Evaluation, staff: Any) -> None:
    recuse(seat, reason="长期未评分", actor=staff["city"], at=make.NOW)
    refused(seat.expert, seat, 404)


def test_an_expert_released_by_a_withdrawal_scores_no_more(seat: Evaluation) -> None:
    make.step(seat.application, "withdraw", seat.application.created_by)
    seat.refresh_from_db()
    assert seat.state == "released"
    refused(seat.expert, seat, 404)


def test_another_experts_key_opens_nothing(seat: Evaluation, staff: Any) -> None:
    others = seat.application.evaluations.exclude(pk=seat.pk).select_related("expert")
    for account in (*(other.expert for other in others), panels.expert(staff["city"])):
        refused(account, seat, 404)


@pytest.mark.parametrize("who", ["applicant", "township", "district", "monitor", "auditor", "city"])
def test_nobody_but_an_expert_scores(seat: Evaluation, staff: Any, who: str) -> None:
    accounts: dict[str, Callable[[], Any]] = {
        "applicant": lambda: seat.application.created_by,
        "monitor": lambda: make.account("monitor"),
        "auditor": lambda: make.account("auditor"),
    }
    refused(accounts[who]() if who in accounts else staff[who], seat, 403)


def test_a_stranger_is_sent_to_sign_in(seat: Evaluation) -> None:
    before = facts()
    for hand_in in HAND_INS:
        answer = Client().post(f"/evaluations/{seat.key}/scores/", {"then": "hand-in"} if hand_in else {})
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")
        assert by_api(None, seat, hand_in) == 401
    assert facts() == before


def test_what_was_handed_in_stands(seat: Evaluation) -> None:
    assert by_page(visitor(seat.expert), seat, True) == 302
    refused(seat.expert, seat, 409)
