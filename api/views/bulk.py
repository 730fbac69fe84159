"""Moves of several applications at once, each on its own."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from certification.services.bulk import STATUS_OF, Chosen, Ending, Outcome, leave_on_trail, move_each
from certification.services.door import Remark
from enterprises.models import Account

from .. import problems
from ..base import ApiView, now
from ..idempotency import once
from ..labels import status_name
from ..operations import Operation, held_by
from ..shapes.bulk import BulkActionForm, BulkResultShape

ENDING_NAMES = {
    Ending.DONE: _("已办理"),
    Ending.REPEATED: _("此前已办理"),
    Ending.REFUSED: _("条件不符，未办理"),
    Ending.NOT_ALLOWED: _("无权办理"),
    Ending.NOT_POSSIBLE: _("当前状态下不能办理"),
    Ending.STALE: _("内容已被他人修改"),
    Ending.ABSENT: _("未找到"),
    Ending.BUSY: _("系统繁忙，未办理"),
}


def is_reviewer(account: Account) -> bool:
    return account.is_reviewer


class BulkActions(ApiView):
    """Several applications in one go."""

    tag = "applications"
    operations = {"POST": Operation(held_by(is_reviewer), BulkResultShape, body=BulkActionForm)}

    @once
    def post(self, request: Request) -> Response:
        """Make one move of each; what is refused to one changes nothing for the others, and is told beside it."""
        given, at = self.body(request), now()
        chosen = [Chosen(**each) for each in given["applications"]]
        remark = Remark(given.get("comment", ""))
        outcomes = move_each(chosen, given["action"], actor=request.user, at=at, remark=remark)
        leave_on_trail(outcomes, request=request._request, actor=request.user, at=at)
        done = sum(outcome.stands for outcome in outcomes)
        return Response({"done": done, "left": len(outcomes) - done, "results": [_answer(each) for each in outcomes]})


def _answer(outcome: Outcome) -> dict[str, Any]:
    row = outcome.application
    return {
        "number": outcome.number,
        "outcome": outcome.ending.value,
        "outcome_display": str(ENDING_NAMES[outcome.ending]),
        "status": row.status if row else None,
        "status_display": status_name(row.status) if row else "",
        "version": row.version if row else None,
        "problem": _problem(outcome),
    }


def _problem(outcome: Outcome) -> dict[str, Any] | None:
    """What the application's own address would have answered."""
    if outcome.stands:
        return None
    if outcome.ending is Ending.ABSENT:
        return problems.not_found().body()
    return problems.of_refusals(STATUS_OF[outcome.ending], outcome.refusals).body()
