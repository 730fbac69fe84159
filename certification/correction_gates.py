"""Conditions of a returned application (pure): its last day for the correction (补正期限), which its rule sets or not.

One day divides the two: up to it the applicant may submit again, after it the application is treated as withdrawn. So
what becomes of a late answer does not hang on when the daily work happens to run.
"""

from enterprises.language import _

from .errors import Refusal
from .needs import Dossier, Rule


def correction_in_time(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """The last day for the correction has not passed; without one there is no limit."""
    last = dossier.correct_by
    if last is None or dossier.day <= last:
        return []
    message = _("补正期限 %(day)s 已过，不能再补正提交") % {"day": last}
    remedy = _("本次申报按撤回处理，请重新申报；填报内容可参照本次申报")
    return [Refusal("correction_late", message, field="correct_by", remedy=remedy)]


def correction_over(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """The last day for the correction has passed."""
    last = dossier.correct_by
    if last is None:
        message, remedy = _("该申报适用的规则没有设定补正期限，不能按逾期处理"), _("请联系企业补正后提交，或由企业撤回")
        return [Refusal("correction_unlimited", message, field="correct_by", remedy=remedy)]
    if last < dossier.day:
        return []
    message = _("补正期限为 %(day)s，当日及以前企业仍可补正提交") % {"day": last}
    return [Refusal("correction_not_over", message, field="correct_by", remedy=_("请在期限届满后的次日起办理"))]


OF_CORRECTION = (correction_in_time, correction_over)
