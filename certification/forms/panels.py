"""Forms around an evaluation: the score sheet of an expert, the enterprise's own, batches, visits, stepping back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..gates import ModuleNeed
from ..marks import MOST_CLAUSE, Mark
from ..models import Batch, ScoreSheet, Severity, SheetItem
from ..scoring import plain
from ..services.batch_acts import BATCH_ACTS
from ..services.batches import NUMBERS, Plan, plan_of
from ..services.scores import UNFILLED, Given
from ..stages import STAGES
from ..values import half_width
from ..wording import named, worded
from .refusable import Day, RefusableForm, Typed

LONGEST = 500
NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{0,12})?", re.ASCII)
Parts = tuple[str, ...]


class SheetForm(RefusableForm):
    """One row of inputs for each item of a sheet: points, and `words` about them."""

    words: Parts = ()

    def __init__(self, sheet: ScoreSheet, *args: Any, kept: Mapping[str, Any] | None = None) -> None:
        super().__init__(*args, initial=_flat(kept or {}, ("points", *self.words)))
        self.items = list(sheet.items.all())
        self.spoken_of = {}
        for item in self.items:
            self._add(item, "points", forms.TextInput(attrs=_number_attributes(item, sheet)))
            for part in self.words:
                words = {"rows": 2, "maxlength": LONGEST, f"data-{part}": True}
                self._add(item, part, forms.Textarea(attrs=words))

    def _add(self, item: SheetItem, part: str, widget: forms.Widget) -> None:
        name = f"{part}.{item.code}"
        label = _("%(item)s：%(part)s") % {"item": named(item), "part": PARTS[part]}
        widget.attrs["aria-label"] = label
        self.fields[name] = Typed(required=False, label=label, widget=widget)
        self.spoken_of[f"scores.{item.code}.{part}"] = name

    @property
    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The items by group, each with its inputs."""
        rows = [(worded((item.group, item.group_en)), self._inputs(item)) for item in self.items]
        return [(group, [row for _name, row in same]) for group, same in groupby(rows, key=itemgetter(0))]

    def _inputs(self, item: SheetItem) -> dict[str, Any]:
        return {"item": item, **{part: self[f"{part}.{item.code}"] for part in ("points", *self.words)}}

    def said(self, code: str) -> dict[str, Any]:
        """What was typed for an item."""
        return {part: self.cleaned_data.get(f"{part}.{code}", "").strip() for part in ("points", *self.words)}


PARTS = {
    "points": gettext_lazy("得分"),
    "reason": gettext_lazy("评分理由"),
    "advice": gettext_lazy("改进建议"),
    "remark": gettext_lazy("自评说明"),
}


def points_typed(text: str) -> object:
    """A number as it was typed; what is none stays as it is, to be refused: Decimal would take 1_0 for ten."""
    plain_text = half_width(text)
    return Decimal(plain_text) if NUMBER.fullmatch(plain_text) else text


MARK_PARTS = {
    "clause": gettext_lazy("条款"),
    "severity": gettext_lazy("严重程度"),
    "module": gettext_lazy("模块"),
    "text": gettext_lazy("不符合事实"),
}


def _mark_widgets(modules: list[tuple[str, str]]) -> list[tuple[str, forms.Widget]]:
    severities = [("", _("请选择")), *Severity.choices]
    return [
        ("clause", forms.TextInput(attrs={"maxlength": MOST_CLAUSE, "size": 8, "placeholder": "7.1.2"})),
        ("severity", forms.Select(choices=severities)),
        ("module", forms.Select(choices=modules)),
        ("text", forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST})),
    ]


def _flat(kept: Mapping[str, Any], parts: Iterable[str], before: str = "") -> dict[str, Any]:
    return {f"{before}{part}.{code}": _shown(getattr(row, part)) for code, row in kept.items() for part in parts}


def _shown(value: Any) -> Any:
    """Points as people write them: 7.5, not 7.50."""
    return plain(value) if isinstance(value, Decimal) else value


def _number_attributes(item: SheetItem, sheet: ScoreSheet) -> dict[str, Any]:
    return {
        "inputmode": "decimal",
        "autocomplete": "off",
        "size": 6,
        "data-points": plain(item.maximum),
        "data-step": plain(sheet.step),
        "placeholder": f"0–{plain(item.maximum)}",
    }


