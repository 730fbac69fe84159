"""Evaluations: what an expert looks at, scores and hands in; what the enterprise says and reads of it."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.listings.panels import EVALUATION_FILTERS, evaluations_matching
from certification.models import Application, Evaluation
from certification.panel_views import readable_result
from certification.services.assessments import Visit, assess_oneself, record_visit, sheet_for
from certification.services.panels import recuse
from certification.services.scores import keep_scores
from enterprises.rights import is_applicant, may_see_evaluations

from ..answers import panels
from ..base import ApiView, now, today
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged
from ..shapes.base import page_of
from ..shapes.panels import (
    EvaluationActionForm,
    EvaluationRowShape,
    EvaluationShape,
    ResultShape,
    ScoresForm,
    ScoresShape,
    SelfAssessmentForm,
    SelfAssessmentShape,
    VisitForm,
    VisitShape,
)

IN_ORDER = orders("id")
sees = held_by(may_see_evaluations)


def visible(request: Request, key: UUID) -> Evaluation:
    return get_object_or_404(panels.with_parts(Evaluation.objects.visible_to(request.user)), key=key)


def application_in_sight(request: Request, number: str) -> Application:
    rows = Application.objects.visible_to(request.user).select_related("enterprise", "batch__sheet")
    return get_object_or_404(rows, number=number)


class EvaluationList(ApiView):
    """Evaluations."""

    tag = "evaluations"
    operations = {
        "GET": Operation(sees, page_of(EvaluationRowShape), query=(*EVALUATION_FILTERS, ordering(IN_ORDER), *PAGING)),
    }

    def get(self, request: Request) -> Response:
        """An expert's own evaluations; to the city all of them. No scores."""
        rows = panels.with_parts(evaluations_matching(request.user, self.asked, on=today()))
        shape = panels.evaluation_on(today())
        return paged(request, rows, self.asked, order=IN_ORDER[self.asked["ordering"]], shape=shape)


class EvaluationDetail(ApiView):
    """One evaluation."""

    tag = "evaluations"
    operations = {"GET": Operation(sees, EvaluationShape)}

    def get(self, request: Request, key: UUID) -> Response:
        """What the enterprise submitted, the sheet, its own assessment, visits; the result when all are in."""
        return Response(panels.evaluation(visible(request, key), to=request.user, on=today()))


class EvaluationScores(ApiView):
    """The scores of one expert."""

    tag = "evaluations"
    operations = {
        "GET": Operation(sees, ScoresShape),
        "PUT": Operation(sees, ScoresShape, body=ScoresForm, problems=(409,)),
    }

    def get(self, request: Request, key: UUID) -> Response:
        """The expert's own scores; nobody else's until all experts of the sitting have handed in."""
        return Response(panels.scores(visible(request, key), to=request.user))

    def put(self, request: Request, key: UUID) -> Response:
        """Keep the sheet as it is given; with `final` hand it in, whole and once."""
        row, given = visible(request, key), self.body(request)
        sheet = {code: panels.given(said) for code, said in given["scores"].items()}
        keep_scores(row, sheet, hand_in=given["final"], actor=request.user, at=now())
        return Response(panels.scores(visible(request, key), to=request.user))


class EvaluationActions(ApiView):
    """Stepping back."""

    tag = "evaluations"
    operations = {"POST": Operation(sees, EvaluationRowShape, body=EvaluationActionForm, problems=(409,))}

    @once
    def post(self, request: Request, key: UUID) -> Response:
        """`recuse`: the next one of the draw follows. The expert no longer sees the evaluation."""
        row, given = visible(request, key), self.body(request)
        recuse(row, reason=given["comment"], actor=request.user, at=now())
        found = panels.with_parts(Evaluation.objects.filter(pk=row.pk)).get()
        return Response(panels.evaluation_on(today())(found))


class ApplicationResult(ApiView):
    """What an evaluation came to."""

    tag = "evaluations"
    operations = {"GET": Operation(signed_in, ResultShape)}

    def get(self, request: Request, number: str) -> Response:
        """The result by item with what to improve, once it is public (to the city, once all are in)."""
        found = readable_result(application_in_sight(request, number), request.user)
        if found is None:
            raise Http404
        return Response(panels.result(found))


class SelfAssessment(ApiView):
    """The enterprise's own assessment."""

    tag = "evaluations"
    operations = {
        "GET": Operation(signed_in, SelfAssessmentShape),
        "PUT": Operation(held_by(is_applicant), SelfAssessmentShape, body=SelfAssessmentForm, problems=(409,)),
    }

    def get(self, request: Request, number: str) -> Response:
        """The sheet, and what the enterprise gave itself."""
        return self.answered(request, number)

    def put(self, request: Request, number: str) -> Response:
        """Keep the enterprise's own assessment, in draft or while returned."""
        row, given = application_in_sight(request, number), self.body(request)
        said = {code: (each["points"], each["remark"]) for code, each in given["scores"].items()}
        assess_oneself(row, said, actor=request.user, at=now())
        return self.answered(request, number)

    def answered(self, request: Request, number: str) -> Response:
        row = application_in_sight(request, number)
        sheet = sheet_for(row, on=today())
        shown = panels.sheet(sheet) if sheet else None
        return Response({"application": row.number, "sheet": shown, "scores": panels.self_scores(row)})


class Visits(ApiView):
    """Visits on the spot."""

    tag = "evaluations"
    operations = {"POST": Operation(signed_in, VisitShape, body=VisitForm, status=201, problems=(404, 409))}

    @once
    def post(self, request: Request, number: str) -> Response:
        """Put a visit on record, by the level that has the application."""
        row, given = application_in_sight(request, number), self.body(request)
        kept = record_visit(row, Visit(**given), actor=request.user, at=now())
        return Response(panels.visit(kept), status=201)
