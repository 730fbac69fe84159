"""How findings are shown on a page."""

from django import template
from django.utils.translation import gettext_lazy as _

from ..models import Finding
from ..views.badges import Badge

register = template.Library()

BADGES = {
    "open": Badge("warn", "exclamation-circle", _("待整改")),
    "answered": Badge("good", "hourglass-split", _("待核实")),
    "closed": Badge("met", "check-circle-fill", _("已关闭")),
    "dropped": Badge("none", "slash-circle", _("已撤销")),
}


@register.filter
def finding_badge(row: Finding) -> Badge:
    return BADGES[row.status]
