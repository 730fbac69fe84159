"""A wording of papers (文书样式) as it would be printed, with examples in its places. Nothing is issued or kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from ..gates import months_after
from ..models import DocumentWording
from ..papers.sheets import Printing, pages_of
from ..paperwork import CODE_LENGTH, EXAMPLES, UNLIMITED, day_in_words, document_number
from ..stages import STAGES
from .documents import Draft, Wording

SAMPLE_CODE = "A" * CODE_LENGTH  # its verification says that it was never issued
SAMPLE_SERIAL = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a paper would say."""

    content: dict[str, Any]

    @property
    def pdf(self) -> bytes:
        address = f"{settings.SITE_BASE_URL}/verify/{SAMPLE_CODE}/"
        return pages_of(Printing(self.content, SAMPLE_CODE, address, settings.PDF_SEAL_NOTE, is_sample=True))


def preview(row: DocumentWording, *, on: date) -> Preview:
    """Issued on a day, to an enterprise that does not exist."""
    months = row.valid_months
    until = months_after(on, months) - timedelta(days=1) if months else None
    values = {
        **EXAMPLES,
        "stage": STAGES[row.rule.stage].name_zh,
        "edition": row.rule.edition_id or "",
        "issuing_body": row.issuing_body,
        "clause": row.clause,
        "issued_on": day_in_words(on),
        "valid_until": day_in_words(until) if until else UNLIMITED,
    }
    number = document_number(row.prefix, on.year, SAMPLE_SERIAL)
    return Preview(Draft(Wording(row, values["edition"]), values, until, on).content(number))
