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


class Ground(NamedTuple):
    """The ground of an ending, and its commitment."""

    text: str
    salt: str
    said: str


NO_GROUND = Ground("", "", "")
Grounds = dict[int, Ground]  # by the place of the row


def write_achievements(new: Sequence[NewAchievement], ended: Sequence[Ending], *, actor: Actor, at: datetime) -> None:
    """Achievements, endings and their ledger entries; inside a transaction.

    First comes the entry of each new achievement, directly followed by that of its ending if it has one;
    then the endings of achievements that were on record before.
    """
    first = next_number()
    grounds = {place: _ground(row) for place, (row, *_) in enumerate(new) if row.ended_reason}
    later = [_ground(item.row) for item in ended]
    insert_rows("certification_achievement", _COLUMNS, _values(new, grounds, first, at))
    _write_endings(ended, later, at)
    drafts = chain(_drafts(new, grounds, first), _endings(ended, later))
    chains = {item.row.uscc for item in new} | {item.row.uscc for item in ended}
    record_stream(drafts, chains=chains, actor=actor, at=at)


def _ground(row: AchievementRow) -> Ground:
    text = row.note or GROUND
    return Ground(text, *commitment(text))


_COLUMNS = (
    "enterprise_id",
    "stage",
    "round",
    "is_first",
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


def _values(new: Sequence[NewAchievement], grounds: Grounds, first: int, at: datetime) -> Iterator[tuple[object, ...]]:
    recorded_at, stored, number = stored_time(at), StoredDays(), first
    for place, (row, standing, is_first) in enumerate(new):
        _, _, stage, effective_on, ended_on, reason, certificate, route, note = row
        pk, unit, township, high_tech = standing
        ground = grounds[place] if reason else NO_GROUND
        yield (
            pk,
            stage,
            ROUND,
            is_first or None,
            stored[effective_on],
            stored[ended_on] if ended_on else None,
            reason,
            ground.text,
            ground.salt,
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
        number += 2 if reason else 1


def _write_endings(ended: Sequence[Ending], grounds: Sequence[Ground], at: datetime) -> None:
    recorded_at = stored_time(at)
    rows = [
        (item.row.ended_on, item.row.ended_reason, ground.text, ground.salt, recorded_at, item.achievement_id)
        for item, ground in zip(ended, grounds, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE certification_achievement SET ended_on = %s, ended_reason = %s, ended_ground = %s, "
            "ended_salt = %s, ended_recorded_at = %s WHERE id = %s",
            rows,
        )


def _drafts(new: Sequence[NewAchievement], grounds: Grounds, first: int) -> Iterator[Draft]:
    verb, number = Verb.ACHIEVEMENT_RECORDED.value, first
    for place, (row, standing, _) in enumerate(new):
        yield Draft(verb, subject_of(row, uscc=row.uscc), recorded_text(row, standing), row.uscc)
        if row.ended_reason:
            yield _ending(row, grounds[place], number)
        number += 2 if row.ended_reason else 1


def _endings(ended: Sequence[Ending], grounds: Sequence[Ground]) -> Iterator[Draft]:
    for item, ground in zip(ended, grounds, strict=True):
        yield _ending(item.row, ground, item.ledger_number)


def recorded_text(row: AchievementRow, standing: Standing) -> str:
    """What `text_of(recorded_payload(...))` gives, put together here: an import writes it once for each row."""
    return (
        f'{{"certificate":{_text(row.certificate)},"effective_on":"{row.effective_on}",'
        f'"high_tech":{"true" if standing.high_tech else "false"},"round":{ROUND},"route":{_text(row.route)},'
        f'"stage":{quoted(row.stage)},"township":{quoted(standing.township)},"unit":{quoted(standing.unit)}}}'
    )


def _text(text: str) -> str:
    return quoted(text if text.isascii() else normalised(text))


def _ending(row: AchievementRow, ground: Ground, recorded: int) -> Draft:
    """`recorded`: the number of the entry that recorded the achievement."""
    fact = ended_fact(
        subject_of(row, uscc=row.uscc),
        uscc=row.uscc,
        reason=row.ended_reason,
        ended_on=row.ended_on,
        said=ground.said,
        number=recorded,
    )
    return drafted(fact)
