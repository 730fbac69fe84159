"""Writing many new enterprises: the same rows and ledger entries as services/registration.py, in bulk."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from ledger.bulk import insert_rows, new_ids, stored_time
from ledger.record import Actor, Fact, next_number
from ledger.stream import drafted, record_stream
from ledger.verbs import Verb

from ..origin import Channel, origin
from ..search import index_new, search_text
from ..services.registration import registered_fact
from .rows import EnterpriseRow, Place

HIGH_TECH_YEARS = 3


class Qualification(NamedTuple):
    """A high-tech period of a row: certificate and days; `last` None: open."""

    certificate: str
    first: date
    last: date | None


def qualification_of(row: EnterpriseRow, *, today: date) -> Qualification | None:
    """The high-tech period that a row states.

    A certificate's number gives its year only. Its status runs over three calendar years from the first of
    January of that year (State Taxation Administration announcement 2017 No. 24 counts the same years);
    the establishment, if later, begins it. Without a certificate nothing is known but that the enterprise
    is one now: an open period from the day of the import.
    """
    if row.certificate:
        year = int(row.certificate[2:6])
        first = max(date(year, 1, 1), row.established_on or date.min)
        return Qualification(row.certificate, first, date(year + HIGH_TECH_YEARS, 1, 1) - timedelta(days=1))
    return Qualification("", today, None) if row.high_tech else None


Places = Mapping[str, Place]


def write_enterprises(new: Sequence[EnterpriseRow], places: Places, *, actor: Actor, at: datetime) -> None:
    """Enterprises, names, places, high-tech periods, search rows and ledger entries; inside a transaction."""
    today = timezone.localdate(at)
    first_number = next_number()
    ids = new_ids("enterprises_enterprise", len(new))
    insert_rows("enterprises_enterprise", _ENTERPRISE, _enterprise_rows(new, places, ids, at))
    since = [min(row.established_on or today, today) for row in new]
    insert_rows(
        "enterprises_enterprisename",
        ("enterprise_id", "name", "valid_from"),
        ((pk, row.name, day) for pk, row, day in zip(ids, new, since, strict=True)),
    )
    insert_rows(
        "enterprises_enterpriselocation",
        ("enterprise_id", "township_id", "reporting_unit_id", "valid_from"),
        ((pk, *places[row.township], day) for pk, row, day in zip(ids, new, since, strict=True)),
    )
    _write_qualifications(new, ids, first_number, at)
    index_new((pk, search_text(uscc=row.uscc, names=[row.name])) for pk, row in zip(ids, new, strict=True))
    drafts = map(drafted, _facts(new, places, today))
    record_stream(drafts, chains=[row.uscc for row in new], actor=actor, at=at)


_ENTERPRISE = (
    "id",
    "uscc",
    "uscc_override_reason",
    "name",
    "township_id",
    "reporting_unit_id",
    "industry",
    "established_on",
    "has_rd_institution",
    "innovation_tier",
    "contact_name",
    "contact_phone",
    "is_demo",
    "registered_at",
    "version",
)


def _enterprise_rows(
    new: Sequence[EnterpriseRow], places: Places, ids: Sequence[int], at: datetime
) -> Iterator[tuple[object, ...]]:
    registered_at = stored_time(at)
    for pk, row in zip(ids, new, strict=True):
        place = places[row.township]
        yield (
            pk,
            row.uscc,
            "",
            row.name,
            place.division,
            place.unit,
            row.industry,
            row.established_on,
            bool(row.rd),
            row.tier or "none",
            "",
            "",
            False,
            registered_at,
            1,
        )


def _facts(new: Sequence[EnterpriseRow], places: Places, today: date) -> Iterator[Fact]:
    """Two kinds of entries, in the order that `_write_qualifications` counts on."""
    for row in new:
        place, since = places[row.township], min(row.established_on or today, today)
        yield registered_fact(row.uscc, township=place.division, unit=place.unit, tier=row.tier or "none", since=since)
        period = qualification_of(row, today=today)
        if period:
            payload = {
                "certificate": period.certificate,
                "from": str(period.first),
                "to": str(period.last) if period.last else None,
            }
            yield Fact(Verb.HIGH_TECH_GRANTED, f"enterprise:{row.uscc}", payload, enterprise=row.uscc)


def _write_qualifications(new: Sequence[EnterpriseRow], ids: Sequence[int], first_number: int, at: datetime) -> None:
    """The periods, and a change row each that carries the number of its ledger entry."""
    today, stored_at, whence = timezone.localdate(at), stored_time(at), (Channel.IMPORT.value, origin().address)
    periods: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    number = first_number
    for pk, row in zip(ids, new, strict=True):
        period = qualification_of(row, today=today)
        if period:
            number += 1
            periods.append((pk, *period))
            said = f"{period.certificate} {period.first}–{period.last or ''}".strip()
            changes.append((pk, stored_at, "high_tech", "", said, "", number, *whence))
        number += 1
    insert_rows("enterprises_hightechperiod", ("enterprise_id", "certificate", "valid_from", "valid_to"), periods)
    columns = ("enterprise_id", "at", "field", "before", "after", "reason", "ledger_number", "channel", "address")
    insert_rows("enterprises_enterprisechange", columns, changes)
