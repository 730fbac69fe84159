"""Keeping, renaming and removing a saved filter."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .refusable import RefusableForm, Typed


class FilterForm(RefusableForm):
    """A new filter: the list, its parameters as they stand in the address, a name."""

    list = forms.CharField(max_length=20, widget=forms.HiddenInput)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    name = Typed(max_length=60, required=False, label=_("名称"))
    is_default = forms.BooleanField(required=False, label=_("打开列表时使用"))

    @property
    def parameters(self) -> dict[str, str]:
        """The address's parameters without where one was in the list."""
        read = QueryDict(self.cleaned_data["query"])
        return {name: str(read[name]) for name in read if name not in ("page", "after", "before")}


class FilterChangeForm(RefusableForm):
    """What is to become of a filter."""

    action = forms.ChoiceField(choices=[(each, each) for each in ("rename", "default", "plain", "remove")])
    name = Typed(max_length=60, required=False, label=_("名称"))

    @property
    def changes(self) -> dict[str, Any]:
        action = self.cleaned_data["action"]
        return {"name": self.cleaned_data["name"]} if action == "rename" else {"is_default": action == "default"}
