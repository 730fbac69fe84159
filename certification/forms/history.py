"""What of a history to show: a field, a period, two submissions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..history.changes import field_choices
from .refusable import Day


class HistoryForm(forms.Form):
    """Field and period; a wrong value is named and nothing is left out silently."""

    use_required_attribute = False
    field = forms.ChoiceField(required=False, label=_("字段"))
    since = Day(required=False, label=_("自"))
    until = Day(required=False, label=_("至"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["field"].choices = [("", _("全部")), *field_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or self.cleaned_data
        if kept.get("since") and kept.get("until") and kept["until"] < kept["since"]:
            self.add_error("until", _("截止日早于起始日"))
        return kept

    def narrowing(self) -> dict[str, Any]:
        """What to pass on to enterprise_changes; nothing of a form that has errors."""
        return dict(self.cleaned_data) if self.is_valid() else {}


class PairForm(forms.Form):
    """The two submissions to compare, by their numbers."""

    earlier = forms.IntegerField(required=False, min_value=1, max_value=9999)
    later = forms.IntegerField(required=False, min_value=1, max_value=9999)

    def __init__(self, asked: Any) -> None:
        super().__init__({"earlier": asked.get("from"), "later": asked.get("to")})

    @property
    def numbers(self) -> tuple[int | None, int | None]:
        """As asked; what is no number is 0, which no submission has."""
        self.is_valid()
        return self._number("earlier"), self._number("later")

    def _number(self, name: str) -> int | None:
        return 0 if name in self.errors else self.cleaned_data.get(name)
