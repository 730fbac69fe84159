"""Writing many achievements and endings: the same facts as services/achievements.py, in bulk."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db import connection

from ledger.bulk import StoredDays, insert_rows, stored_time
from ledger.canonical import commitment, normalised, quoted
from ledger.record import Actor, next_number
from ledger.stream import Draft, drafted, record_stream
from ledger.verbs import Verb

from ..services.achievements import ended_fact, subject_of
from .rows import AchievementRow, Ending, NewAchievement, Standing

GROUND = "批量导入"
ROUND = 1


class Said(NamedTuple):
    """The number of the entry that records an achievement, and the ground of its ending with its commitment."""

    number: int
    ground: str
    salt: str
    said: str


def write_achievements(new: Sequence[NewAchievement], ended: Sequence[Ending], *, actor: Actor, at: datetime) -> None:
    """Achievements, endings and their ledger entries; inside a transaction.

    First comes the entry of each new achievement, directly followed by that of its ending if it has one;
    then the endings of achievements that were on record before.
    """
    number, said = next_number(), []
    for row, _ in new:
        said.append(_said(row, number))
        number += 2 if row.ended_reason else 1
    endings = [_said(item.row, item.ledger_number) for item in ended]
    insert_rows("certification_achievement", _COLUMNS, _values(new, said, at))
    _write_endings(ended, endings, at)
    chains = {item.row.uscc for item in new} | {item.row.uscc for item in ended}
    drafts = chain(_drafts(new, said), map(_ending, [item.row for item in ended], endings))
    record_stream(drafts, chains=chains, actor=actor, at=at)


def _said(row: AchievementRow, number: int) -> Said:
    if not row.ended_reason:
        return Said(number, "", "", "")
    ground = row.note or GROUND
    return Said(number, ground, *commitment(ground))


_COLUMNS = (
    "enterprise_id",
    "stage",
    "round",
    "effective_on",
    "ended_on",
    "ended_reason",
    "ended_ground",
    "ended_salt",
    "ended_recorded_at",
    "reporting_unit_id",
    "township_id",
    "was_high_tech",
    "certificate_number",
    "route",
    "note",
    "application_id",
    "recorded_at",
    "ledger_number",
)


def _values(new: Sequence[NewAchievement], said: Sequence[Said], at: datetime) -> Iterator[tuple[object, ...]]:
    recorded_at, stored = stored_time(at), StoredDays()
    for (row, standing), (number, ground, salt, _) in zip(new, said, strict=True):
        _, _, stage, effective_on, ended_on, reason, certificate, route, note = row
        pk, unit, township, high_tech = standing
        yield (
            pk,
            stage,
            ROUND,
            stored[effective_on],
            stored[ended_on] if ended_on else None,
            reason,
            ground,
            salt,
            recorded_at if reason else None,
            unit,
            township,
            high_tech,
            certificate,
            route,
            note,
            None,
            recorded_at,
            number,
        )


def _write_endings(ended: Sequence[Ending], endings: Sequence[Said], at: datetime) -> None:
    recorded_at = stored_time(at)
    rows = [
        (row.ended_on, row.ended_reason, ground, salt, recorded_at, pk)
        for (row, pk, _), (_, ground, salt, _) in zip(ended, endings, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE certification_achievement SET ended_on = %s, ended_reason = %s, ended_ground = %s, "
            "ended_salt = %s, ended_recorded_at = %s WHERE id = %s",
            rows,
        )


def _drafts(new: Sequence[NewAchievement], said: Sequence[Said]) -> Iterator[Draft]:
    verb = Verb.ACHIEVEMENT_RECORDED.value
    for (row, standing), about in zip(new, said, strict=True):
        yield Draft(verb, subject_of(row, uscc=row.uscc), recorded_text(row, standing), row.uscc)
        if row.ended_reason:
            yield _ending(row, about)


def recorded_text(row: AchievementRow, standing: Standing) -> str:
    """What `text_of(recorded_payload(...))` gives, put together here: an import writes it once for each row."""
    return (
        f'{{"certificate":{_text(row.certificate)},"effective_on":"{row.effective_on}",'
        f'"high_tech":{"true" if standing.high_tech else "false"},"round":{ROUND},"route":{_text(row.route)},'
        f'"stage":{quoted(row.stage)},"township":{quoted(standing.township)},"unit":{quoted(standing.unit)}}}'
    )


def _text(text: str) -> str:
    return quoted(text if text.isascii() else normalised(text))


def _ending(row: AchievementRow, about: Said) -> Draft:
    fact = ended_fact(
        subject_of(row, uscc=row.uscc),
        uscc=row.uscc,
        reason=row.ended_reason,
        ended_on=row.ended_on,
        said=about.said,
        number=about.number,
    )
    return drafted(fact)
