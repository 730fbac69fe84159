"""Credit checks (/credit-checks/): the list; one check and what is done with it (fact_pages.py)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..forms.inputs import CheckCorrectionForm, CheckFilter, CheckForm
from ..inputs.credit_rows import checks_matching, state_column, visible_checks, with_file
from ..models import CreditCheck
from ..rights import may_keep_inputs, may_list_certificates
from ..services.credit import CREDIT, correct_check, record_check
from .access import account_of, for_those_who
from .fact_pages import FactPages
from .found import Wanted, to_be_found

PAGE = 30


@for_those_who(may_list_certificates)
@require_safe
def credit_checks(request: HttpRequest) -> HttpResponse:
    """The checks in sight, by source, result, state and day."""
    form, account = CheckFilter(request.GET), account_of(request)
    rows = with_file(checks_matching(account, form.asked, on=timezone.localdate()))
    page = Paginator(rows.order_by("-checked_on", "-id"), PAGE).get_page(request.GET.get("page"))
    return render(request, "credit/list.html", {"form": form, "page": page, "may_keep": may_keep_inputs(account)})


@for_those_who(may_keep_inputs)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """For which enterprise a check is to be recorded."""
    return to_be_found(request, Wanted("credit-check-record", _("登记信用核查"), "credit-checks", _("信用核查")))


def _known(row: CreditCheck) -> dict[str, Any]:
    names = ("result", "ground", "checked_on", "valid_until")
    return {"source": row.source_id, **{name: getattr(row, name) for name in names}}


def _words() -> dict[str, Any]:
    return {
        "name": _("信用核查"),
        "list": reverse("credit-checks"),
        "recording": {"title": _("登记信用核查"), "button": _("登记并记入台账")},
        "correction": {"title": _("更正信用核查"), "button": _("注销原记录并重新登记")},
    }


PAGES = FactPages(
    kind=CREDIT,
    page="credit-check",
    at="credit-checks",
    template="credit/one.html",
    rows=lambda account, on: visible_checks(account).annotate(state=state_column(on=on)).select_related("source"),
    form=CheckForm,
    correction_form=CheckCorrectionForm,
    record=record_check,
    correct=correct_check,
    known=_known,
    words=_words,
)
urlpatterns = [
    path("credit-checks/", credit_checks, name="credit-checks"),
    path("credit-checks/new/", find, name="credit-check-find"),
    *PAGES.urls(),
]
