"""Forms of findings (不符合项): what was found, what was done about it, whether that will do."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..gates import ModuleNeed
from ..models import Severity
from ..papers.uploads import MEDIA_TYPES
from ..services.findings import Found
from ..wording import named
from .refusable import Day, RefusableForm, Typed


class FindingForm(RefusableForm):
    """A finding in a review."""

    module = Typed(label=_("模块"), required=False, widget=forms.Select, help_text=_("与整个体系有关的不选"))
    clause = Typed(label=_("条款"), help_text=_("标准的条款号，如 7.1.2"))
    severity = Typed(label=_("严重程度"), widget=forms.Select)
    text = Typed(label=_("不符合事实"), widget=forms.Textarea(attrs={"rows": 5}))
    due_on = Day(label=_("整改期限"))

    def __init__(self, menu: tuple[ModuleNeed, ...], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = [(module.code, f"{module.code} {named(module)}") for module in menu]
        self.fields["module"].widget.choices = [("", _("整个体系")), *chosen]
        self.fields["severity"].widget.choices = Severity.choices

    def found(self) -> Found:
        return Found(**self.asked())


class AnswerForm(RefusableForm):
    """What was done about a finding, with its evidence."""

    text = Typed(label=_("整改措施"), widget=forms.Textarea(attrs={"rows": 5}), help_text=_("原因、措施和结果"))
    file = forms.FileField(
        label=_("佐证材料"),
        allow_empty_file=True,
        error_messages={"required": _("请选择佐证文件")},
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{each}" for each in MEDIA_TYPES)}),
    )


class VerdictForm(RefusableForm):
    """Whether what was done will do: `action` closes the finding or sends the answer back."""

    ACTIONS = (("close", _("核实通过，关闭")), ("refuse", _("未通过，退回继续整改")))
    action = forms.ChoiceField(label=_("核实结论"), choices=ACTIONS, widget=forms.RadioSelect)
    reason = Typed(label=_("核实情况"), widget=forms.Textarea(attrs={"rows": 3}))
