"""Writing many achievements and endings: the same facts as services/achievements.py, in bulk."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db import connection

from ledger.bulk import insert_rows, stored_time
from ledger.canonical import commitment
from ledger.record import Actor, Fact, next_number, record_stream

from ..services.achievements import ended_fact, recorded_fact, subject_of
from .rows import AchievementRow, AchievementValues, Ending, NewAchievement

GROUND = "批量导入"


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
    for item in new:
        said.append(_said(item.row, number))
        number += 2 if item.row.ended_reason else 1
    endings = [_said(item.row, item.ledger_number) for item in ended]
    insert_rows("certification_achievement", AchievementValues._fields, _values(new, said, at))
    _write_endings(ended, endings, at)
    chains = {item.row.uscc for item in new} | {item.row.uscc for item in ended}
    facts = chain(_facts(new, said, at), map(_ending, [item.row for item in ended], endings))
    record_stream(facts, chains=chains, actor=actor, at=at)


def _said(row: AchievementRow, number: int) -> Said:
    if not row.ended_reason:
        return Said(number, "", "", "")
    ground = row.note or GROUND
    return Said(number, ground, *commitment(ground))


def _values(new: Sequence[NewAchievement], said: Sequence[Said], at: datetime) -> Iterator[AchievementValues]:
    recorded_at = stored_time(at)
    for (row, standing), (number, ground, salt, _) in zip(new, said, strict=True):
        yield AchievementValues(
            standing.enterprise_id,
            row.stage,
            1,
            row.effective_on,
            row.ended_on,
            row.ended_reason,
            ground,
            salt,
            recorded_at if row.ended_reason else None,
            standing.unit,
            standing.township,
            standing.high_tech,
            row.certificate,
            row.route,
            row.note,
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


def _facts(new: Sequence[NewAchievement], said: Sequence[Said], at: datetime) -> Iterator[Fact]:
    for (row, _), values, about in zip(new, _values(new, said, at), said, strict=True):
        yield recorded_fact(values, uscc=row.uscc)
        if row.ended_reason:
            yield _ending(row, about)


def _ending(row: AchievementRow, about: Said) -> Fact:
    return ended_fact(
        subject_of(row, uscc=row.uscc),
        uscc=row.uscc,
        reason=row.ended_reason,
        ended_on=row.ended_on,
        said=about.said,
        number=about.number,
    )
