"""The filters of the audit trail; a wrong day is named, nothing else can be wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import EventKind
from enterprises.trail import Sought


class TrailForm(forms.Form):
    """What happened, whose it was, from where, and when."""

    use_required_attribute = False
    kind = forms.ChoiceField(required=False, label=_("事项"), choices=[("", _("全部")), *EventKind.choices])
    account = forms.CharField(required=False, max_length=64, label=_("用户名"))
    address = forms.GenericIPAddressField(required=False, label=_("来源地址"))
    since = forms.DateField(required=False, label=_("自"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label=_("至"), widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            self.add_error("until", _("截止日期早于起始日期，请调整"))
        return said

    @property
    def sought(self) -> Sought | None:
        """What is looked for; None where the form is wrong."""
        return Sought(**{name: value or None for name, value in self.cleaned_data.items()}) if self.is_valid() else None
