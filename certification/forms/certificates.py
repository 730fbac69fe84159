"""Forms of third-party certificates: recording one, what happened to one, a look-up, a scan; and the list's filters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..certificate_checks import stated
from ..certificate_life import STANDING_NAMES, Event, Kind, Standing
from ..certificates import ATTENTION_NAMES, FILTERS, MOST_DAYS, Attention
from ..models import CertificateEvent, EditionTerms, Organisation
from ..models.certificate import LookupResult, Route
from ..wording import named, worded
from .refusable import Day, RefusableForm, Typed

CHOOSE = ("", _("请选择"))


def _editions() -> list[Any]:
    return [CHOOSE, *((code, code) for code in EditionTerms.objects.values_list("edition", flat=True))]


def _offer(field: forms.Field, choices: Any) -> None:
    field.widget.choices = choices


class CertificateForm(RefusableForm):
    """A certificate as it stands on paper; the service judges it."""

    number = Typed(label=_("证书编号"), help_text=_("照证书填写，全角和小写会自动规整"))
    body = Typed(label=_("认证机构"), widget=forms.Select, help_text=_("名单由市局维护"))
    holder = Typed(label=_("持证人"), help_text=_("照证书填写"))
    holder_reason = Typed(
        label=_("持证人与企业名称不一致的理由"), required=False, help_text=_("一致的不填；如分支机构持证、集团证书")
    )
    holder_address = Typed(label=_("证书地址"))
    scope_management = Typed(label=_("管理方面"), help_text=_("如知识产权获取、维护、运用、保护"))
    scope_links = Typed(label=_("业务环节"), help_text=_("如研发、采购、生产、销售"))
    edition = Typed(label=_("标准版本"), widget=forms.Select)
    route = Typed(label=_("途径"), widget=forms.Select(choices=[CHOOSE, *Route.choices]))
    system_since = Day(label=_("体系运行起始日"))
    applied_on = Day(label=_("认证申请日"), help_text=_("认证机构受理申请之日"))
    issued_on = Day(label=_("发证日期"))
    expires_on = Day(label=_("有效期至"), help_text=_("证书有效的最后一天"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        bodies = Organisation.objects.filter(is_body=True).order_by("name")
        _offer(self.fields["body"], [CHOOSE, *((row.pk, named(row)) for row in bodies)])
        _offer(self.fields["edition"], _editions())

    @property
    def said(self) -> Any:
        return stated(self.asked())


class RenewalForm(CertificateForm):
    """The certificate that follows after re-certification, and the ground of it."""

    reason = Typed(
        label=_("依据和理由"), help_text=_("例如再认证决定的文号和日期"), widget=forms.Textarea(attrs={"rows": 2})
    )


class EventForm(RefusableForm):
    """Something that happened to a certificate; only what may happen now is offered."""

    kind = Typed(label=_("发生事项"), widget=forms.RadioSelect)
    on = Day(label=_("发生日期"), help_text=_("认证机构决定之日；更正误记和录入错误填发现之日。不晚于今天"))
    edition = Typed(label=_("换用版本"), required=False, widget=forms.Select, help_text=_("只在换版时选择"))
    corrects = Typed(
        label=_("更正的事项"), required=False, widget=forms.Select, help_text=_("只在更正误记的事项时选择")
    )
    reason = Typed(
        label=_("依据和理由"), help_text=_("例如认证机构通知的文号和日期"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, events: list[Event], correctable: list[CertificateEvent], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [event for event in events if event.kind is not Kind.RENEW]
        _offer(self.fields["kind"], [(event.kind.value, worded((event.name_zh, event.name_en))) for event in offered])
        _offer(self.fields["edition"], _editions())
        said = [(each.ledger_number, f"{each.on} {each.get_kind_display()}") for each in correctable]
        _offer(self.fields["corrects"], [CHOOSE, *said])
        kinds = {event.kind for event in offered}
        for name, kind in (("edition", Kind.CONVERT), ("corrects", Kind.CORRECT)):
            if kind not in kinds and not self.is_bound:
                del self.fields[name]

    @property
    def said_edition(self) -> str:
        """Of a conversion; empty for everything else."""
        return str(self.cleaned_data["edition"]) if self.cleaned_data["kind"] == Kind.CONVERT else ""

    @property
    def said_corrects(self) -> int | None:
        """Of a correction: the ledger number of the event; what is no number names none."""
        said = str(self.cleaned_data["corrects"])
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None


class ScanForm(RefusableForm):
    """The scan of a certificate."""

    file = forms.FileField(
        label=_("证书扫描件（PDF）"),
        error_messages={"required": _("请选择文件后重新上传")},
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )


class LookupForm(RefusableForm):
    """What the national look-up said of a certificate."""

    result = Typed(label=_("核对结果"), widget=forms.Select(choices=[CHOOSE, *LookupResult.choices]))
    note = Typed(label=_("说明"), required=False)
    file = forms.FileField(
        label=_("查询截图"),
        error_messages={"required": _("请选择文件后重新上传")},
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.pdf"}),
    )


class CertificateFilter(forms.Form):
    """The filters of the list; what makes no sense is left aside, never an error."""

    use_required_attribute = False
    number = forms.CharField(required=False, max_length=60, label=_("证书编号开头"))
    standing = forms.ChoiceField(required=False, label=_("状态"))
    attention = forms.ChoiceField(required=False, label=_("提示"))
    due_within = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_DAYS, label=_("多少天内到期"), help_text=_("监督审核或证书有效期")
    )
    body = forms.ChoiceField(required=False, label=_("认证机构"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", _("全部"))
        bodies = [(row.pk, named(row)) for row in Organisation.objects.filter(is_body=True).order_by("name")]
        standings = [(each.value, worded(STANDING_NAMES[each])) for each in Standing]
        attentions = [(each.value, worded(ATTENTION_NAMES[each])) for each in Attention]
        for name, choices in (("standing", standings), ("attention", attentions), ("body", bodies)):
            self.fields[name].choices = [everything, *choices]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {**dict.fromkeys([param.name for param in FILTERS], ""), **self.cleaned_data}
