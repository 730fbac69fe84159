"""Programmes and what their stages ask for: public."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.services.rulebooks import rules_in_force
from certification.stages import Programme

from ..answers import programmes
from ..base import ApiView, today
from ..operations import Operation, anyone
from ..pagination import whole
from ..params import day
from ..shapes.base import page_of
from ..shapes.programmes import ProgrammeRowShape, ProgrammeShape


class Programmes(ApiView):
    """The list of programmes."""

    tag = "programmes"
    operations = {"GET": Operation(anyone, page_of(ProgrammeRowShape))}

    def get(self, request: Request) -> Response:
        """The programmes with the codes of their stages."""
        return whole([programmes.row(programme) for programme in Programme])


class ProgrammeDetail(ApiView):
    """One programme."""

    tag = "programmes"
    operations = {
        "GET": Operation(anyone, ProgrammeShape, query=(day("on", "Day whose rules are asked for (default: today)"),))
    }

    def get(self, request: Request, code: str) -> Response:
        """Stages with fields, evidence, review route, waits, gates, modules, and the rulebook and edition in force."""
        if code not in list(Programme):
            raise Http404
        on = self.asked["on"] or today()
        rules = {rule.stage: rule for rule in rules_in_force(on=on)}
        return Response(programmes.full(code, rules, on=on))
