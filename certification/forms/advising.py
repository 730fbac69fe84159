"""Forms of 辅导关系: which organisation advises an enterprise, and since when it no longer does."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Organisation
from ..wording import named
from .refusable import Day, RefusableForm, Typed


class AdviserField(Typed):
    """A choice of adviser; the service says whether it is one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("辅导机构"), widget=forms.Select, help_text=_("名单由市局维护"), **options)

    def offer(self) -> None:
        rows = Organisation.objects.advisers().order_by("name")
        self.widget.choices = [("", _("请选择")), *((row.pk, named(row)) for row in rows)]


class AdvisingForm(RefusableForm):
    """An organisation that advises the enterprise."""

    organisation = AdviserField()
    valid_from = Day(label=_("起始日"), help_text=_("辅导合同或委托生效之日"))
    valid_to = Day(label=_("截止日"), required=False, help_text=_("仍在辅导的留空"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].offer()  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        said = super().asked()
        return {**said, "organisation": Organisation.objects.filter(pk=said["organisation"]).first()}


class AdvisingEndForm(RefusableForm):
    """The end of it."""

    last_day = Day(label=_("截止日"), help_text=_("辅导的最后一天，不晚于今天"))
    reason = Typed(label=_("结束原因"), widget=forms.Textarea(attrs={"rows": 3}))
