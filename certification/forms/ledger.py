"""The filters of the ledger; a wrong number or day is named."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.reading import Sought
from ledger.verbs import Verb

from ..ledger_words import ROLES

MOST = 10**15
ALL = ("", _("全部"))


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=MOST, label=label)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(required=False, label=label, widget=forms.DateInput({"type": "date"}))


class LedgerForm(forms.Form):
    """Which numbers, when, what, about which fact or enterprise, by whom."""

    use_required_attribute = False
    first = _number(_("自第几号"))
    last = _number(_("至第几号"))
    since = _day(_("自"))
    until = _day(_("至"))
    verb = forms.ChoiceField(required=False, label=_("事项"), choices=[ALL, *Verb.choices])
    subject = forms.CharField(required=False, max_length=120, label=_("对象"))
    enterprise = forms.CharField(required=False, max_length=18, label=_("统一社会信用代码"))
    actor = forms.CharField(required=False, max_length=64, label=_("操作人代码"))
    role = forms.ChoiceField(required=False, label=_("角色"), choices=[ALL, *ROLES.items()])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for low, high, message in (("first", "last", _("止号小于起号，请调整")), ("since", "until", LATE)):
            if said.get(low) and said.get(high) and said[low] > said[high]:
                self.add_error(high, message)
        return said

    @property
    def sought(self) -> Sought | None:
        """What is looked for; None where the form is wrong."""
        return Sought(**{name: value or None for name, value in self.cleaned_data.items()}) if self.is_valid() else None


LATE = _("截止日期早于起始日期，请调整")
