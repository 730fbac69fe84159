"""The reviewers' worklist (/reviews/)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enterprises.rights import may_keep_calendar, may_register_enterprise, sees_whole_city

from ..forms.queue import QueueForm
from ..models import FilteredList
from ..queues import PAGE_SIZE, QUEUE_NAMES, Queue, tabs, worklist
from ..services.bulk import offered
from ..services.clock import provisional_years
from .access import account_of, for_those_who
from .filters import chips, default_address

# Where the reviewer's own work lies: only there several can be taken in one go.
CHOOSABLE = (Queue.PENDING, Queue.REVIEWING)


@for_those_who(lambda account: account.is_reviewer)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    account, today, filters = account_of(request), timezone.localdate(), chips(request, FilteredList.REVIEWS)
    if opened := default_address(request, filters):
        return redirect(opened)
    queue, form = asked_queue(request.GET.get("queue", "")), QueueForm(request.GET)
    rows = worklist(account, queue, form.narrowing, on=today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {
        "queue": queue,
        "queue_name": QUEUE_NAMES[queue],
        "tabs": tabs(account, on=today),
        "form": form,
        "page": page,
        "filters": filters,
        "bulk_moves": offered(page) if queue in CHOOSABLE else [],
        "may_register": may_register_enterprise(account),
        "shows_unit": sees_whole_city(account),
        "provisional_years": provisional_years(on=today),
        "may_keep_calendar": may_keep_calendar(account),
        "shows_level": queue in (Queue.ELSEWHERE, Queue.CLOSED),
    }
    return render(request, "reviews/queue.html", shown)


def asked_queue(text: str) -> Queue:
    """The tab of the address; the first one for anything unknown."""
    return Queue(text) if text in list(Queue) else Queue.PENDING
