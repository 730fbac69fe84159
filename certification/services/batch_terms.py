"""Which terms a ranked batch has, what is wrong with them, and how its scores become places by them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from django.utils.translation import gettext as _

from enterprises.models import ReportingUnit

from ..errors import NotPossible, Refusal
from ..models import Batch, BatchTerms, FigureItem, Recommended, Seal
from ..selection.ranking import Formula
from ..selection.settings import Setting
from ..selection.terms import BatchRules, terms_of, terms_refusals
from ..selection.weights import shares_of
from ..stages import STAGES, Status
from ..wording import named
from .rulebooks import rule_in_force
from .sheets import items_of

T = TypeVar("T")
FIGURES = ("integer", "decimal")
YEARLY = "yearly."
GONE = (Status.REJECTED.value, Status.WITHDRAWN.value)


def opening_refusals(row: Batch) -> list[Refusal]:
    """Why a batch of a ranked stage cannot be opened yet; empty: nothing bars it."""
    if not STAGES[row.stage].has_ranking:
        return []
    if (last := last_version(row)) is None:
        remedy = _("请先设定申报条件、权重、名额和并列规则")
        return [Refusal("terms_missing", _("该批次还没有设定批次规则"), field="terms", remedy=remedy)]
    return unsound(row, terms_of(last.content))


def last_version(row: Batch) -> BatchTerms | None:
    return row.terms.order_by("version").last()


def terms_now(row: Batch) -> BatchRules | None:
    """The terms in force; None: none were set."""
    last = last_version(row)
    return terms_of(last.content) if last else None


def formula_of(row: Batch, terms: BatchRules) -> Formula:
    """How the scores of a batch become places."""
    sheet = row.sheet
    return Formula(
        maxima={item.code: item.maximum for item in sheet.items.all()},
        shares=shares_of(terms.setting.weights),
        trim=sheet.trim,
        trim_from=sheet.trim_from,
        decimals=sheet.decimals,
        ties=terms.ties,
        seed=row.seed,
    )


def figures_of(row: Batch) -> dict[str, str]:
    """The figures that a tie rule may compare, with their names: of the application, and of the year (YEARLY)."""
    fields = rule_in_force(row.stage, on=row.opens_on).rule.fields
    found = {field.code: named(field) for field in fields if field.kind in FIGURES}
    if STAGES[row.stage].uses_figures:
        items = {item.code: named(item) for item in FigureItem.objects.filter(is_active=True)}
        found |= yearly(items)
    return found


def yearly(by_item: Mapping[str, T]) -> dict[str, T]:
    """Yearly figures under the names by which tie rules call them."""
    return {f"{YEARLY}{code}": each for code, each in by_item.items()}


def figure_year(row: Batch) -> int:
    """The year whose figures are compared, the same for all: the last one that was over when the window opened."""
    return row.opens_on.year - 1


def units() -> list[str]:
    return list(ReportingUnit.objects.order_by("pk").values_list("pk", flat=True))


def check_ranked(row: Batch) -> None:
    if not STAGES[row.stage].has_ranking:
        message = _("“%(stage)s”不按排序认定") % {"stage": named(STAGES[row.stage])}
        raise NotPossible([Refusal("not_ranked_stage", message, field="stage")])


def check_unsealed(row: Batch) -> None:
    sealed = Seal.objects.filter(batch=row).select_related("setting", "sealed_by").first()
    if sealed:
        said = {"name": sealed.setting.name, "who": str(sealed.sealed_by)}
        message = _("该批次已由 %(who)s 封存方案“%(name)s”，规则和方案不再变更") % said
        raise NotPossible([Refusal("sealed_before", message, field="action", remedy=_("刷新页面，查看已封存的方案"))])


def below_recommended(row: Batch, quotas: Mapping[str, int]) -> list[Refusal]:
    """Quotas below what a unit has ranked already."""
    standing = Recommended.objects.filter(batch=row).exclude(application__status__in=GONE)
    ranked = Counter(standing.values_list("unit", flat=True))
    found = []
    for unit, quota in quotas.items():
        if ranked[unit] > quota:
            said = {"unit": unit, "quota": quota, "count": ranked[unit]}
            message = _("统计单元 %(unit)s 的推荐名额 %(quota)s 少于已推荐的 %(count)s 家") % said
            remedy = _("名额至少为 %(count)s") % said
            found.append(Refusal("quota_below_recommended", message, field=f"recommended.{unit}", remedy=remedy))
    return found


def is_changed(row: Batch, setting: Setting) -> bool:
    """Whether a setting decides otherwise than the terms in force; how wide the edge is shown decides nothing."""
    terms = terms_now(row)
    return terms is None or replace(terms.setting, edge=setting.edge) != setting


def unsound(row: Batch, terms: BatchRules) -> list[Refusal]:
    """Everything that is wrong with terms for a batch."""
    return terms_refusals(terms, items_of(row.sheet), units=units(), facts=figures_of(row))
