"""Small words of the applicant's and the reviewers' pages."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from enterprises.errors import Refused
from enterprises.models import Account, RoleGrant
from enterprises.services.scopes import set_scope

from ..stages import Move
from ..views.navigation import scope_words

register = template.Library()
register.filter("account_scope_words", scope_words)

ICONS = {"application/pdf": "file-earmark-pdf", "image/jpeg": "file-earmark-image", "image/png": "file-earmark-image"}
HINTS = {
    "accept": _("材料收齐，办理时限自今日起计"),
    "return": _("一次性告知全部补正事项，计时停止"),
    "recommend": _("本级同意，交上一级受理"),
    "approve": _("认定今日取得，记入台账，不能撤改"),
    "reject": _("终结本次申报，须写明理由"),
    "grant": _("公示期满，认定今日取得，记入台账"),
    "close_notice": _("原结果不变，须写明理由"),
    "lapse": _("补正期限已过，企业没有重新提交；企业可以重新申报"),
}
# Of moves that share their action with another one.
OTHER_HINTS = {
    ("accepted", "evaluating"): _("由抽取的专家评分，办理时限停止计算"),
    ("objected", "evaluating"): _("另行抽取专家评分，须写明理由"),
}
STANDING = {
    "submitted": _("正等待本环节的审核人员受理。"),
    "accepted": _("正由本环节的审核人员办理。"),
    "returned": _("已退回企业补正，计时停止；企业重新提交后继续办理。"),
    "evaluating": _("正由抽取的专家评分，计时停止；结果随批次确认公示。"),
    "noticed": _("评审结果公示中，企业可以在申诉期内提出申诉。"),
    "objected": _("企业已提出申诉，由市局决定。"),
    "approved": _("已核准，办理结束。"),
    "rejected": _("不予通过，办理结束。"),
    "withdrawn": _("申报已撤回，办理结束。"),
}


@register.filter
def file_icon(media_type: str) -> str:
    """The icon of a kind of file."""
    if "spreadsheet" in media_type:
        return "file-earmark-spreadsheet"
    if "wordprocessing" in media_type:
        return "file-earmark-word"
    return ICONS.get(media_type, "file-earmark")


@register.filter
def grant_scope(grant: RoleGrant) -> str:
    """The scope that a grant gives, in words and with its code."""
    account = Account(role=grant.role)
    try:
        set_scope(account, grant.scope)
    except Refused:  # a place that is no more
        return grant.scope
    return " ".join(filter(None, [scope_words(account), grant.scope]))


@register.filter
def move_hint(move: Move) -> Any:
    """What a move brings about, in one line."""
    return OTHER_HINTS.get((move.source.value, move.target.value)) or HINTS.get(move.action, "")


@register.filter
def standing_words(application: Any) -> Any:
    """Why there is nothing to do here for whoever looks on."""
    return STANDING.get(application.status, "")
