"""What the city does with a paper that was issued."""

from collections.abc import Iterable

from django import forms
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from ..errors import Refused
from ..models.document import EVENT_CHOICES
from ..services.guessing import check_file
from .refusable import RefusableForm, Typed


class DocumentEventForm(RefusableForm):
    """Suspend, restore, revoke or supersede a paper."""

    spoken_of = {"kind": "event", "reason": "ground"}

    event = forms.ChoiceField(label=_("事项"), widget=forms.RadioSelect, error_messages={"required": _("请选择事项")})
    ground = Typed(
        label=_("法律依据和理由"),
        help_text=_("写明所依据的条款和事实，300 字以内；记入台账的是其摘要"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: object, possible: Iterable[str]) -> None:
        super().__init__(data)
        offered = set(possible)
        # What is not possible any more is refused by the service, with the reason; it is only not offered.
        self.fields["event"].choices = [each for each in EVENT_CHOICES if each[0] in offered or self.is_bound]  # type: ignore[attr-defined]


class UploadedForm(forms.Form):
    """A PDF to be verified."""

    file = forms.FileField(
        label=_("PDF 文件"),
        help_text=_("从本系统下载的证书或文书，不超过 2 MB；文件只作比对，不会保存"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("请选择 PDF 文件"), "empty": _("文件是空的，请选择 PDF 文件")},
    )

    def clean_file(self) -> "File[bytes]":
        file: File[bytes] = self.cleaned_data["file"]
        try:
            check_file(file)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file
