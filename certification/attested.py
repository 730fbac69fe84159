"""What a verification (查验) says of a paper: who holds it, what it is, how it stands today. Nothing personal.

Asked by anybody who has the code; one question, since it is asked often.
"""

from dataclasses import dataclass
from datetime import date

from ledger.prepared import Given, Prepared, Row

from .document_life import Standing, standing
from .models import Document
from .paperwork import is_code, plain_code


@dataclass(frozen=True, slots=True)
class Attested:
    """A paper as everybody may see it."""

    number: str
    kind: str
    title: str
    holder: str
    issuing_body: str
    issued_on: date
    valid_until: date | None
    standing: Standing
    since: date | None
    replaced_by: str
    ledger_number: int
    sha256: str


_COLUMNS = ("content", "number", "kind", "holder", "issued_on", "valid_until")
_MORE = ("replaced_by__number", "ledger_number", "sha256", "achievement__ended_reason", "achievement__ended_on")
_EVENT = ("events__kind", "events__on")


def _question(column: str) -> Prepared:
    return Prepared(
        lambda: (
            Document.objects.filter(**{column: Given("value")})
            .order_by("events__ledger_number")
            .values_list(*_COLUMNS, *_MORE, *_EVENT)
        )
    )


_BY_CODE, _BY_NUMBER = (_question(column) for column in ("code", "number"))


def by_code(typed: str, *, on: date) -> Attested | None:
    """The paper of a code, as it stands on a day; None: it was never issued."""
    code = plain_code(typed)
    return _attested(_BY_CODE.rows(value=code), on) if is_code(code) else None


def by_number(number: str, *, on: date) -> Attested | None:
    return _attested(_BY_NUMBER.rows(value=number), on)


def _attested(rows: list[Row], on: date) -> Attested | None:
    if not rows:
        return None
    content, number, kind, holder, issued_on, valid_until, newer, entry, sha256, reason, ended_on, *_event = rows[0]
    events = [(row[-2], row[-1]) for row in rows if row[-2]]
    ended = (reason, ended_on) if reason else None
    stands, since = standing(events, on=on, valid_until=valid_until, ended=ended)
    return Attested(
        number=number,
        kind=kind,
        title=content["title"],
        holder=holder,
        issuing_body=content["issuing_body"],
        issued_on=issued_on,
        valid_until=valid_until,
        standing=stands,
        since=since,
        replaced_by=newer or "",
        ledger_number=entry,
        sha256=sha256,
    )
