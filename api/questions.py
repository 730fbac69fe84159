"""A question about figures, as a request asks it."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request

from certification.totals.question import BY_UNIT, QUESTION, Question, known_indicator, question_of
from enterprises.rights import may_read_monitor

from .base import today
from .operations import held_by

__all__ = ["BY_UNIT", "QUESTION", "asked_of", "known_indicator", "reads_monitor"]
reads_monitor = held_by(may_read_monitor)


def asked_of(request: Request, asked: Mapping[str, Any]) -> Question:
    """The question of a request; raises what stands in its way."""
    return question_of(request.user, asked, today=today())
