"""Forms of the enterprise file (一企一档): registering, and each kind of change as its own form."""

import unicodedata
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, InnovationTier
from enterprises.places import townships_on
from enterprises.services.registration import Registration

from ..models import EndReason
from .refusable import Day, RefusableForm, Typed


def township_choices(*, on: date) -> list[Any]:
    """The townships of a day, grouped by district."""
    rows = townships_on(on).select_related("parent").order_by("parent_id", "code")
    grouped = groupby(rows, key=lambda row: str(row.parent))
    return [("", _("请选择")), *((name, [(row.code, row.name) for row in group]) for name, group in grouped)]


class TownshipField(Typed):
    """A choice of township; the service checks that it exists on the day in question."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("所在乡镇（街道）"), widget=forms.Select, **options)

    def offer(self, *, on: date) -> None:
        self.widget.choices = township_choices(on=on)


class EnterpriseForm(RefusableForm):
    """What an enterprise says of itself beyond its name and place."""

    contact_name = Typed(required=False, label=_("联系人"))
    contact_phone = Typed(
        required=False,
        label=_("联系电话"),
        help_text=_("手机或带区号的座机，如 0519-88881234"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    industry = Typed(required=False, label=_("行业代码（GB/T 4754）"), help_text=_("门类字母加数字，如 C3484"))
    established_on = Day(required=False, label=_("成立日期"))
    has_rd_institution = forms.BooleanField(required=False, label=_("有自主研发机构"))


def tier_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("十百千"), choices=InnovationTier.choices, initial=InnovationTier.NONE)


class RegistrationForm(EnterpriseForm):
    """A new enterprise, by its own applicant."""

    uscc = Typed(
        label=_("统一社会信用代码"),
        help_text=_("18 位，见营业执照；全角、小写或含空格的会自动规整"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "code"}),
    )
    name = Typed(label=_("企业名称"), help_text=_("与营业执照一致的全称"))
    township = TownshipField()
    field_order = ("uscc", "uscc_override_reason", "name", "township", "contact_name", "contact_phone", "industry")

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["township"].offer(on=on)  # type: ignore[attr-defined]

    def registration(self) -> Registration:
        return Registration(**self.asked())


class ReviewerRegistrationForm(RegistrationForm):
    """As a reviewer registers one: a code that fails only its check character may be confirmed."""

    uscc_override_reason = Typed(
        required=False,
        label=_("校验位不符的确认理由"),
        help_text=_("仅在校验位不符、但营业执照确为该代码时填写"),
    )
    innovation_tier = tier_field()


class AmendForm(EnterpriseForm):
    """Changing it, by its own applicant."""

    def __init__(self, enterprise: Enterprise, *args: Any) -> None:
        known = {name: getattr(enterprise, name) for name in self.base_fields if name != "version"}
        super().__init__(*args, initial=known | self.hidden)

    hidden: dict[str, str] = {}

    def changes(self) -> dict[str, Any]:
        return self.asked()


class ReviewerAmendForm(AmendForm):
    """As a reviewer changes it: the contact is not shown; left empty, it stays as it is."""

    innovation_tier = tier_field()
    hidden = {"contact_name": "", "contact_phone": ""}

    def __init__(self, enterprise: Enterprise, *args: Any) -> None:
        super().__init__(enterprise, *args)
        for name in self.hidden:
            self.fields[name].help_text = _("留空则不变更；现有内容不在此显示")

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.asked().items() if value or name not in self.hidden}


class RenameForm(RefusableForm):
    """A new name from a day on."""

    name = Typed(label=_("新名称"), help_text=_("与变更后的营业执照一致的全称"))
    since = Day(label=_("变更日期"), help_text=_("登记机关核准变更之日"))


class RelocateForm(RefusableForm):
    """A new place from a day on; without a day, the township of a place that is known by its district only."""

    township = TownshipField()
    since = Day(label=_("迁入日期"))

    def __init__(self, *args: Any, on: date, is_incomplete: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["township"].offer(on=on)  # type: ignore[attr-defined]
        if is_incomplete:
            self.fields["since"].required = False
            self.fields["since"].widget.attrs.pop("aria-required", None)
            self.fields["since"].help_text = _("档案只填到辖市区：补全本辖市区的乡镇（街道）不是迁移，请留空")


class HighTechForm(RefusableForm):
    """A high-tech certificate and its days."""

    certificate = Typed(required=False, label=_("证书编号"), help_text=_("形如 GR202232001234"))
    valid_from = Day(label=_("起始日"))
    valid_to = Day(label=_("截止日"), help_text=_("证书有效期三年"))

    def clean_certificate(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["certificate"]).replace(" ", "").upper()


class HighTechEndForm(RefusableForm):
    """Ending a high-tech period before it is over."""

    last_day = Day(label=_("资格截止日"), help_text=_("资格有效的最后一天"))
    reason = Typed(label=_("取消依据"), widget=forms.Textarea(attrs={"rows": 3}))


class EndingForm(RefusableForm):
    """Ending an achievement by its own named way."""

    reason = forms.ChoiceField(
        label=_("终止方式"),
        choices=EndReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择终止方式")},
    )
    ended_on = Day(label=_("终止日期"), help_text=_("决定生效之日，不晚于今天"))
    ground = Typed(
        label=_("法律依据和理由"),
        help_text=_("写明所依据的条款和事实，300 字以内；记入台账的是其摘要"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
