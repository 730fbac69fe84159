"""How the inputs of eligibility stand, as a page shows it."""

from django import template

from ..inputs.credit_life import STANDING_NAMES, CreditState
from ..inputs.states import STATES
from ..models import CreditResult
from ..views.badges import Badge
from ..wording import worded

register = template.Library()
STATE_LOOKS = {
    "valid": ("met", "check-circle-fill"),
    "future": ("none", "hourglass"),
    "expired": ("none", "calendar-x"),
    "ended": ("none", "slash-circle"),
    "annulled": ("none", "eraser"),
}
RESULT_LOOKS = {"clear": ("met", "shield-check"), "adverse": ("bad", "shield-exclamation")}
CREDIT_LOOKS = {**RESULT_LOOKS, "expired": ("warn", "calendar-x"), "none": ("none", "dash-circle")}


@register.filter
def input_state(state: str) -> Badge:
    """The badge of one recorded fact."""
    return Badge(*STATE_LOOKS[state], worded(STATES[state]))


@register.filter
def credit_result(result: str) -> Badge:
    """The badge of what a check came to."""
    return Badge(*RESULT_LOOKS[result], CreditResult(result).label)


@register.filter
def credit_standing(state: CreditState) -> Badge:
    """The badge of how credit stands."""
    return Badge(*CREDIT_LOOKS[state.standing], worded(STANDING_NAMES[state.standing]))
