"""How a state looks: a colour, an icon and a word, never a colour alone."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..certificate_life import STANDING_NAMES, Standing
from ..title_life import STANDING_NAMES as TITLE_STANDING_NAMES
from ..title_life import Standing as TitleStanding
from ..wording import worded


@dataclass(frozen=True, slots=True)
class Badge:
    """`look` is one of met, good, warn, bad, none (components.css); `icon` a Bootstrap icon."""

    look: str
    icon: str
    label: Any


FIGURES = {
    "met": Badge("met", "check-circle-fill", _("已达标")),
    "on_course": Badge("good", "arrow-up-right-circle-fill", _("符合进度")),
    "behind": Badge("warn", "clock-fill", _("滞后")),
    "at_risk": Badge("bad", "exclamation-triangle-fill", _("有风险")),
    "no_target": Badge("none", "dash-circle", _("未设分目标")),
    "no_data": Badge("none", "dash-circle", _("暂无数据")),
}
APPLICATIONS = {
    "draft": Badge("none", "pencil-square", _("草稿")),
    "submitted": Badge("good", "hourglass-split", _("待受理")),
    "accepted": Badge("good", "search", _("审核中")),
    "returned": Badge("warn", "arrow-return-left", _("待补正")),
    "evaluating": Badge("good", "people-fill", _("评审中")),
    "noticed": Badge("good", "megaphone-fill", _("公示中")),
    "objected": Badge("warn", "exclamation-diamond-fill", _("申诉处理中")),
    "approved": Badge("met", "check-circle-fill", _("已核准")),
    "rejected": Badge("bad", "x-circle-fill", _("不予通过")),
    "withdrawn": Badge("none", "slash-circle", _("已撤回")),
}
STANDINGS = {
    "valid": Badge("met", "patch-check-fill", _("有效")),
    "lapsed": Badge("none", "calendar-x", _("已失效")),
    "suspended": Badge("warn", "pause-circle-fill", _("已暂停")),
    "revoked": Badge("bad", "x-octagon-fill", _("已撤销")),
    "superseded": Badge("none", "arrow-repeat", _("已换发")),
    "never_issued": Badge("bad", "question-octagon-fill", _("查无此证")),
}
DOCUMENT_STATES = {
    "pending": Badge("good", "hourglass-split", _("正在生成")),
    "failed": Badge("warn", "exclamation-triangle-fill", _("未能生成，将重试")),
    "rendered": Badge("met", "file-earmark-check", _("已生成")),
}


TITLE_LOOKS = {
    TitleStanding.VALID: ("met", "check-circle-fill"),
    TitleStanding.OVERDUE: ("warn", "exclamation-triangle-fill"),
    TitleStanding.EXPIRED: ("none", "calendar-x"),
    TitleStanding.WITHDRAWN: ("none", "slash-circle"),
    TitleStanding.REVOKED: ("bad", "x-octagon-fill"),
    TitleStanding.ANNULLED: ("none", "eraser"),
}
LOOKS = {
    Standing.NOT_YET: ("none", "hourglass"),
    Standing.VALID: ("met", "check-circle-fill"),
    Standing.SUSPENDED: ("warn", "pause-circle-fill"),
    Standing.WITHDRAWN: ("bad", "x-circle-fill"),
    Standing.SURRENDERED: ("none", "slash-circle"),
    Standing.EXPIRED: ("none", "clock-history"),
    Standing.SUPERSEDED: ("none", "arrow-right-circle"),
    Standing.ANNULLED: ("none", "eraser"),
}


def figure_badge(status: str) -> Badge:
    return FIGURES.get(status, FIGURES["no_data"])


def application_badge(status: str) -> Badge:
    return APPLICATIONS[status]


def certificate_badge(standing: Standing) -> Badge:
    return Badge(*LOOKS[standing], worded(STANDING_NAMES[standing]))


def title_badge(standing: TitleStanding) -> Badge:
    """How a title stands on a day."""
    return Badge(*TITLE_LOOKS[standing], worded(TITLE_STANDING_NAMES[standing]))
