"""Credit checks: recorded, corrected, annulled; how credit stands on a day. The same services as the pages."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from certification.inputs.credit_rows import FILTERS, checks_matching, state_column, visible_checks, with_file
from certification.inputs.credit_stated import StatedCheck
from certification.inputs.stating import stated
from certification.models import CreditSource
from certification.parameters import day
from certification.services.credit import CREDIT, correct_check, credit_of, record_check

from ..answers import inputs
from ..base import today
from ..idempotency import once
from ..operations import Operation, signed_in
from ..pagination import PAGING, ordering, orders, paged, whole
from ..shapes.base import page_of
from ..shapes.inputs import (
    CreditCheckRowShape,
    CreditCheckShape,
    CreditCorrectionForm,
    CreditShape,
    CreditSourceShape,
    NewCreditCheckForm,
)
from .fact_views import (
    ApiView,
    FactAnnulment,
    FactDetail,
    FactPaper,
    FactPapers,
    FactView,
    act_of,
    annulled,
    corrected,
    enterprise_seen,
    keeps,
    one,
)

ORDERS = dict(reversed(orders("id").items()))
TAG = "credit"


class CreditView(FactView):
    """Base of what is asked of one check."""

    tag = TAG
    kind = CREDIT
    at = "credit-checks"

    def rows(self, request: Request) -> "QuerySet[Any]":
        return with_file(visible_checks(request.user).annotate(state=state_column(on=today())))

    def answer(self, row: Any) -> dict[str, Any]:
        return inputs.check(row)


class CreditCheckList(CreditView):
    """Credit checks within the caller's scope."""

    operations = {
        "GET": Operation(signed_in, page_of(CreditCheckRowShape), query=(*FILTERS, ordering(ORDERS), *PAGING)),
        "POST": Operation(keeps, CreditCheckShape, body=NewCreditCheckForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request) -> Response:
        """The checks that the caller may see, with how each stands on the day asked for."""
        rows = with_file(checks_matching(request.user, self.asked, on=today()))
        return paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]], shape=inputs.check)

    @once
    def post(self, request: Request) -> Response:
        """Record a look-up of an enterprise's credit."""
        given = self.body(request)
        enterprise = enterprise_seen(request, given.pop("enterprise"))
        return self.answered(request, record_check(enterprise, stated(given, StatedCheck), act_of(request)), status=201)


class CreditCheckDetail(CreditView, FactDetail):
    """One check."""

    operations = one(CreditCheckShape)


class CreditCheckCorrection(CreditView):
    """Correcting a check."""

    operations = corrected(CreditCheckShape, CreditCorrectionForm)

    @once
    def post(self, request: Request, number: int) -> Response:
        """Annul what was recorded in error and record it anew, in one; the answer is the new one."""
        row, given = self.visible(request, number), self.body(request)
        act = act_of(request, given.pop("annulment"))
        return self.answered(request, correct_check(row, stated(given, StatedCheck), act), status=201)


class CreditCheckAnnulment(CreditView, FactAnnulment):
    """Annulment of a check."""

    operations = annulled(CreditCheckShape)


class CreditCheckPapers(CreditView, FactPapers):
    """Documents of a check."""


class CreditCheckPaper(CreditView, FactPaper):
    """A document of a check."""


class CreditStanding(ApiView):
    """The credit of an enterprise."""

    tag = TAG
    operations = {
        "GET": Operation(signed_in, CreditShape, query=(day("on", "The day; today if not given"),)),
    }

    def get(self, request: Request, uscc: str) -> Response:
        """How it stands on a day, worked out from the checks made by then."""
        row, on = enterprise_seen(request, uscc), self.asked["on"] or today()
        return Response(inputs.credit(row, credit_of(row, on=on), on=on))


class CreditSources(ApiView):
    """Where credit is looked up."""

    tag = TAG
    operations = {"GET": Operation(signed_in, page_of(CreditSourceShape))}

    def get(self, request: Request) -> Response:
        """All of them, those out of use too."""
        return whole([inputs.source(row) for row in CreditSource.objects.order_by("code")])
