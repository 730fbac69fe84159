"""A setting of a selection (方案): weights, cut-off, quotas; what is wrong with one, and how it is kept. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from enterprises.language import _

from ..errors import Refusal
from ..scoring import Item, plain
from .weights import WHOLE, weight_refusals

MOST_QUOTA = 10_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What is tried. None: no such limit. `unit_quotas`: of the units that have one."""

    weights: Mapping[str, Decimal]
    cut_off: Decimal | None = None
    quota: int | None = None
    unit_quotas: Mapping[str, int] = field(default_factory=dict)
    edge: Decimal = Decimal(0)


def setting_refusals(setting: Setting, items: Sequence[Item], *, units: Sequence[str] = ()) -> list[Refusal]:
    """Everything that is wrong with a setting. `units`: all there are; empty: they are not asked for."""
    found = weight_refusals(items, setting.weights)
    for name in ("cut_off", "edge"):
        found += _points_refusals(name, getattr(setting, name))
    found += _quota_refusals("quota", setting.quota)
    found += quota_refusals("unit_quotas", setting.unit_quotas, units=units)
    return found or _unfillable(setting, units)


def quota_refusals(name: str, quotas: Mapping[str, int], *, units: Sequence[str] = ()) -> list[Refusal]:
    """What is wrong with quotas by reporting unit. `units`: all there are; empty: they are not asked for."""
    found = []
    for unit, quota in quotas.items():
        found += _quota_refusals(f"{name}.{unit}", quota)
        if units and unit not in units:
            message = _("没有统计单元“%(unit)s”") % {"unit": unit[:20]}
            found.append(Refusal("unit_unknown", message, f"{name}.{unit}", _("请使用统计单元的代码")))
    return found


def _points_refusals(name: str, value: Decimal | None) -> list[Refusal]:
    if value is None or (value.is_finite() and 0 <= value <= WHOLE):
        return []
    message = _("入围分数线或边缘分差 %(value)s 不在 0 至 100 之间") % {"value": str(value)[:20]}
    return [Refusal("points_out_of_range", message, field=name, remedy=_("请填 0 至 100 之间的数"))]


def _quota_refusals(name: str, quota: int | None) -> list[Refusal]:
    if quota is None or 0 <= quota <= MOST_QUOTA:
        return []
    message = _("名额 %(value)s 不在 0 至 %(most)s 之间") % {"value": quota, "most": MOST_QUOTA}
    return [Refusal("quota_out_of_range", message, field=name, remedy=_("请填整数，不限的留空"))]


def _unfillable(setting: Setting, units: Sequence[str]) -> list[Refusal]:
    """Quotas of all units that together are below the quota in all: it could never be used up."""
    total = sum(setting.unit_quotas.values())
    if setting.quota is None or not units or set(units) - set(setting.unit_quotas) or total >= setting.quota:
        return []
    message = _("各统计单元名额合计 %(total)s，少于总名额 %(quota)s") % {"total": total, "quota": setting.quota}
    return [Refusal("quotas_below_whole", message, field="unit_quotas", remedy=_("请增加单元名额或减少总名额"))]


def setting_content(setting: Setting) -> dict[str, Any]:
    """A setting as it is kept and digested: texts and integers only."""
    return {
        "weights": {code: plain(weight) for code, weight in sorted(setting.weights.items())},
        "cut_off": None if setting.cut_off is None else plain(setting.cut_off),
        "quota": setting.quota,
        "unit_quotas": dict(sorted(setting.unit_quotas.items())),
        "edge": plain(setting.edge),
    }


def setting_of(content: Mapping[str, Any]) -> Setting:
    """The setting that was kept so."""
    return Setting(
        weights={code: Decimal(weight) for code, weight in content["weights"].items()},
        cut_off=None if content["cut_off"] is None else Decimal(content["cut_off"]),
        quota=content["quota"],
        unit_quotas=content["unit_quotas"],
        edge=Decimal(content["edge"]),
    )
