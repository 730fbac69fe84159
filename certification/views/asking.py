"""Reading what an address asks for: plan and day. A bad value is answered, never a crash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from ..errors import Refusal, Refused
from ..models import Plan
from ..totals.figures import check_day
from ..wording import worded

OK, BAD_REQUEST = 200, 400


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day to show, and why day or plan are not the ones that were asked for."""

    day: date
    text: str
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_another(self) -> bool:
        return any(refusal.field == "as_of" for refusal in self.refusals)

    @property
    def status(self) -> int:
        return BAD_REQUEST if self.refusals else OK


def asked_day(asked: Mapping[str, str], plan: Plan, *, today: date) -> AskedDay:
    """The day of `?as_of=`; today for none, and for one that cannot be shown, with the reason.

    `?plan=` may name the plan that is shown; any other is answered with the reason too.
    """
    text, elsewhere = asked.get("as_of", ""), _plan_refusals(asked.get("plan", ""), plan)
    if not text.strip():
        return AskedDay(today, f"{today}", elsewhere)
    try:
        day = _day(text)
        check_day(plan, day, today=today)
    except Refused as refused:
        return AskedDay(today, text[:40], elsewhere + refused.refusals)
    return AskedDay(day, f"{day}", elsewhere)


def _plan_refusals(code: str, shown: Plan) -> tuple[Refusal, ...]:
    if code in ("", shown.code):
        return ()
    titles = {row.code: worded((row.title, row.title_en)) for row in Plan.objects.all()}
    if code in titles:
        message = _("“%(title)s”不在此监测") % {"title": titles[code]}
    else:
        message = _("没有代码为“%(code)s”的规划") % {"code": code[:40]}
    remedy = _("监测的是“%(title)s”；已结束规划的完成情况见首页") % {"title": titles[shown.code]}
    return (Refusal("plan_unknown", message, field="plan", remedy=remedy),)


def _day(text: str) -> date:
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        message = _("“%(text)s”不是有效的日期") % {"text": text[:40]}
        raise Refused(
            [Refusal("as_of_invalid", message, field="as_of", remedy=_("请按 年-月-日 填写，例如 2020-06-30"))]
        )
    return day
