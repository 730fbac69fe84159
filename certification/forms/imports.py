"""Handing in a table."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..models import ImportKind
from ..papers.uploads import megabytes
from .refusable import RefusableForm


class UploadForm(RefusableForm):
    """What the table holds, and the file."""

    kind = forms.ChoiceField(label=_("表格内容"), choices=ImportKind.choices)
    file = forms.FileField(
        label=_("文件"),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": _("请选择要导入的文件"), "max_length": _("文件名过长，请改短后上传")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        most = megabytes(settings.IMPORT_MAX_BYTES)
        said = {"most": most, "rows": settings.IMPORT_MAX_ROWS}
        self.fields["file"].help_text = (
            _(".csv（UTF-8 或 GB18030）、.xlsx 或 .xls，不超过 %(most)s MB、%(rows)s 行") % said
        )
        self.fields["file"].widget.attrs |= {
            "data-most-bytes": str(settings.IMPORT_MAX_BYTES),
            "data-too-large": _("文件超过 %(most)s MB，请拆分后分别导入") % {"most": most},
        }
