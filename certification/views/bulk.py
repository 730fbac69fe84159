"""Several applications in one go (/reviews/bulk/): first what would become of each, then what became of it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..errors import Refused
from ..forms.bulk import BulkForm
from ..services.bulk import Outcome, foreseen, leave_on_trail, move_each, move_named
from .access import account_of, for_those_who


@for_those_who(lambda account: account.is_reviewer)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    account, at, outcomes = account_of(request), timezone.now(), list[Outcome]()
    form = BulkForm(request.POST if request.method == "POST" else request.GET)

    def make() -> None:
        outcomes.extend(move_each(form.chosen, form.action_name, actor=account, at=at, remark=form.remark))

    if request.method == "POST" and form.attempt(make):
        leave_on_trail(outcomes, request=request, actor=account, at=at)
        done = sum(outcome.stands for outcome in outcomes)
        shown = {"move": move_named(form.action_name), "outcomes": outcomes, "done": done}
        return render(request, "reviews/bulk_done.html", shown | {"left": len(outcomes) - done})
    return _asking_page(request, form)


def _asking_page(request: HttpRequest, form: BulkForm) -> HttpResponse:
    """Which of the chosen can be moved and which cannot, with every reason; and room for the comment."""
    prospects, refusals, status = [], form.refusals, form.status
    try:
        prospects = foreseen(form.chosen, form.action_name, actor=account_of(request), at=timezone.now())
    except Refused as refused:
        refusals, status = refused.refusals, HTTPStatus.BAD_REQUEST
    shown = {
        "form": form,
        "move": move_named(form.action_name),
        "ready": [each for each in prospects if not each.refusals],
        "barred": [each for each in prospects if each.refusals],
        "refusals": refusals,
        "comment": request.POST.get("comment", ""),
        "comment_errors": form.errors.get("comment", ()) if request.method == "POST" else (),
    }
    return render(request, "reviews/bulk.html", shown, status=status)
