"""A unit's ranked recommendation within its quota (推荐排序). Pure."""

from collections.abc import Collection, Sequence

from enterprises.language import _

from ..errors import Refusal


def recommendation_refusals(
    ranked: Sequence[str], *, waiting: Collection[str], already: Collection[str] = (), quota: int | None
) -> list[Refusal]:
    """What is wrong with a ranked list of applications, the first one first; empty: nothing.

    `waiting`: those that the unit may recommend; `already`: whom it recommended before, whose places are taken;
    `quota`: how many in all, None: as many as it likes.
    """
    found = []
    for number in dict.fromkeys(ranked):
        if ranked.count(number) > 1:
            message = _("申报 %(number)s 在推荐名单中出现了 %(times)s 次")
            said = {"number": number[:40], "times": ranked.count(number)}
            found.append(Refusal("recommended_twice", message % said, field="ranked", remedy=_("每件申报只排一次")))
        if number in already or number not in waiting:
            message = _("申报 %(number)s 不在本单元待推荐的申报中") % {"number": number[:40]}
            remedy = _("请从待推荐的申报中选择")
            found.append(Refusal("not_to_recommend", message, field="ranked", remedy=remedy))
    total = len(set(already) | set(ranked))
    if quota is not None and total > quota:
        message = _("推荐 %(count)s 家，超过本单元名额 %(quota)s") % {"count": total, "quota": quota}
        remedy = _("请减少 %(over)s 家，或请市局按规定变更名额") % {"over": total - quota}
        found.append(Refusal("over_quota", message, field="ranked", remedy=remedy))
    return found
