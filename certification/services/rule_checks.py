"""What the rows of a stage rule may say so that it can be worked with: an office edits them, an applicant depends on
them. Bounds are of plausibility, no policy: what a year asks for stands in its rows.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from ..errors import Refusal, Refused
from ..models import FieldRule, RouteStep, StageRule
from ..models.rulebook import FieldKind
from ..stages import Level

MOST_DAYS = 250  # working days of a whole year
MOST_MONTHS = 240
ORDER = list(Level)  # the township first, the city last


def check_stage_rule(rule: StageRule) -> None:
    """Refused names every row that cannot be worked with. A rule without any route may wait for one: it is not open."""
    refusals = [*_of_route(rule), *_of_waits(rule)]
    for field in rule.fields.order_by("order", "id"):
        refusals.extend(_of_field(field))
    if refusals:
        raise Refused(refusals)


def _of_route(rule: StageRule) -> Iterator[Refusal]:
    steps = list(rule.route.order_by("order"))
    levels = [ORDER.index(Level(step.level)) for step in steps]
    if steps and (steps[-1].level != Level.CITY or any(before >= after for before, after in pairwise(levels))):
        shown = _("、").join(str(step.get_level_display()) for step in steps)
        message = _("审核层级的次序为“%(levels)s”，应自下而上，最后由市局核准") % {"levels": shown}
        yield Refusal("route_order", message, field="route", remedy=_("请按乡镇（街道）、辖市区、市局的次序填写"))
    for step in steps:
        for name in ("accept_days", "decide_days"):
            days = getattr(step, name)
            if not 1 <= days <= MOST_DAYS:
                words = {"level": step.get_level_display(), "name": _verbose(step, name), "days": days}
                message = _("%(level)s的%(name)s为 %(days)s") % words
                yield Refusal("route_days", message, field=name, remedy=_("请填 1 至 %(most)s") % {"most": MOST_DAYS})
        yield from _of_correction(step)


def _of_correction(step: RouteStep) -> Iterator[Refusal]:
    """Without a limit is fine; a limit that ends on the day of the return is none that could be kept."""
    days = step.correction_days
    if days is None or 1 <= days <= MOST_DAYS:
        return
    words = {"level": step.get_level_display(), "name": _verbose(step, "correction_days"), "days": days}
    message = _("%(level)s的%(name)s为 %(days)s") % words
    remedy = _("请填 1 至 %(most)s，不设期限的留空") % {"most": MOST_DAYS}
    yield Refusal("route_days", message, field="correction_days", remedy=remedy)


def _of_waits(rule: StageRule) -> Iterator[Refusal]:
    for wait in rule.waits.order_by("id"):
        stage = wait.get_after_stage_display()
        if wait.after_stage == rule.stage:
            message = _("“%(stage)s”不能以本阶段为前置阶段") % {"stage": stage}
            yield Refusal("wait_on_itself", message, field="after_stage", remedy=_("请选择其他阶段"))
        if wait.months > MOST_MONTHS:
            message = _("取得“%(stage)s”后须满 %(months)s 个月，过长") % {"stage": stage, "months": wait.months}
            yield Refusal("wait_months", message, field="months", remedy=_("最多 %(most)s") % {"most": MOST_MONTHS})


def _of_field(field: FieldRule) -> Iterator[Refusal]:
    label = {"label": field.label}
    if field.kind == FieldKind.CHOICE and not _is_choices(field.choices):
        message = _("字段“%(label)s”的选项格式有误") % label
        remedy = _('请按 [["代码", "名称"], …] 填写至少一项，代码不得重复')
        yield Refusal("field_choices", message, field="choices", remedy=remedy)
    if field.kind != FieldKind.CHOICE and field.choices != []:
        message = _("字段“%(label)s”不是单选，不应有选项") % label
        yield Refusal("field_choices", message, field="choices", remedy=_("请清空选项（填 []），或将类型改为单选"))
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        words = {**label, "minimum": field.minimum.normalize(), "maximum": field.maximum.normalize()}
        message = _("字段“%(label)s”的最小值 %(minimum)s 大于最大值 %(maximum)s") % words
        yield Refusal("field_range", message, field="maximum", remedy=_("请调整最小值或最大值"))
    if field.max_length < 1:
        message = _("字段“%(label)s”的最多字数为 0") % label
        yield Refusal("field_length", message, field="max_length", remedy=_("请至少填 1"))


def _is_choices(given: Any) -> bool:
    """[[code, name], …]: two texts each, no code twice, at least one."""
    if not (isinstance(given, list) and given):
        return False
    for pair in given:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) and word for word in pair)):
            return False
    return len({code for code, _name in given}) == len(given)


def _verbose(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)
