"""Priorities (/priorities/): the list; one priority and what is done with it, its end included (fact_pages.py)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..forms.inputs import EndForm, PriorityCorrectionForm, PriorityFilter, PriorityForm
from ..inputs.priority_rows import priorities_matching, priority_state, visible_priorities, with_file
from ..models import Priority
from ..rights import may_keep_inputs, may_list_certificates
from ..services.priorities import PRIORITY, correct_priority, end_priority, record_priority
from .access import account_of, for_those_who
from .fact_pages import FactPages, act_of, guarded
from .found import Wanted, to_be_found

PAGE = 30


@for_those_who(may_list_certificates)
@require_safe
def priorities(request: HttpRequest) -> HttpResponse:
    """The priorities in sight, by kind, value, state and day."""
    form, account = PriorityFilter(request.GET), account_of(request)
    rows = with_file(priorities_matching(account, form.asked, on=timezone.localdate()))
    page = Paginator(rows.order_by("-valid_from", "-id"), PAGE).get_page(request.GET.get("page"))
    return render(request, "priorities/list.html", {"form": form, "page": page, "may_keep": may_keep_inputs(account)})


@for_those_who(may_keep_inputs)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """For which enterprise a priority is to be recorded."""
    return to_be_found(request, Wanted("priority-record", _("登记优先标识"), "priorities", _("优先标识")))


class PriorityPages(FactPages):
    """What can be done with a priority besides: it ends before its time."""

    def deeds(self, row: Priority) -> dict[str, Any]:
        return {} if row.ended_at else {"end_form": EndForm()}

    def ending(self, request: HttpRequest, fact_number: int) -> HttpResponse:
        """It ends before its time."""
        row, form = self.to_keep(request, fact_number), EndForm(request.POST)

        def service() -> Any:
            return end_priority(row, form.cleaned_data["last_day"], act_of(request, form.cleaned_data["ground"]))

        return self.done(request, row, gettext("已终止，并记入台账。"), service, end_form=form)

    def urls(self) -> list[URLPattern]:
        end = path(f"{self.at}/<int:fact_number>/end/", guarded(self.ending), name=f"{self.page}-end")
        return [*FactPages.urls(self), end]


def _known(row: Priority) -> dict[str, Any]:
    names = ("value", "document", "valid_from", "valid_until")
    return {"kind": row.kind_id, **{name: getattr(row, name) for name in names}}


def _words() -> dict[str, Any]:
    return {
        "name": _("优先标识"),
        "list": reverse("priorities"),
        "recording": {"title": _("登记优先标识"), "button": _("登记并记入台账")},
        "correction": {"title": _("更正优先标识"), "button": _("注销原记录并重新登记")},
    }


PAGES = PriorityPages(
    kind=PRIORITY,
    page="priority",
    at="priorities",
    template="priorities/one.html",
    rows=lambda account, on: visible_priorities(account).annotate(state=priority_state(on=on)).select_related("kind"),
    form=PriorityForm,
    correction_form=PriorityCorrectionForm,
    record=record_priority,
    correct=correct_priority,
    known=_known,
    words=_words,
)
urlpatterns = [
    path("priorities/", priorities, name="priorities"),
    path("priorities/new/", find, name="priority-find"),
    *PAGES.urls(),
]
