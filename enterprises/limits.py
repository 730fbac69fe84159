"""What an enterprise's plain fields may hold: a value that does not fit is refused, never cut."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .errors import Refusal
from .identifiers import is_industry_code, is_phone, normalise_industry_code, normalise_phone
from .models import Enterprise

ENCRYPTED_LIMITS = {"contact_name": 40, "contact_phone": 30}


EARLIEST = date(1900, 1, 1)
NORMALISED = {"industry": normalise_industry_code, "contact_phone": normalise_phone}


def as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values named like the columns of Enterprise in the form in which they are kept."""
    readers = {
        name: NORMALISED[name] for name, value in values.items() if name in NORMALISED and isinstance(value, str)
    }
    return {name: readers[name](value) if name in readers else value for name, value in values.items()}


def value_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """What is wrong with values named like the columns of Enterprise: length, phone, industry code, early dates."""
    found = _length_refusals(values)
    phone = values.get("contact_phone")
    if isinstance(phone, str) and phone and len(phone) <= ENCRYPTED_LIMITS["contact_phone"] and not is_phone(phone):
        found.append(not_a_phone(phone))
    industry = values.get("industry")
    if isinstance(industry, str) and industry and not is_industry_code(industry):
        message = _("“%(code)s”不是 GB/T 4754 行业代码") % {"code": industry}
        found.append(Refusal("industry_code", message, field="industry", remedy=_("请填写如 C3825 的代码")))
    established = values.get("established_on")
    if established and established < EARLIEST:
        message = _("成立日期 %(day)s 早于 %(earliest)s") % {"day": established, "earliest": EARLIEST}
        found.append(Refusal("established_too_early", message, field="established_on"))
    return found


def not_a_phone(phone: str) -> Refusal:
    message = _("联系电话“%(phone)s”既不是手机号码，也不是带区号的座机号码") % {"phone": phone}
    remedy = _("请填写 11 位手机号码，或形如 0519-88881234 的座机号码，有分机的写作 0519-88881234-801")
    return Refusal("contact_phone", message, field="contact_phone", remedy=remedy)


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
