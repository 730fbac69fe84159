"""What the public needs to repeat the draws of a notice: the seed, as it was committed to before anybody applied, and
of each draw the experts by code, with their fields and whether they were barred. No names, no reason of a bar.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.models import LedgerEntry
from ledger.verbs import Verb

from .models import PublicNotice


@dataclass(frozen=True, slots=True)
class ShownDraw:
    """One draw as the ledger keeps it. `fields`: of each expert; None: of a draw from before they were on record."""

    application: str
    sitting: int
    ledger_number: int
    field: str
    order: Sequence[str]
    drawn: Sequence[str]
    barred: Sequence[str]
    fields: Mapping[str, Sequence[str]] | None

    @property
    def experts(self) -> list[dict[str, Any]]:
        """Everybody in the pool of this draw, by code."""
        codes = sorted([*self.order, *self.barred], key=lambda code: (len(code), code))
        known = self.fields or {}
        return [
            {
                "code": code,
                "fields": list(known.get(code, ())) if self.fields is not None else None,
                "barred": code in self.barred,
                "place": self.drawn.index(code) + 1 if code in self.drawn else None,
            }
            for code in codes
        ]


@dataclass(frozen=True, slots=True)
class ShownSeed:
    """The seed, and the entries by which it was committed to and published."""

    seed: str
    digest: str
    committed_in: int | None
    published_in: int | None


def seed_of(notice: PublicNotice) -> ShownSeed:
    batch, subject = notice.batch, f"batch:{notice.batch.code}"
    rows = LedgerEntry.objects.filter(subject=subject, verb__in=(Verb.BATCH_OPENED, Verb.BATCH_DRAWN))
    numbers = dict(rows.values_list("verb", "number"))
    digest = hashlib.sha256(batch.seed.encode()).hexdigest()
    return ShownSeed(batch.seed, digest, numbers.get(Verb.BATCH_OPENED.value), numbers.get(Verb.BATCH_DRAWN.value))


def draws_of(notice: PublicNotice) -> list[ShownDraw]:
    """Every draw of the applications whose result the notice made public; of those that failed by number alone."""
    numbers = notice.lines.values_list("application__number", flat=True)
    subjects = [f"panel:{number}" for number in numbers]
    rows = LedgerEntry.objects.filter(verb=Verb.EXPERTS_DRAWN, subject__in=subjects).order_by("number")
    return [_shown(row) for row in rows]


def _shown(row: LedgerEntry) -> ShownDraw:
    said = json.loads(row.payload)
    return ShownDraw(
        application=row.subject.partition(":")[2],
        sitting=said["sitting"],
        ledger_number=row.number,
        field=said["field"],
        order=said["order"],
        drawn=said["experts"],
        barred=sorted(said["barred"]),
        fields=said.get("fields"),
    )
