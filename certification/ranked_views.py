"""What is read of a ranked batch: the places and how firm they are, settings side by side; what the public repeats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import ReportingUnit
from ledger.models import LedgerEntry
from ledger.verbs import Verb

from .models import Application, Batch, FrozenCopy, NoticeLine, PriorityKind, PublicNotice, Seal, TriedSetting
from .scoring import plain
from .selection.eligibility import Kind
from .selection.frozen import Frozen
from .selection.ranking import FACT, Place
from .selection.robustness import Firmness, Left, robustness
from .selection.settings import Setting, setting_content, setting_of
from .selection.simulation import End, Simulated, Why, compare, inside, simulate
from .services.batch_terms import formula_of, terms_now
from .services.frozen_copies import frozen_of, latest_copy
from .wording import named

KIND_WORDS = {
    Kind.REACHED: gettext_lazy("须已取得其中之一"),
    Kind.CREDIT: gettext_lazy("信用核查"),
    Kind.NOT_HOLDING: gettext_lazy("尚未持有"),
    Kind.HIGH_TECH: gettext_lazy("高新技术企业资格"),
}
WHY_WORDS = {
    Why.IN: gettext_lazy("入围"),
    Why.BARRED: gettext_lazy("不得入围"),
    Why.BELOW: gettext_lazy("未达分数线"),
    Why.UNIT: gettext_lazy("单元名额已满"),
    Why.QUOTA: gettext_lazy("总名额已满"),
}
MIX_WORDS = {
    "unit": gettext_lazy("统计单元"),
    "chain": gettext_lazy("产业链"),
    "size": gettext_lazy("规模"),
    "marks": gettext_lazy("优先标识"),
}
LEFT_WORDS = {
    Left.EXPERT: gettext_lazy("专家"),
    Left.CRITERION: gettext_lazy("评分项"),
    Left.WEIGHT: gettext_lazy("权重"),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """A setting and what it comes to; `row`: None for what the terms in force say.

    `mix`: of each kind of group that is known of anybody how many are in, by name.
    """

    name: str
    row: TriedSetting | None
    setting: Setting
    found: Simulated
    mix: Sequence[tuple[Any, Sequence[tuple[Any, int]]]]


@dataclass(frozen=True, slots=True)
class RankedLine:
    """A candidate: its place by the terms in force, how firm it is, and its end in each setting."""

    application: str
    enterprise: str
    unit: str
    place: Place
    firmness: Firmness
    ends: tuple[End, ...]
    settings: tuple[str, ...]

    @property
    def outcomes(self) -> list[tuple[str, End, Any]]:
        """The name of each setting, the end in it, and its word."""
        return [(name, end, WHY_WORDS[end.why]) for name, end in zip(self.settings, self.ends, strict=True)]


@dataclass(frozen=True, slots=True)
class RankedView:
    """The latest copy of a batch, its candidates in their places, and the settings side by side."""

    copy: FrozenCopy
    lines: tuple[RankedLine, ...]
    settings: tuple[Tried, ...]
    seal: Seal | None
    contested: int


def ranked_view(batch: Batch) -> RankedView | None:
    """None: nothing is frozen yet. The same few questions however many candidates there are."""
    copy, terms = latest_copy(batch), terms_now(batch)
    if copy is None or terms is None:
        return None
    candidates, formula = frozen_of(copy), formula_of(batch, terms)
    units = {row.pk: named(row) for row in ReportingUnit.objects.all()}
    names = units | {row.pk: named(row) for row in PriorityKind.objects.all()}
    rows = [_tried(_("现行规则"), None, terms.setting, candidates, formula, names)]
    rows += [_tried(row.name, row, setting_of(row.content), candidates, formula, names) for row in copy.settings.all()]
    compared = compare([each.found for each in rows])
    contenders = [each.contender for each in candidates]
    firm = robustness(contenders, formula, inside=partial(inside, candidates, terms.setting))
    enterprises = _names(list(compared.rows))
    lines = tuple(
        RankedLine(
            application=each.code,
            enterprise=enterprises.get(each.code, ""),
            unit=units.get(compared.rows[each.code][0].unit, ""),
            place=compared.rows[each.code][0].place,
            firmness=each,
            ends=compared.rows[each.code],
            settings=tuple(tried.name for tried in rows),
        )
        for each in firm
    )
    sealed = Seal.objects.filter(batch=batch).select_related("setting", "sealed_by").first()
    return RankedView(copy, lines, tuple(rows), sealed, len(compared.sometimes))


def _tried(
    name: str,
    row: TriedSetting | None,
    setting: Setting,
    candidates: Sequence[Frozen],
    formula: Any,
    names: Mapping[str, str],
) -> Tried:
    found = simulate(candidates, setting, formula)
    mix = [
        (words, [(names.get(code, code) or _("未登记"), count) for code, count in found.mix[kind].items()])
        for kind, words in MIX_WORDS.items()
        if any(found.mix[kind])
    ]
    return Tried(name, row, setting, found, mix)


def _names(numbers: Sequence[str]) -> dict[str, str]:
    rows = Application.objects.filter(number__in=numbers)
    return dict(rows.values_list("number", "enterprise__name"))


def ranking_of(notice: PublicNotice) -> dict[str, Any] | None:
    """What the public needs to repeat the ranking of a notice: rules, scores, places. By application number alone.

    None: the batch is not ranked. Of a result that was scored again after an appeal the line alone is said.
    """
    sealed = Seal.objects.filter(batch=notice.batch).select_related("setting__copy").first()
    terms = terms_now(notice.batch)
    if sealed is None or terms is None:
        return None
    formula, copy = formula_of(notice.batch, terms), sealed.setting.copy
    entry = LedgerEntry.objects.filter(verb=Verb.BATCH_SEALED, subject=f"batch:{notice.batch.code}").last()
    lines = NoticeLine.objects.filter(notice=notice).order_by("place", "pk")
    columns = ("application__number", "place", "points", "is_in")
    return {
        "copy_digest": copy.digest,
        "sealed_in": entry.number if entry else None,
        "setting": setting_content(setting_of(sealed.setting.content)),
        "maxima": {code: plain(most) for code, most in formula.maxima.items()},
        **{name: getattr(formula, name) for name in ("trim", "trim_from", "decimals")},
        "ties": list(formula.ties),
        "candidates": [_candidate(row, formula.ties) for row in copy.content],
        "places": [
            {"application": number, "place": place, "total": str(points), "is_in": is_in}
            for number, place, points, is_in in lines.values_list(*columns)
        ],
    }


def _candidate(row: Mapping[str, Any], ties: Sequence[str]) -> dict[str, Any]:
    """What is made public of a candidate; of its figures those that break ties alone."""
    kept = {name: row[name] for name in ("submitted", "scores", "unit", "barred")}
    facts = {code: value for code, value in row["facts"].items() if f"{FACT}:{code}" in ties}
    return {"application": row["code"], "facts": facts, **kept}
