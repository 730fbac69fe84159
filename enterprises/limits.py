"""What an enterprise's plain fields may hold: a value that does not fit is refused, never cut."""

from collections.abc import Mapping
from datetime import date
from typing import Any

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
        remedy = "请填写如 C3825 的代码"
        found.append(Refusal("industry_code", f"“{industry}”不是 GB/T 4754 行业代码", field="industry", remedy=remedy))
    established = values.get("established_on")
    if established and established < EARLIEST:
        found.append(
            Refusal("established_too_early", f"成立日期 {established} 早于 {EARLIEST}", field="established_on")
        )
    return found


def _length_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """What is too long among texts named like the columns of Enterprise."""
    found = []
    for name, value in values.items():
        column = Enterprise._meta.get_field(name)
        limit = ENCRYPTED_LIMITS.get(name) or getattr(column, "max_length", None)
        if isinstance(value, str) and limit and len(value) > limit:
            label = getattr(column, "verbose_name", name)
            message = f"“{label}”最多 {limit} 字，现 {len(value)} 字"
            found.append(Refusal("too_long", message, field=name, remedy="请精简后再填"))
    return found
