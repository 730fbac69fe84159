"""How rounds are written on a page."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def rounds(numbers: Iterable[int]) -> str:
    """第 1、2 轮"""
    shown = _("、").join(str(number) for number in numbers)
    return _("第 %(rounds)s 轮") % {"rounds": shown} if shown else ""
