"""Forms of the inputs of eligibility: credit checks; annulment, a document; and the filters of their lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import ReportingUnit

from ..inputs.credit_stated import StatedCheck
from ..inputs.priority_stated import StatedPriority
from ..inputs.states import STATES
from ..inputs.stating import stated
from ..models import CreditResult, CreditSource, PriorityKind
from ..wording import named, worded
from .refusable import Day, RefusableForm, Typed

CHOOSE = ("", _("请选择"))
EVERYTHING = ("", _("全部"))
PAPER_HELP = _("文件或查询截图，PDF、图片或文档；可以之后再存")


class FactForm(RefusableForm):
    """Base of the forms that state a fact; the service judges it."""

    shape: type[Any]

    @property
    def said(self) -> Any:
        return stated(self.asked(), self.shape)

    @property
    def upload(self) -> Any:
        return self.cleaned_data.get("file")

    @property
    def correction_ground(self) -> str:
        return str(self.cleaned_data.get("ground_of_correction") or "")


class CheckForm(FactForm):
    """A credit check as it was made."""

    shape = StatedCheck
    source = Typed(label=_("核查渠道"), widget=forms.Select)
    checked_on = Day(label=_("核查日期"), help_text=_("查询的那一天，不晚于今天"))
    result = Typed(label=_("核查结果"), widget=forms.RadioSelect(choices=CreditResult.choices))
    ground = Typed(
        label=_("不良记录"),
        required=False,
        help_text=_("有不良记录的，写明作出机关、文号和事由"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    valid_until = Day(label=_("结果有效期至"), required=False, help_text=_("留空则按核查渠道的默认期限"))
    file = forms.FileField(label=_("附件"), required=False, help_text=PAPER_HELP, allow_empty_file=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = CreditSource.objects.filter(is_active=True).order_by("code")
        self.fields["source"].widget.choices = [CHOOSE, *((row.pk, named(row)) for row in rows)]


class CheckCorrectionForm(CheckForm):
    """The whole check as it ought to be, and why."""

    spoken_of = {"annulment": "ground_of_correction"}
    ground_of_correction = Typed(
        label=_("更正理由"), help_text=_("例如结果抄录有误"), widget=forms.Textarea(attrs={"rows": 2})
    )


class AnnulmentForm(RefusableForm):
    """Why what was recorded never was."""

    spoken_of = {"annulment": "ground"}
    ground = Typed(label=_("注销理由"), help_text=_("例如登记到了别的企业"), widget=forms.Textarea(attrs={"rows": 2}))


class PaperForm(RefusableForm):
    """A document to be kept with a fact."""

    file = forms.FileField(label=_("附件"), required=False, help_text=_("PDF、图片或文档，不超过 20 MB"))


class InputFilter(forms.Form):
    """Base of the filters of these lists; what makes no sense is left aside, never an error."""

    use_required_attribute = False
    search = forms.CharField(required=False, max_length=60, label=_("企业名称"))
    reporting_unit = forms.ChoiceField(required=False, label=_("统计单元"))
    on = Day(required=False, label=_("截至日期"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(reporting_unit=[(row.pk, named(row)) for row in ReportingUnit.objects.all()])

    def offer(self, **choices: list[Any]) -> None:
        """What can be chosen, after everything."""
        for name, offered in choices.items():
            self.fields[name].choices = [EVERYTHING, *offered]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {**dict.fromkeys((*self.fields, "enterprise"), ""), **self.cleaned_data}


def states(*codes: str) -> list[Any]:
    """States of a row, in words."""
    return [(code, worded(STATES[code])) for code in codes]


class CheckFilter(InputFilter):
    """The filters of the credit checks."""

    source = forms.ChoiceField(required=False, label=_("核查渠道"))
    result = forms.ChoiceField(required=False, label=_("核查结果"), choices=[EVERYTHING, *CreditResult.choices])
    state = forms.ChoiceField(required=False, label=_("状态"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(
            source=[(row.pk, named(row)) for row in CreditSource.objects.order_by("code")],
            state=states("valid", "expired", "annulled"),
        )


class PriorityForm(FactForm):
    """A priority as its document gives it."""

    shape = StatedPriority
    kind = Typed(label=_("种类"), widget=forms.Select)
    value = Typed(label=_("内容"), required=False, help_text=_("种类要求时填写，例如哪条产业链"))
    document = Typed(label=_("认定文件"), help_text=_("文号，如 常工信〔2026〕1号"))
    valid_from = Day(label=_("起始日"), help_text=_("照文件填写，不晚于今天"))
    valid_until = Day(label=_("有效期至"), required=False, help_text=_("有效的最后一天；没有期限的留空"))
    file = forms.FileField(label=_("附件"), required=False, help_text=PAPER_HELP, allow_empty_file=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = list(PriorityKind.objects.filter(is_active=True).order_by("code"))
        self.fields["kind"].widget.choices = [CHOOSE, *((row.pk, named(row)) for row in rows)]
        offered = [_("；").join([named(row), _("、").join(row.choices)]) for row in rows if row.choices]
        self.fields["value"].help_text = "\n".join([str(self.fields["value"].help_text), *offered])


class PriorityCorrectionForm(PriorityForm):
    """The whole priority as it ought to be, and why."""

    spoken_of = {"annulment": "ground_of_correction"}
    ground_of_correction = Typed(
        label=_("更正理由"), help_text=_("例如文号抄录有误"), widget=forms.Textarea(attrs={"rows": 2})
    )


class EndForm(RefusableForm):
    """The early end of a priority."""

    spoken_of = {"annulment": "ground"}
    last_day = Day(label=_("最后一天"), help_text=_("不晚于今天"))
    ground = Typed(label=_("终止理由"), help_text=_("例如已移出名单"), widget=forms.Textarea(attrs={"rows": 2}))


class PriorityFilter(InputFilter):
    """The filters of the priorities."""

    kind = forms.ChoiceField(required=False, label=_("种类"))
    value = forms.CharField(required=False, max_length=60, label=_("内容"))
    state = forms.ChoiceField(required=False, label=_("状态"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(kind=[(row.pk, named(row)) for row in PriorityKind.objects.order_by("code")], state=states(*STATES))
