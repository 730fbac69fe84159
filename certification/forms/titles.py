"""Forms of titles: recording and correcting one, a re-examination, a step of guidance; and the list's filters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import ReportingUnit

from ..models import Organisation, TitleLevel
from ..programmes import TITLES
from ..stages import STAGES
from ..title_checks import StatedGuidance, StatedReexamination, StatedTitle, stated
from ..title_life import STANDING_NAMES, Standing
from ..wording import named, worded
from .refusable import Day, RefusableForm, Typed

CHOOSE = ("", _("请选择"))
EVERYTHING = ("", _("全部"))
DUE_NAMES = {
    "soon": _("即将到期"),
    "overdue": _("已逾期"),
    "open": _("有待办复核"),
    "no_document": _("缺认定文件"),
}
RESULTS = {"passed": True, "failed": False}


def _kinds() -> list[Any]:
    return [(code, named(STAGES[code])) for code in TITLES]


class TitleForm(RefusableForm):
    """A title as its document gives it; the service judges it."""

    stage = Typed(label=_("称号"), widget=forms.Select)
    effective_on = Day(label=_("认定日期"), help_text=_("照文件填写，不晚于今天"))
    document = Typed(label=_("文号"), help_text=_("如 国知发运函〔2023〕108号"))
    issued_by = Typed(label=_("发文机关"))
    level = Typed(label=_("级别"), widget=forms.Select(choices=[CHOOSE, *TitleLevel.choices]))
    valid_until = Day(label=_("有效期至"), required=False, help_text=_("有效的最后一天；文件没有写的留空"))
    reexamine_on = Day(label=_("下次复核日期"), required=False, help_text=_("留空则按称号复核规则，从认定日期起算"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stage"].widget.choices = [CHOOSE, *_kinds()]

    @property
    def said(self) -> Any:
        return stated(self.asked(), StatedTitle)


class CorrectionForm(TitleForm):
    """What was recorded was wrong: the whole title as it ought to be, and why."""

    ground = Typed(label=_("更正理由"), help_text=_("例如文号抄录有误"), widget=forms.Textarea(attrs={"rows": 2}))


class ReexaminationForm(RefusableForm):
    """What a re-examination came to."""

    passed = Typed(
        label=_("复核结果"),
        widget=forms.RadioSelect(choices=[("passed", _("复核通过")), ("failed", _("复核未通过，撤销称号"))]),
    )
    examined_on = Day(label=_("复核日期"), help_text=_("决定之日，不晚于今天"))
    words = Typed(label=_("复核意见"), widget=forms.Textarea(attrs={"rows": 3}))
    document = Typed(label=_("复核文号"), required=False)
    valid_until = Day(label=_("新的有效期至"), required=False, help_text=_("通过时填写；没有期限的留空"))
    reexamine_on = Day(label=_("下次复核日期"), required=False, help_text=_("通过时填写；留空则按称号复核规则"))

    @property
    def said(self) -> Any:
        asked = self.asked()
        return stated({**asked, "passed": RESULTS.get(asked["passed"])}, StatedReexamination)


class GuidanceForm(RefusableForm):
    """A step of the guidance of a year."""

    on = Day(label=_("指导日期"), help_text=_("在当年列入培育之后"))
    by = Typed(label=_("指导人员"))
    done = Typed(label=_("指导内容"), widget=forms.Textarea(attrs={"rows": 3}))
    achieved = Typed(label=_("取得成效"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    organisation = Typed(label=_("推介的服务机构"), required=False, widget=forms.Select, help_text=_("名单由市局维护"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Organisation.objects.advisers().order_by("name")
        none = ("", _("没有推介"))
        self.fields["organisation"].widget.choices = [none, *((row.pk, named(row)) for row in rows)]

    @property
    def said(self) -> Any:
        return stated(self.asked(), StatedGuidance)


class TitleFilter(forms.Form):
    """The filters of the list; what makes no sense is left aside, never an error."""

    use_required_attribute = False
    search = forms.CharField(required=False, max_length=60, label=_("企业名称或文号"))
    stage = forms.ChoiceField(required=False, label=_("称号"))
    reporting_unit = forms.ChoiceField(required=False, label=_("统计单元"))
    standing = forms.ChoiceField(required=False, label=_("状态"))
    due = forms.ChoiceField(required=False, label=_("复核"), choices=[EVERYTHING, *DUE_NAMES.items()])
    year = forms.IntegerField(required=False, min_value=1985, max_value=9999, label=_("认定年份"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = [(row.pk, named(row)) for row in ReportingUnit.objects.all()]
        standings = [(each.value, worded(STANDING_NAMES[each])) for each in Standing]
        for name, choices in (("stage", _kinds()), ("reporting_unit", units), ("standing", standings)):
            self.fields[name].choices = [EVERYTHING, *choices]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {**dict.fromkeys((*self.fields, "enterprise"), ""), **self.cleaned_data}
