"""A form that hands its values to a service and shows the service's refusals where they belong."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, Refused, Stale

# What is refused about these is told above the form: they may not stand on the page any more.
NOT_SHOWN = ("version", "action")
DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
STATE = (NotPossible, Stale, Duplicate)


class Typed(forms.CharField):
    """A text as it was typed: marked as required where it is, but judged by the service alone."""

    def validate(self, value: Any) -> None:
        """Whether it may be empty is the service's to say, all at once with everything else."""


class Day(forms.DateField):
    """A day; the browser's own calendar where it has one."""

    default_error_messages = {"invalid": _("请填写日期，形如 2026-03-01"), "required": _("请填写日期")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=DAY_FORMATS, **options)


class RefusableForm(forms.Form):
    """Base of the forms that change something. `version` is the state that the person looked at.

    `needs_version`: without it nothing is done, so that no page is left out of the check for staleness.
    """

    needs_version = False

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # Names under which services speak of a field that this form calls otherwise.
    spoken_of: dict[str, str] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if field.required:
                field.widget.attrs["aria-required"] = "true"
        self.refusals: tuple[Refusal, ...] = ()
        self.status = HTTPStatus.OK

    @property
    def expected_version(self) -> int | None:
        return self.cleaned_data.get("version")

    def asked(self) -> dict[str, Any]:
        """The form's own values, under the names that its service has for them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def attempt(self, service: Callable[[], Any]) -> bool:
        """Call the service if the form could be read; whether it was done. Only NotAllowed is passed on."""
        if not self.is_valid() or self._lacks_version():
            self.status = HTTPStatus.BAD_REQUEST
            return False
        try:
            service()
        except NotAllowed:
            raise
        except Refused as refused:
            self._show(refused)
            return False
        return True

    def _lacks_version(self) -> bool:
        if self.needs_version and self.expected_version is None:
            message, remedy = gettext("页面提交的内容不完整"), gettext("请刷新页面后重新填写")
            self.refusals = (Refusal("version_missing", message, field="version", remedy=remedy),)
            return True
        return False

    def _show(self, refused: Refused) -> None:
        self.status = HTTPStatus.CONFLICT if isinstance(refused, STATE) else HTTPStatus.BAD_REQUEST
        elsewhere = []
        for refusal in refused.refusals:
            name = self.spoken_of.get(refusal.field, refusal.field)
            if name in self.fields and name not in NOT_SHOWN:
                self.add_error(name, gettext("；").join(filter(None, [refusal.message, refusal.remedy])))
            else:
                elsewhere.append(refusal)
        self.refusals = tuple(elsewhere)
