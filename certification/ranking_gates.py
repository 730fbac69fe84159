"""Conditions of a stage that is decided by rank (pure): who may apply by the batch's terms, whom a unit may send on.

Each names all that stands in the way; gates.py takes them in.
"""

from collections.abc import Sequence

from enterprises.language import _

from .errors import Refusal
from .needs import Dossier, Rule
from .selection.eligibility import Condition, Facts, conditions, eligibility_refusals


def facts_of(dossier: Dossier) -> Facts:
    """What the dossier knows of the enterprise, as eligibility asks for it."""
    reached = {stage: min(rounds.values()) for stage, rounds in dossier.rounds.items() if rounds}
    return Facts(dossier.day, reached, frozenset(reached), dossier.credit, dossier.high_tech)


def conditions_of(stage: str, dossier: Dossier) -> tuple[Condition, ...]:
    """Every condition of the batch that a stage is applied for in, met ones too; none where there is no batch."""
    return conditions(dossier.eligibility.get(stage, ()), facts_of(dossier))


def eligible(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """Every rule of the terms is met on the day. Without a batch there are no terms: window_open says so."""
    return eligibility_refusals(dossier.eligibility.get(rule.stage, ()), facts_of(dossier))


def ranked_by_unit(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """What a reporting unit sends on stands in its ranked recommendation, which keeps to its quota."""
    if dossier.is_ranked_by_unit:
        return []
    message, remedy = _("该申报不在本单元的推荐排序中"), _("请先在推荐排序中为该申报排定次序，再审核通过并上报")
    return [Refusal("not_ranked", message, field="ranked", remedy=remedy)]


OF_RANKING = (eligible, ranked_by_unit)


def asks_for_eligibility(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know the terms of the batch, and what they ask about."""
    return eligible.__name__ in names


def asks_for_rank(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know the unit's ranked recommendation."""
    return ranked_by_unit.__name__ in names