class ScoresForm(SheetForm):
    """An expert's sheet; `menu`: the modules that a finding may be about; `marked`: the findings kept so far."""

    words = ("reason", "advice")

    def __init__(
        self,
        sheet: ScoreSheet,
        *args: Any,
        kept: Mapping[str, Any] | None = None,
        menu: Sequence[ModuleNeed] = (),
        marked: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sheet, *args, kept=kept)
        self.marked = marked or {}
        self.initial.update(_flat(self.marked, MARK_PARTS, "finding-"))
        modules = [("", _("整个体系")), *((module.code, f"{module.code} {named(module)}") for module in menu)]
        for item in self.items:
            for part, widget in _mark_widgets(modules):
                self._add_mark(item, part, widget)

    def _add_mark(self, item: SheetItem, part: str, widget: forms.Widget) -> None:
        name, label = f"finding-{part}.{item.code}", MARK_PARTS[part]
        widget.attrs["aria-label"] = _("%(item)s的不符合项：%(part)s") % {"item": named(item), "part": label}
        self.fields[name] = Typed(required=False, label=label, widget=widget)
        self.spoken_of[f"scores.{item.code}.finding.{part}"] = name

    def _inputs(self, item: SheetItem) -> dict[str, Any]:
        marks = [self[f"finding-{part}.{item.code}"] for part in MARK_PARTS]
        is_marked = any(mark.value() for mark in marks) or any(mark.errors for mark in marks)
        return {**super()._inputs(item), "marks": marks, "is_marked": is_marked, "mark": self.marked.get(item.code)}

    def _mark(self, code: str) -> Mark | None:
        said = {part: self.cleaned_data.get(f"finding-{part}.{code}", "").strip() for part in MARK_PARTS}
        return Mark(**said) if any(said.values()) else None

    @property
    def given(self) -> dict[str, Given]:
        """Every item about which something was typed."""
        found = {}
        for item in self.items:
            said, mark = self.said(item.code), self._mark(item.code)
            if any(said.values()) or mark:
                points = points_typed(said["points"]) if said["points"] else UNFILLED
                found[item.code] = Given(points, said["reason"], said["advice"], mark)
        return found


class SelfAssessmentForm(SheetForm):
    """The enterprise's own sheet."""

    words = ("remark",)

    @property
    def given(self) -> dict[str, tuple[object, str]]:
        found = {}
        for item in self.items:
            said = self.said(item.code)
            if any(said.values()):
                found[item.code] = (points_typed(said["points"]), said["remark"])
        return found


class RecusalForm(RefusableForm):
    """Stepping back, or being taken off."""

    comment = Typed(label=gettext_lazy("回避或更换的理由"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}))


class VisitForm(RefusableForm):
    """A visit on the spot."""

    visited_on = Day(label=gettext_lazy("核查日期"))
    visitors = Typed(label=gettext_lazy("核查人员"), widget=forms.TextInput(attrs={"maxlength": 200}))
    findings = Typed(label=gettext_lazy("核查情况"), widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}))


class BatchForm(RefusableForm):
    """A batch to be planned; numbers left empty are the rule's."""

    code = forms.RegexField(
        r"^[A-Za-z0-9-]{1,20}$",
        label=gettext_lazy("批次编号"),
        help_text=gettext_lazy("字母、数字和连字符，例如 2026-2"),
        error_messages={"invalid": gettext_lazy("批次编号只能用字母、数字和连字符，最多 20 位")},
    )
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    stage = forms.ChoiceField(label=gettext_lazy("阶段"))
    sheet = forms.ModelChoiceField(ScoreSheet.objects.all(), label=gettext_lazy("评分表"), empty_label=None)
    opens_on = Day(label=gettext_lazy("申报开始日"))
    closes_on = Day(label=gettext_lazy("申报截止日"))

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        choices = [(stage.code, named(stage)) for stage in STAGES.values() if stage.has_panel]
        self.fields["stage"] = forms.ChoiceField(label=_("阶段"), choices=choices)
        for name in NUMBERS:
            label = getattr(Batch._meta.get_field(name), "verbose_name", name)
            self.fields[name] = forms.IntegerField(
                required=False, min_value=1, max_value=250, label=label, help_text=_("留空则按规则年度")
            )

    @property
    def plan(self) -> Plan:
        asked = self.asked()
        return Plan(**{**asked, "sheet": asked["sheet"].pk})


class BatchChangeForm(BatchForm):
    """A planned batch, to be put down otherwise; `batch`: as it stands. Its code and its stage stay."""

    def __init__(self, batch: Batch, *args: Any) -> None:
        super().__init__(*args)
        self.batch = batch
        del self.fields["code"], self.fields["stage"]
        self.initial = asdict(plan_of(batch))

    @property
    def plan(self) -> Plan:
        asked = self.asked()
        return replace(plan_of(self.batch), **{**asked, "sheet": asked["sheet"].pk})


class BatchActForm(RefusableForm):
    """What is to be done with a batch."""

    action = forms.ChoiceField(choices=[(name, act.label) for name, act in BATCH_ACTS.items()])
    comment = forms.CharField(required=False, max_length=2000)
