"""How figures, stages and states are written on a page."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from enterprises.masking import masked_name, masked_phone
from enterprises.models import EnterpriseChange

from ..certificate_life import State
from ..certificates import ATTENTION_NAMES, Attention
from ..charts.heat import heat_level
from ..charts.meter import Gauge, Meter, gauge, meter
from ..history.changes import value_in_words
from ..models import Plan
from ..models.plan import Comparator
from ..queries import field_name
from ..ranked_views import KIND_WORDS
from ..selection.eligibility import Kind
from ..stages import STAGES
from ..title_life import State as TitleState
from ..totals.figures import Figure
from ..views.badges import (
    DOCUMENT_STATES,
    STANDINGS,
    Badge,
    application_badge,
    certificate_badge,
    figure_badge,
    title_badge,
)
from ..wording import in_words, named, worded

register = template.Library()
register.filter(masked_name)
register.filter(masked_phone)
register.filter(named)
register.filter(in_words)


@register.filter
def number(value: Any) -> str:
    """A number without idle decimals, thousands parted from 10 000 on: 500.00 -> 500, 200000 -> 200,000."""
    if value is None or value == "":
        return "—"
    plain = Decimal(value)
    whole = plain == plain.to_integral_value()
    text = number_format(plain.to_integral_value() if whole else plain.normalize(), use_l10n=False)
    return _parted(text) if abs(plain) >= 10000 else text


def _parted(text: str) -> str:
    digits, dot, rest = text.partition(".")
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    groups: list[str] = []
    while digits:
        groups.insert(0, digits[-3:])
        digits = digits[:-3]
    return sign + ",".join(groups) + dot + rest


@register.filter
def bracketed(text: Any) -> str:
    """A remark in brackets of the reader's language."""
    return _("（%(text)s）") % {"text": text}


@register.filter
def plan_title(plan: Plan) -> str:
    """A plan's title in the reader's language."""
    return worded((plan.title, plan.title_en))


@register.filter
def quarter(rate: Decimal) -> str:
    """A rate of up to 400 % as a share of a bar's width."""
    return f"{min(max(rate, Decimal(0)), Decimal(400)) / 4:.2f}"


@register.filter
def stage_name(code: str) -> str:
    """A stage's name by its code."""
    return named(STAGES[code]) if code in STAGES else code


@register.filter
def condition_name(kind: Kind) -> str:
    """The name of a kind of condition."""
    return str(KIND_WORDS[kind])


@register.filter
def status_badge(figure: Any) -> Badge:
    """The badge of a Figure's status."""
    return figure_badge(figure.status)


@register.filter
def application_status(application: Any) -> Badge:
    """The badge of an application's status."""
    return application_badge(application.status)


@register.filter
def certificate_standing(state: State) -> Badge:
    """The badge of how a certificate stands."""
    return certificate_badge(state.standing)


@register.filter
def title_standing(state: TitleState) -> Badge:
    """The badge of how a title stands."""
    return title_badge(state.standing)


@register.filter
def attention_name(each: Attention) -> str:
    """What a certificate needs attention for, in words."""
    return worded(ATTENTION_NAMES[each])


@register.filter
def standing_badge(standing: str) -> Badge:
    """The badge of what a verification says."""
    return STANDINGS[standing]


@register.filter
def in_fields(codes: str | Sequence[str] | None, names: Mapping[str, str]) -> str:
    """Fields of expertise by name, one code or several; a code that is gone stays a code."""
    listed = [codes] if isinstance(codes, str) else codes or ()
    return _("、").join(names.get(code, code) for code in listed if code)


@register.filter
def document_state(document: Any) -> Badge:
    """The badge of how far a paper's file is."""
    return DOCUMENT_STATES[document.state]


@register.filter
def target_text(figure: Figure) -> str:
    """A target with its comparator: ≥ 500, > 15, 10–20."""
    if figure.comparator == Comparator.RANGE:
        return f"{number(figure.target)}–{number(figure.target_max)}"
    return f"{Comparator(figure.comparator).label} {number(figure.target)}"


@register.filter
def as_meter(figure: Figure) -> Meter:
    return meter(opening=figure.opening, value=figure.value, target=figure.target)


@register.filter
def as_gauge(figure: Figure) -> Gauge:
    return gauge(as_meter(figure))


@register.filter
def heat(value: Any, most: Any) -> int:
    """The shade (0 to 5) of a cell whose column's largest value is `most`."""
    return heat_level(value, most)


@register.filter
def changed_field(change: EnterpriseChange) -> str:
    """What a change of an enterprise's file was about."""
    return field_name(change.field)


@register.filter
def changed_before(change: EnterpriseChange) -> str:
    """What the field said before, in words."""
    return value_in_words(change.field, change.before)


@register.filter
def changed_after(change: EnterpriseChange) -> str:
    """What the field said after, in words."""
    return value_in_words(change.field, change.after)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The entry of a mapping."""
    return mapping.get(key)
