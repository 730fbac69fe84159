"""Batches decided by rank: terms, late entries, ranking and settings, the seal; what a reporting unit recommends."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import Batch
from certification.ranked_views import ranked_view
from certification.rights import may_rank
from certification.services.frozen_copies import keep_setting
from certification.services.late_entries import grant_late_entry
from certification.services.recommendations import batches_to_rank, rank_recommended, unit_list
from certification.services.sealing import seal
from certification.services.selection_terms import keep_terms
from certification.stages import STAGES
from enterprises.models import Account, Enterprise
from enterprises.rights import may_run_batches

from ..answers import selection
from ..base import ApiView, now
from ..idempotency import once
from ..operations import Operation, held_by
from ..shapes.selection import (
    LateEntryForm,
    LateEntryShape,
    RankingShape,
    RecommendationForm,
    RecommendationShape,
    SealForm,
    SettingForm,
    TermsForm,
    TermsShape,
)

RANKED = [code for code, stage in STAGES.items() if stage.has_ranking]
runs, ranks = held_by(may_run_batches), held_by(may_rank)


def visible(request: Request, code: str) -> Batch:
    rows = Batch.objects.visible_to(request.user).filter(stage__in=RANKED).select_related("sheet")
    return get_object_or_404(rows, code=code)


class BatchTermsView(ApiView):
    """The terms of a ranked batch."""

    tag = "batches"
    operations = {
        "GET": Operation(runs, TermsShape),
        "PUT": Operation(runs, TermsShape, body=TermsForm, problems=(409,)),
    }

    def get(self, request: Request, code: str) -> Response:
        """The terms in force, null before the first ones, and every version with its reason."""
        return Response(selection.terms(visible(request, code)))

    def put(self, request: Request, code: str) -> Response:
        """Write the next version; of a batch that is open only with a `reason`, of a sealed one none."""
        row, given = visible(request, code), self.body(request)
        keep_terms(row, selection.stated(given), reason=given["reason"], actor=request.user, at=now())
        return Response(selection.terms(visible(request, code)))


class BatchLateEntries(ApiView):
    """Late entries."""

    tag = "batches"
    operations = {"POST": Operation(runs, LateEntryShape, body=LateEntryForm, status=201, problems=(409,))}

    @once
    def post(self, request: Request, code: str) -> Response:
        """Let an enterprise apply after the window, until a day and before the draw."""
        row, given = visible(request, code), self.body(request)
        of = get_object_or_404(Enterprise.objects.visible_to(request.user), uscc=given.pop("enterprise"))
        return Response(selection.late(grant_late_entry(row, of, **given, actor=request.user, at=now())), status=201)


class BatchRanking(ApiView):
    """The ranking of the latest frozen copy."""

    tag = "batches"
    operations = {
        "GET": Operation(runs, RankingShape),
        "POST": Operation(runs, RankingShape, body=SettingForm, problems=(409,)),
    }

    def get(self, request: Request, code: str) -> Response:
        """Every candidate in its place with how firm it is, and its end in each setting; 404: nothing is frozen."""
        return self.answered(request, code)

    @once
    def post(self, request: Request, code: str) -> Response:
        """Try a setting on the copy, and keep it under its name."""
        row, given = visible(request, code), self.body(request)
        keep_setting(row, given.pop("name"), selection.setting(given), actor=request.user, at=now())
        return self.answered(request, code)

    def answered(self, request: Request, code: str) -> Response:
        found = ranked_view(visible(request, code))
        if found is None:
            raise Http404
        return Response(selection.ranking(found))


class BatchSeal(ApiView):
    """The seal."""

    tag = "batches"
    operations = {"POST": Operation(runs, RankingShape, body=SealForm, problems=(409,))}

    @once
    def post(self, request: Request, code: str) -> Response:
        """Seal one of the settings: it decides from now on. `reason`: where it departs from the terms."""
        row, given = visible(request, code), self.body(request)
        seal(row, given["setting"], reason=given["reason"], actor=request.user, at=now())
        found: Any = ranked_view(row)
        return Response(selection.ranking(found))


class BatchRecommendation(ApiView):
    """The ranked recommendation of the caller's reporting unit."""

    tag = "batches"
    operations = {
        "GET": Operation(ranks, RecommendationShape),
        "PUT": Operation(ranks, RecommendationShape, body=RecommendationForm, problems=(409,)),
    }

    def get(self, request: Request, code: str) -> Response:
        """What the unit has sent on, ranked, and not ranked yet; `quota`: how many it may recommend."""
        return Response(selection.recommendation(unit_list(running(request.user, code), request.user)))

    def put(self, request: Request, code: str) -> Response:
        """Rank what is not sent on yet, the first one first; what is not in the list is not recommended."""
        row, given = running(request.user, code), self.body(request)
        rank_recommended(row, given["ranked"], actor=request.user, at=now())
        return Response(selection.recommendation(unit_list(row, request.user)))


def running(account: Account, code: str) -> Batch:
    found = [batch for batch in batches_to_rank(account) if batch.code == code]
    if not found:
        raise Http404
    return found[0]
