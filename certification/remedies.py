"""What to do where something is not possible as things stand: what may be done now, or what takes its place.

Each answers with one sentence for the person who was refused.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .models import BatchState, FindingStatus

# The states of a batch in their order; what is over is not in it.
COURSE = (BatchState.PLANNED.value, BatchState.OPEN.value, BatchState.CLOSED.value)


def among(names: Iterable[str], *, over: str) -> str:
    """What may be done instead, by name; `over`: where nothing may be done any more."""
    listed = list(dict.fromkeys(names))
    return _("现在可以办理：%(acts)s") % {"acts": _("、").join(listed)} if listed else over


def of_application(names: Iterable[str], *, is_closed: bool) -> str:
    over = _("该申报已经结束；需要时请重新申报") if is_closed else _("现在由其他人员办理或按批次办理，请等待下一步")
    return among(names, over=over)


def of_certificate(names: Iterable[str]) -> str:
    return among(names, over=_("录入错误的证书不再变更；请照实重新登记"))


def of_paper(names: Iterable[str]) -> str:
    return among(names, over=_("该文书不再变更；已换发的，请在新文书上办理"))


def of_batch(state: str, wanted: str) -> str:
    """`wanted`: the state in which it would have been possible."""
    if state not in COURSE:
        return _("该批次不再变更；需要时请另行拟定批次")
    if wanted == BatchState.PLANNED:
        return _("批次开放后不再修改，也不能取消；请另行拟定批次，或按已定的规则办理")
    if COURSE.index(state) > COURSE.index(wanted):
        return _("该步已经办过，请接着办理下一步")
    return _("请先开放申报") if state == BatchState.PLANNED else _("请先截止申报")


def of_finding(status: str) -> str:
    if status == FindingStatus.OPEN:
        return _("请先由企业提交整改")
    if status == FindingStatus.ANSWERED:
        return _("整改已经提交，请等待审核人员核实")
    return _("已经结束的不符合项不再变更；有新的问题，请另行提出")
