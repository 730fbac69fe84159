"""Several applications chosen on the worklist, and what is to be done with them."""

import re

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ..services.bulk import Chosen
from ..services.door import Remark
from .decision import LONGEST_COMMENT
from .refusable import RefusableForm

# Number and version of a row as it was shown: SQ2026000123.4
CHOSEN = re.compile(r"([A-Z0-9]{1,20})\.([0-9]{1,9})")


class BulkForm(RefusableForm):
    """The action, one comment for all, and the rows; a row that cannot be read is left to be found absent."""

    action = forms.CharField(max_length=20, error_messages={"required": _("请选择办理意见")})
    comment = forms.CharField(
        required=False, max_length=LONGEST_COMMENT, label=_("意见"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.rows = data.getlist("chosen")

    @property
    def action_name(self) -> str:
        return str(self.data.get("action", ""))

    @property
    def remark(self) -> Remark:
        return Remark(comment=self.cleaned_data["comment"])

    @property
    def chosen(self) -> list[Chosen]:
        """Each row once, in the order of the list."""
        found: dict[str, Chosen] = {}
        for text in self.rows:
            read = CHOSEN.fullmatch(text)
            one = Chosen(read[1], int(read[2])) if read else Chosen("".join(filter(str.isprintable, text))[:20])
            found.setdefault(one.number, one)
        return list(found.values())
