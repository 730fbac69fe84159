"""What an enterprise's plain fields may hold: a value that does not fit is refused, never cut."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .errors import Refusal
from .identifiers import is_industry_code
from .models import Enterprise

ENCRYPTED_LIMITS = {"contact_name": 40, "contact_phone": 30}


EARLIEST = date(1900, 1, 1)


def value_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """What is wrong with values named like the columns of Enterprise: length, industry code, early dates."""
    found = _length_refusals(values)
    industry = values.get("industry")
    if isinstance(industry, str) and industry and not is_industry_code(industry):
        message = _("“%(code)s”不是 GB/T 4754 行业代码") % {"code": industry}
        found.append(Refusal("industry_code", message, field="industry", remedy=_("请填写如 C3825 的代码")))
    established = values.get("established_on")
    if established and established < EARLIEST:
        message = _("成立日期 %(day)s 早于 %(earliest)s") % {"day": established, "earliest": EARLIEST}
        found.append(Refusal("established_too_early", message, field="established_on"))
    return found


def unknown_tier(tier: Any) -> Refusal:
    return Refusal("tier_unknown", _("十百千类别“%(tier)s”不存在") % {"tier": tier}, field="innovation_tier")


def established_in_future(day: date) -> Refusal:
    return Refusal("established_in_future", _("成立日期 %(day)s 晚于今天") % {"day": day}, field="established_on")


def _length_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """What is too long among texts named like the columns of Enterprise."""
    found = []
    for name, value in values.items():
        column = Enterprise._meta.get_field(name)
        limit = ENCRYPTED_LIMITS.get(name) or getattr(column, "max_length", None)
        if isinstance(value, str) and limit and len(value) > limit:
            label = getattr(column, "verbose_name", name)
            said = {"label": label, "limit": limit, "count": len(value)}
            message = _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字") % said
            found.append(Refusal("too_long", message, field=name, remedy=_("请精简后再填")))
    return found
