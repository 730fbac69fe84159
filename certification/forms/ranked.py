"""Forms of a ranked batch: its terms, a late entry, a setting to be tried, the seal; a unit's recommendation."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import ReportingUnit

from ..models import Application, Batch, ScoreSheet, SheetItem
from ..scoring import plain
from ..selection.eligibility import Asked, Kind
from ..selection.ranking import EARLIER, LOT, SPREAD
from ..selection.settings import MOST_QUOTA, Setting
from ..selection.terms import BatchRules
from ..stages import STAGES
from ..wording import named
from .refusable import Day, RefusableForm, Typed

SEPARATOR = re.compile(r"[,\uff0c\u3001\s]+")  # a comma, or what people type for one
PLAIN_TIES = (SPREAD, EARLIER, LOT)
REASON = forms.Textarea(attrs={"rows": 2, "maxlength": 300})
ASKED = [("", gettext_lazy("不要求")), ("shown", gettext_lazy("只说明")), ("required", gettext_lazy("必须具备"))]
PLAIN_RULES = {"high_tech": Kind.HIGH_TECH, "credit": Kind.CREDIT}


def _decimal(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(max_digits=9, decimal_places=2, label=label, **{"required": False, **options})


def _quota(label: Any) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=MOST_QUOTA, label=label)


class SettingFields(RefusableForm):
    """Weights by item, cut-off, quota in all and by unit, how wide the edge is shown."""

    def __init__(self, sheet: ScoreSheet, *args: Any, setting: Setting | None = None) -> None:
        super().__init__(*args)
        self.items, self.units = list(sheet.items.all()), list(ReportingUnit.objects.order_by("pk"))
        for item in self.items:
            self.fields[f"weights.{item.code}"] = _decimal(
                _("“%(item)s”的权重（%%）") % {"item": named(item)}, required=True
            )
        self.fields["cut_off"] = _decimal(_("入围分数线"), help_text=_("不设的留空"))
        self.fields["quota"] = _quota(_("总名额"))
        self.fields["edge"] = _decimal(_("边缘分差"), help_text=_("与入围线相差不超过这么多分的标为边缘"))
        for unit in self.units:
            self.fields[f"unit_quotas.{unit.pk}"] = _quota(_("%(unit)s的入围名额") % {"unit": named(unit)})
        self.initial = _initial(setting) if setting else _by_maximum(self.items)

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        return [self[f"weights.{item.code}"] for item in self.items]

    @property
    def unit_fields(self) -> list[forms.BoundField]:
        return [self[f"unit_quotas.{unit.pk}"] for unit in self.units]

    @property
    def setting(self) -> Setting:
        said = self.cleaned_data
        return Setting(
            weights=_given(said, "weights."),
            cut_off=said["cut_off"],
            quota=said["quota"],
            unit_quotas=_given(said, "unit_quotas."),
            edge=said["edge"] or Decimal(0),
        )


class TermsForm(SettingFields):
    """The terms of a ranked batch; without any so far the weights are those of the maxima."""

    def __init__(self, batch: Batch, terms: BatchRules | None, figures: Mapping[str, str], *args: Any) -> None:
        super().__init__(batch.sheet, *args, setting=terms.setting if terms else None)
        for unit in self.units:
            self.fields[f"recommended.{unit.pk}"] = _quota(_("%(unit)s的推荐名额") % {"unit": named(unit)})
        choices = [(stage.code, named(stage)) for stage in STAGES.values() if stage.code != batch.stage]
        self.fields["reached"] = forms.MultipleChoiceField(
            choices=choices, required=False, label=_("须已取得其中之一"), widget=forms.CheckboxSelectMultiple
        )
        for name, label in (("high_tech", _("高新技术企业资格")), ("credit", _("信用核查"))):
            self.fields[name] = forms.ChoiceField(choices=ASKED, required=False, label=label)
        known = [*(f"item:{each.code}" for each in self.items), *(f"fact:{each}" for each in figures), *PLAIN_TIES]
        ties = _("依次比较，用逗号分隔；最后一条为 lot。可用：%(known)s") % {"known": _("、").join(known)}
        self.fields["ties"] = Typed(label=_("并列规则"), help_text=ties)
        self.fields["basis"] = forms.CharField(required=False, max_length=200, label=_("依据条款"))
        if batch.state != "planned":
            self.fields["reason"] = Typed(label=_("变更理由"), widget=REASON)
        self.batch = batch
        self.spoken_of = {"eligibility": "reached"}
        self.initial = {**self.initial, **_terms_initial(terms)}

    @property
    def rule_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("reached", "high_tech", "credit", "basis", "ties", "cut_off", "quota", "edge")]

    @property
    def recommended_fields(self) -> list[forms.BoundField]:
        return [self[f"recommended.{unit.pk}"] for unit in self.units]

    @property
    def stated_reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    @property
    def terms(self) -> BatchRules:
        said = self.cleaned_data
        basis = said["basis"].strip()
        rules = [Asked(Kind.REACHED, tuple(said["reached"]), basis=basis)] if said["reached"] else []
        rules.append(Asked(Kind.NOT_HOLDING, (self.batch.stage,), basis=basis))
        for name, kind in PLAIN_RULES.items():
            if said[name]:
                rules.append(Asked(kind, is_required=said[name] == "required", basis=basis))
        ties = [each.strip() for each in SEPARATOR.split(said["ties"])]
        return BatchRules(self.setting, tuple(rules), _given(said, "recommended."), tuple(filter(None, ties)))


class LateEntryForm(RefusableForm):
    """An enterprise that may still apply."""

    uscc = forms.CharField(max_length=18, label=gettext_lazy("统一社会信用代码"))
    until = Day(label=gettext_lazy("准予申报至"))
    reason = Typed(label=gettext_lazy("理由"), widget=REASON)


class TryForm(SettingFields):
    """A setting to be kept, under a name."""

    def __init__(self, sheet: ScoreSheet, *args: Any, setting: Setting | None = None) -> None:
        super().__init__(sheet, *args, setting=setting)
        self.fields["name"] = Typed(label=_("方案名称"), widget=forms.TextInput(attrs={"maxlength": 60}))


class SealForm(RefusableForm):
    """The setting that is to decide."""

    setting = forms.IntegerField(label=gettext_lazy("模拟方案"))
    reason = forms.CharField(required=False, label=gettext_lazy("变更理由"), widget=REASON)


class RecommendForm(RefusableForm):
    """A rank for each application that waits; empty: it is not recommended."""

    def __init__(self, applications: Sequence[Application], *args: Any, ranks: Mapping[str, int] | None = None) -> None:
        super().__init__(*args, initial={f"rank.{number}": rank for number, rank in (ranks or {}).items()})
        self.applications = applications
        for row in applications:
            label = _("申报 %(number)s 的推荐次序") % {"number": row.number}
            self.fields[f"rank.{row.number}"] = forms.IntegerField(
                required=False, min_value=1, max_value=MOST_QUOTA, label=label
            )

    @property
    def rows(self) -> list[tuple[Application, forms.BoundField]]:
        return [(row, self[f"rank.{row.number}"]) for row in self.applications]

    @property
    def ranked(self) -> list[str]:
        """The numbers by their rank; of two of the same rank the one that applied first."""
        given = _given(self.cleaned_data, "rank.")
        return sorted(given, key=lambda number: (given[number], number))


def _given(said: Mapping[str, Any], before: str) -> dict[str, Any]:
    """What was filled in of the fields whose names begin so."""
    return {
        name.removeprefix(before): value
        for name, value in said.items()
        if name.startswith(before) and value is not None
    }


def _initial(setting: Setting) -> dict[str, Any]:
    return {
        **{f"weights.{code}": plain(weight) for code, weight in setting.weights.items()},
        "cut_off": None if setting.cut_off is None else plain(setting.cut_off),
        "quota": setting.quota,
        "edge": plain(setting.edge),
        **{f"unit_quotas.{unit}": quota for unit, quota in setting.unit_quotas.items()},
    }


def _by_maximum(items: Sequence[SheetItem]) -> dict[str, Any]:
    """Weights that change nothing of a sheet whose maxima are the whole."""
    return {f"weights.{item.code}": plain(item.maximum) for item in items}


def _terms_initial(terms: BatchRules | None) -> dict[str, Any]:
    if terms is None:
        return {"ties": f"{EARLIER}, {LOT}"}
    by_kind = {rule.kind: rule for rule in terms.eligibility}
    return {
        "reached": list(by_kind[Kind.REACHED].stages) if Kind.REACHED in by_kind else [],
        **{name: _asked(by_kind.get(kind)) for name, kind in PLAIN_RULES.items()},
        "basis": next((rule.basis for rule in terms.eligibility), ""),
        "ties": ", ".join(terms.ties),
        **{f"recommended.{unit}": quota for unit, quota in terms.recommended.items()},
    }


def _asked(rule: Asked | None) -> str:
    """How a rule without terms of its own is asked for, as the form has it."""
    return "" if rule is None else "required" if rule.is_required else "shown"
