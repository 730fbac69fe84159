"""What a person says with a move: the action chosen, a comment, and for a return every defect by its clause."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..services.door import Remark
from .refusable import RefusableForm

NOTE = "note:"
LONGEST_NOTE, LONGEST_COMMENT = 300, 2000


class MoveForm(RefusableForm):
    """A move with nothing but a comment (submit, withdraw)."""

    needs_version = True
    action = forms.CharField(max_length=20, error_messages={"required": _("请选择办理意见")})
    comment = forms.CharField(
        required=False, max_length=LONGEST_COMMENT, label=_("意见"), widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def action_name(self) -> str:
        return str(self.cleaned_data["action"])

    @property
    def remark(self) -> Remark:
        return Remark(comment=self.cleaned_data["comment"])


class SubmissionForm(MoveForm):
    """Submitting: the applicant confirms once more that everything is true."""

    confirmed = forms.BooleanField(
        label=_("本单位确认所填内容和所附材料真实、完整，并对此负责"),
        error_messages={"required": _("请勾选确认后再提交")},
    )


class DecisionForm(MoveForm):
    """A reviewer's move. One note per clause of the application; the written ones are the defects."""

    def __init__(self, clauses: dict[str, str], *args: Any) -> None:
        super().__init__(*args)
        self.clauses = clauses
        for clause, label in clauses.items():
            widget = forms.Textarea(attrs={"rows": 2, "form": "decision", "aria-label": _("补正说明：%s") % label})
            self.fields[NOTE + clause] = forms.CharField(
                required=False, max_length=LONGEST_NOTE, widget=widget, label=label
            )

    @property
    def notes(self) -> dict[str, forms.BoundField]:
        """The note of each clause, to stand beside what it is about."""
        return {clause: self[NOTE + clause] for clause in self.clauses}

    @property
    def defects(self) -> list[dict[str, str]]:
        written = {clause: self.cleaned_data.get(NOTE + clause, "").strip() for clause in self.clauses}
        return [{"clause": clause, "text": text} for clause, text in written.items() if text]

    @property
    def remark(self) -> Remark:
        return Remark(comment=self.cleaned_data["comment"], defects=self.defects)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.defects and cleaned.get("action", "return") != "return":
            self.add_error("action", _("已写有补正事项：请选择“退回补正”，或清空这些说明"))
        return cleaned
