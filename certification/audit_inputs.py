"""The inputs of eligibility held against the ledger: each fact, its annulment, the files kept with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ledger.canonical import text_of, to_milliseconds
from ledger.record import Fact
from ledger.verbs import Verb
from ledger.verify import Fault

from .audit_rows import CHUNK, COLUMNS, Claim, entry_faults
from .models import YearFigures
from .services.credit import CREDIT
from .services.figures import stated_fact
from .services.input_facts import InputKind, annulled_fact, ended_fact, filed_fact, recorded_fact
from .services.priorities import PRIORITY

ALL = (*COLUMNS, "supersedes", "enterprise")
KINDS = (CREDIT, PRIORITY)
NOT_ANNULLED = {
    "annulled_at": None,
    "annulled_by_id": None,
    "annulled_ground": "",
    "annulled_salt": "",
    "annulled_number": None,
}
NOT_ENDED = {name.replace("annulled", "ended"): value for name, value in NOT_ANNULLED.items()} | {"ended_on": None}


def input_faults() -> Iterator[Fault]:
    """Rows that differ from their entries, that are gone, or that nobody recorded."""
    for kind in KINDS:
        yield from _facts(kind)


def figure_faults() -> Iterator[Fault]:
    """Versions of yearly figures that differ from their entries, with all their values; which of them is in force."""
    rows = YearFigures.objects.select_related("enterprise").prefetch_related("values").order_by("ledger_number")
    claims = (_stated(row) for row in rows.iterator(CHUNK))
    yield from entry_faults(Verb.FIGURES_STATED, claims, columns=ALL)
    last: dict[tuple[int, int], YearFigures] = {}
    for row in rows.order_by("version"):
        last[row.enterprise_id, row.year] = row
    in_force = {row.pk for row in last.values()}
    for row in rows:
        if bool(row.is_latest) != (row.pk in in_force):
            yield Fault(row.ledger_number, _("年度数据的最新版本与台账记载不一致"))


def _stated(row: YearFigures) -> Claim:
    return claim(row.ledger_number, stated_fact(row, list(row.values.all())), row.stated_at, row.stated_by_id)


def _facts(kind: InputKind) -> Iterator[Fault]:
    rows = kind.model.objects.select_related("enterprise", "replaces").order_by("ledger_number")
    yield from entry_faults(kind.recorded, (_recorded(kind, row) for row in rows.iterator(CHUNK)), columns=ALL)
    void = rows.exclude(**NOT_ANNULLED).order_by("annulled_number", "pk")
    yield from entry_faults(kind.annulled, (_annulled(kind, row) for row in void.iterator(CHUNK)), columns=ALL)
    if kind.ended:
        over = rows.exclude(**NOT_ENDED).order_by("ended_number", "pk")
        yield from entry_faults(kind.ended, (_ended(kind, row) for row in over.iterator(CHUNK)), columns=ALL)
    papers = kind.paper.objects.select_related("fact__enterprise").order_by("ledger_number")
    yield from entry_faults(kind.filed, (_filed(kind, row) for row in papers.iterator(CHUNK)), columns=ALL)


def claim(number: int | None, fact: Fact, at: datetime | None, account: Any) -> Claim:
    """What a row says of an entry."""
    said = fact.subject, text_of(fact.payload), to_milliseconds(at) if at else None, f"account:{account}"
    return Claim(number or 0, fact.enterprise or "", (*said, fact.supersedes, fact.enterprise))


def _recorded(kind: InputKind, row: Any) -> Claim:
    return claim(row.ledger_number, recorded_fact(kind, row), row.recorded_at, row.recorded_by_id)


def _annulled(kind: InputKind, row: Any) -> Claim:
    return claim(row.annulled_number, annulled_fact(kind, row), row.annulled_at, row.annulled_by_id)


def _ended(kind: InputKind, row: Any) -> Claim:
    return claim(row.ended_number, ended_fact(kind, row), row.ended_at, row.ended_by_id)


def _filed(kind: InputKind, row: Any) -> Claim:
    return claim(row.ledger_number, filed_fact(kind, row), row.uploaded_at, row.uploaded_by_id)
