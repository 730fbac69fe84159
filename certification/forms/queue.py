"""The filters of a worklist; what makes no sense is left aside, never an error."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..queues import Narrowing
from ..stages import STAGES
from ..views.badges import APPLICATIONS
from ..wording import named


class QueueForm(forms.Form):
    """Words, stage, status, overdue only."""

    use_required_attribute = False
    q = forms.CharField(required=False, max_length=60, label=_("编号、企业名称或信用代码"))
    stage = forms.ChoiceField(required=False, label=_("阶段"))
    status = forms.ChoiceField(required=False, label=_("状态"))
    overdue = forms.BooleanField(required=False, label=_("只看超期"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", _("全部"))
        stages = [(stage.code, named(stage)) for stage in STAGES.values() if stage.applied_for]
        statuses = [(code, badge.label) for code, badge in APPLICATIONS.items() if code != "draft"]
        self.fields["stage"].choices = [everything, *stages]  # type: ignore[attr-defined]
        self.fields["status"].choices = [everything, *statuses]  # type: ignore[attr-defined]

    @property
    def narrowing(self) -> Narrowing:
        self.is_valid()
        kept = self.cleaned_data
        return Narrowing(
            words=kept.get("q", "").strip(),
            stage=kept.get("stage", ""),
            status=kept.get("status", ""),
            overdue=bool(kept.get("overdue")),
        )
