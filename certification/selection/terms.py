"""The terms of a ranked batch (批次规则): who may apply, how it is ranked, who is in. Pure.

Fixed when the batch opens; a later change is a new version that says why. `recommended`: how many a reporting unit may
recommend; a unit that is not in it as many as it likes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import Refusal
from ..scoring import Item
from .eligibility import Asked, rule_refusals, rules_content, rules_of_content
from .ranking import LOT, tie_refusals
from .settings import Setting, quota_refusals, setting_content, setting_of, setting_refusals


@dataclass(frozen=True, slots=True)
class BatchRules:
    """What a ranked batch goes by."""

    setting: Setting
    eligibility: tuple[Asked, ...] = ()
    recommended: Mapping[str, int] = field(default_factory=dict)
    ties: tuple[str, ...] = (LOT,)


def terms_refusals(
    terms: BatchRules, items: Sequence[Item], *, units: Sequence[str], facts: Collection[str] = ()
) -> list[Refusal]:
    """Everything that is wrong with terms. `facts`: the figures of an application that a tie rule may compare."""
    return [
        *rule_refusals(terms.eligibility),
        *setting_refusals(terms.setting, items, units=units),
        *quota_refusals("recommended", terms.recommended, units=units),
        *tie_refusals(terms.ties, items=[item.code for item in items], facts=facts),
    ]


def terms_content(terms: BatchRules) -> dict[str, Any]:
    """Terms as they are kept and digested: texts, integers and truth only."""
    return {
        "eligibility": rules_content(terms.eligibility),
        "setting": setting_content(terms.setting),
        "recommended": dict(sorted(terms.recommended.items())),
        "ties": list(terms.ties),
    }


def terms_of(content: Mapping[str, Any]) -> BatchRules:
    """The terms that were kept so."""
    return BatchRules(
        setting=setting_of(content["setting"]),
        eligibility=rules_of_content(content["eligibility"]),
        recommended=content["recommended"],
        ties=tuple(content["ties"]),
    )
