"""The form of a year's figures: one line an item, last year's beside it; and the filters of the list."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import ReportingUnit

from ..inputs.figure_rows import Line, Year
from ..inputs.figure_rules import StatedFigures
from ..models import FigureItem
from ..wording import in_words, named
from .refusable import RefusableForm, Typed

EVERYTHING = ("", _("全部"))


def plain(value: Any) -> str:
    """A number as it is typed."""
    return "" if value is None else f"{value.normalize():f}"


class FiguresForm(RefusableForm):
    """Fields `value_CODE` and `explained_CODE` of each item in use; an explanation is asked for where one is wanted."""

    needs_version = True
    why = Typed(label=_("变更理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any, year: Year) -> None:
        self.year = year
        self.lines = [line for line in year.lines if line.item.is_active]
        super().__init__(data, initial={"version": year.version})
        for line in self.lines:
            code, label = line.item.pk, named(line.item)
            box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            self.fields[f"value_{code}"] = Typed(label=label, required=False, widget=box, initial=plain(line.value))
            told = Typed(label=_("说明"), required=False, initial=line.explained)
            self.fields[f"explained_{code}"] = told
        self.spoken_of = {line.item.pk: f"value_{line.item.pk}" for line in self.lines}

    @property
    def said(self) -> StatedFigures:
        codes = [line.item.pk for line in self.lines]
        values = {code: self.cleaned_data[f"value_{code}"] for code in codes}
        explained = {code: self.cleaned_data[f"explained_{code}"] for code in codes}
        return StatedFigures(self.year.year, values, explained, self.cleaned_data["why"])

    def groups(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The lines with their fields, under their headings; an explanation is asked for where it was wanted."""
        for name, lines in self.year.groups:
            shown = [self._shown(line) for line in lines if line.item.is_active]
            if shown:
                yield name, shown

    def _shown(self, line: Line) -> dict[str, Any]:
        value, told = self[f"value_{line.item.pk}"], self[f"explained_{line.item.pk}"]
        return {
            "value": value,
            "explained": told if value.errors or told.value() else None,
            "unit": in_words(line.item.unit),
            "before": line.before,
        }


class FiguresFilter(forms.Form):
    """The filters of the list; what makes no sense is left aside, never an error."""

    use_required_attribute = False
    search = forms.CharField(required=False, max_length=60, label=_("企业名称"))
    year = forms.IntegerField(required=False, min_value=1985, max_value=9999, label=_("年度"))
    item = forms.ChoiceField(required=False, label=_("数据项"))
    reporting_unit = forms.ChoiceField(required=False, label=_("统计单元"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = [(row.pk, named(row)) for row in ReportingUnit.objects.all()]
        items = [(row.pk, named(row)) for row in FigureItem.objects.all()]
        for name, choices in (("reporting_unit", units), ("item", items)):
            self.fields[name].choices = [EVERYTHING, *choices]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {**dict.fromkeys((*self.fields, "enterprise", "versions"), ""), **self.cleaned_data}
