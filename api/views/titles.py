"""Titles: recorded with their documents, re-examined, guided, corrected and ended; the same services as the pages."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import Achievement
from certification.rights import may_keep_titles
from certification.services.guidance import guide
from certification.services.reexaminations import reexamine
from certification.services.titles import Act, correct_title, end_title, record_title
from certification.title_checks import StatedGuidance, StatedReexamination, StatedTitle, stated
from certification.titles import FILTERS, titles_matching, visible_titles, with_file
from enterprises.identifiers import normalise_credit_code
from enterprises.models import Enterprise

from ..answers import titles
from ..base import ApiView, created, now, today
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged, whole
from ..shapes.base import page_of
from ..shapes.titles import (
    GuidanceForm,
    GuidanceShape,
    NewTitleForm,
    ReexaminationForm,
    ReexaminationShape,
    TitleCorrectionForm,
    TitleEndForm,
    TitleRowShape,
    TitleShape,
)

ORDERS = dict(reversed(orders("id").items()))
keeps = held_by(may_keep_titles)


def visible(request: Request, number: int) -> Achievement:
    """The title, if the caller may see it."""
    return get_object_or_404(with_file(visible_titles(request.user)), ledger_number=number)


def answered(request: Request, row: Achievement, *, status: int = 200) -> Response:
    """The title as the caller now sees it."""
    body = titles.full(visible(request, row.ledger_number), on=today())
    return created(body, f"/api/v1/titles/{row.ledger_number}/") if status == 201 else Response(body)


class TitleList(ApiView):
    """Titles within the caller's scope."""

    tag = "titles"
    operations = {
        "GET": Operation(signed_in, page_of(TitleRowShape), query=(*FILTERS, ordering(ORDERS), *PAGING)),
        "POST": Operation(keeps, TitleShape, body=NewTitleForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request) -> Response:
        """The titles that the caller may see, with how each stands today and when it is re-examined."""
        rows = with_file(titles_matching(request.user, self.asked, on=today()))
        return paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]], shape=titles.row_on(today()))

    @once
    def post(self, request: Request) -> Response:
        """Record a title with its document, and its achievement unless that is on record."""
        given = self.body(request)
        uscc = normalise_credit_code(given.pop("enterprise"))
        enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), uscc=uscc)
        made = record_title(enterprise, stated(given, StatedTitle), actor=request.user, at=now())
        return answered(request, made.achievement, status=201)


class TitleDetail(ApiView):
    """One title."""

    tag = "titles"
    operations = {"GET": Operation(signed_in, TitleShape)}

    def get(self, request: Request, number: int) -> Response:
        """The title with its re-examinations and the guidance of its year."""
        return answered(request, visible(request, number))


class TitleCorrection(ApiView):
    """Correcting a title."""

    tag = "titles"
    operations = {"POST": Operation(keeps, TitleShape, body=TitleCorrectionForm, status=201, problems=(404, 409))}

    @once
    def post(self, request: Request, number: int) -> Response:
        """Annul what was recorded in error and record it anew, in one; the answer is the new one."""
        row, given = visible(request, number), self.body(request)
        act = Act(given.pop("ground"), request.user, now())
        return answered(request, correct_title(row, stated(given, StatedTitle), act).achievement, status=201)


class TitleEnd(ApiView):
    """The end of a title."""

    tag = "titles"
    operations = {"POST": Operation(keeps, TitleShape, body=TitleEndForm, problems=(404, 409))}

    @once
    def post(self, request: Request, number: int) -> Response:
        """The title is revoked, given up, over, or was recorded in error."""
        row, given = visible(request, number), self.body(request)
        act = Act(given["ground"], request.user, now())
        return answered(request, end_title(row, given["reason"], given["ended_on"], act))


class TitleReexaminations(ApiView):
    """Re-examinations of a title."""

    tag = "titles"
    operations = {
        "GET": Operation(signed_in, page_of(ReexaminationShape)),
        "POST": Operation(keeps, TitleShape, body=ReexaminationForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request, number: int) -> Response:
        """Those that were held, in the order of their days."""
        return whole([titles.reexamination(row) for row in visible(request, number).reexaminations.all()])

    @once
    def post(self, request: Request, number: int) -> Response:
        """Record what a re-examination came to; passed, the next period opens, failed, the title is revoked."""
        row, given = visible(request, number), self.body(request)
        reexamine(row, stated(given, StatedReexamination), actor=request.user, at=now())
        return answered(request, row, status=201)


class TitleGuidance(ApiView):
    """The guidance of a year."""

    tag = "titles"
    operations = {
        "GET": Operation(signed_in, page_of(GuidanceShape)),
        "POST": Operation(keeps, TitleShape, body=GuidanceForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request, number: int) -> Response:
        """Its steps in the order of their days."""
        rows = visible(request, number).guidance.select_related("organisation")
        return whole([titles.guidance(row) for row in rows])

    @once
    def post(self, request: Request, number: int) -> Response:
        """Record a step of guidance."""
        row, given = visible(request, number), self.body(request)
        guide(row, stated(given, StatedGuidance), actor=request.user, at=now())
        return answered(request, row, status=201)
