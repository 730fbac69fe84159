"""The queries of a recount: counting achievements in sets, without a span for each.

A plain achievement (models.achievement.PLAIN) is the only one of its enterprise and stage that counts alone for
it: it counts from its day on, until it is revoked, and is valid until it ends. So the plain ones are counted in
index order by month. A special one that is first all the same (it ended on its own day) is left to the projection,
alone; so are, as a whole, the enterprises that have further achievements of the stage.

Every query gives rows of (indicator, kind, unit, month from, month until, number, new spans, sum of marks): so many
enterprises more are in the figure from a month on and less from another (either may be null). Kinds are those of
counts.KINDS. The number of new spans is 0 for what only corrects spans that another row has counted.

`facts` is the table of achievements, or BESIDES: the first ones of enterprises that have further ones, which were
counted with all others and are taken off again.
"""

from collections.abc import Iterable, Iterator

from ..models.marks import opening_weight, span_mark, start_mark, start_weight, stop_mark, stop_weight
from ..models.plan import Reading
from .measures import Measure
from .projection import FACT_TABLE, SPAN_TABLE, achievement_spans, aspects_of, high_tech_days, meeting_spans

# The conditions of the partial indexes, in words that both databases recognise.
PLAIN = "is_first AND NOT (ended_reason = 'annulled') AND (ended_on IS NULL OR ended_on > effective_on)"
SPECIAL = (
    "NOT (ended_reason = 'annulled') AND (is_first IS NULL OR ended_reason = 'revoked' OR ended_on = effective_on)"
)
FURTHER = f"is_first IS NULL AND {SPECIAL}"
# PLAIN and SPECIAL at once.
REVOKED = f"is_first AND {SPECIAL} AND ended_reason = 'revoked' AND ended_ymd > effective_ymd"

STAGES = f"SELECT DISTINCT stage FROM {FACT_TABLE} WHERE {FURTHER}"
_NO_FIRST = "is_first IS NOT NULL AND is_first <> 1"  # SQLite would hold any value
NO_FIRST = f"SELECT 1 FROM {FACT_TABLE} WHERE {_NO_FIRST} LIMIT 1"
FORGET_WRONG_FIRSTS = f"UPDATE {FACT_TABLE} SET is_first = NULL WHERE {_NO_FIRST}"
NOTE_FIRSTS = f"""
UPDATE {FACT_TABLE} SET is_first = TRUE WHERE id IN (
    SELECT MIN(id) FROM {FACT_TABLE} AS fact WHERE {FURTHER} AND NOT EXISTS (
        SELECT 1 FROM {FACT_TABLE} AS other
        WHERE other.enterprise_id = fact.enterprise_id AND other.stage = fact.stage AND other.is_first
    ) GROUP BY enterprise_id, stage
)
"""
_AMONG = f"SELECT DISTINCT enterprise_id FROM {FACT_TABLE} WHERE stage = '{{stage}}' AND {FURTHER}"
BESIDES = f"""(
    SELECT fact.* FROM ({_AMONG}) AS further CROSS JOIN {FACT_TABLE} AS fact
    WHERE fact.enterprise_id = further.enterprise_id AND fact.stage = '{{stage}}' AND fact.is_first
) AS besides"""
_ALONE = f"(SELECT * FROM {{facts}} WHERE is_first AND {SPECIAL}{{only}}) AS alone"
# Held against the periods themselves by the marks of the base.
_STORED_BASE = f"""
SELECT enterprise_id, unit, start, stop FROM {SPAN_TABLE} WHERE indicator = '{{indicator}}' AND aspect = 'base'
"""
# What the totals of the days add up to, weighed by their days (days.py). Bits: SQLite holds numbers that are no days,
# and could not add up some of them.
MOMENT = "CAST(SUM(start & 134217727) - COALESCE(SUM(stop & 134217727), 0) AS bigint)"
_DAY, _END = "effective_ymd / 100", "ended_ymd / 100"
_NEVER = "CAST(NULL AS integer)"
_NEW_YEAR = "(effective_ymd / 10000 + 1) * 10000 + 101"


def firsts(measures: Iterable[Measure], facts: str) -> Iterator[str]:
    """The first achievements of their enterprise and stage, as if they were the only ones."""
    of_reading = {Reading.ENTERPRISES: _held, Reading.YEARLY: _yearly, Reading.COVERAGE: _covered}
    for measure in measures:
        yield from of_reading[Reading(measure.reading)](measure, facts)


def shared(measure: Measure) -> Iterator[str]:
    """The spans of the enterprises that have further achievements of the stage."""
    among = _AMONG.format(stage=measure.stage)
    for aspect in aspects_of(measure):
        spans = achievement_spans(measure, aspect, among, FACT_TABLE)
        yield _meeting(measure, spans) if measure.reading == Reading.COVERAGE else _marked(spans)


def base() -> str:
    """(unit, first day, last day, number, weights of the starts, weights of the stops) of high-tech enterprises."""
    weights = ", ".join(_sum(weight("0", "enterprise_id")) for weight in (start_weight, stop_weight))
    return f"SELECT unit, first, last, COUNT(*), {weights} FROM ({high_tech_days()}) AS days GROUP BY unit, first, last"


def stored(indicator: str, aspect: str) -> str:
    """(indicator, aspect, unit, number, marks, moment) of the stored spans."""
    return (
        f"SELECT '{indicator}', '{aspect}', unit, COUNT(*), {_sum('mark')}, {MOMENT} FROM {SPAN_TABLE} "
        f"WHERE indicator = '{indicator}' AND aspect = '{aspect}' GROUP BY unit"
    )


def _held(measure: Measure, facts: str) -> Iterator[str]:
    """Counted and valid from their day; no longer valid from their end, no longer counted once revoked."""
    start = start_mark("id", "enterprise_id", "effective_ymd")
    stop = stop_mark("id", "enterprise_id", "ended_ymd")
    yield _plain(measure, facts, ("held", _DAY, _NEVER), start, spans="COUNT(*)")
    yield _plain(measure, facts, ("valid", _NEVER, _END), stop, only=" AND ended_on IS NOT NULL")
    yield _revoked(measure, facts, _NEVER, stop)
    yield from _apart(measure, facts)


def _yearly(measure: Measure, facts: str) -> Iterator[str]:
    """Counted until the year ends, or until they were revoked within it."""
    start = start_mark("id", "enterprise_id", "effective_ymd")
    until = stop_mark("id", "enterprise_id", f"({_NEW_YEAR})")
    stop = f"{stop_mark('id', 'enterprise_id', 'ended_ymd')} - {until}"
    year_end = f"({_DAY} / 100 + 1) * 100 + 1"
    yield _plain(measure, facts, ("counted", _DAY, year_end), f"{start} + {until}", spans="COUNT(*)")
    yield _revoked(measure, facts, f"({_NEW_YEAR}) / 100", stop, f" AND ended_ymd < {_NEW_YEAR}")
    yield from _apart(measure, facts)


def _apart(measure: Measure, facts: str) -> Iterator[str]:
    """Those within the opening balance; and what ended on its own day, which counts but was never valid."""
    if measure.opening:
        year_end = f"({_DAY} / 100 + 1) * 100 + 1" if measure.reading == Reading.YEARLY else _NEVER
        only = f" AND effective_ymd <= {measure.opening}"
        mark = opening_weight("id", "enterprise_id")
        yield _plain(measure, facts, ("opening", _DAY, year_end), mark, only=only)
    only = " AND ended_reason IN ('expired', 'withdrawn')"
    alone = _ALONE.format(facts=facts, only=only).format(stage=measure.stage)
    yield _marked(achievement_spans(measure, "counted", "", alone, alone=True))


def _revoked(measure: Measure, facts: str, instead: str, mark: str, only: str = "") -> str:
    """Out of the figure from their revocation on, not only from the month `instead` on."""
    kind = f"CASE WHEN effective_ymd <= {measure.opening} THEN 'in_opening' ELSE 'counted' END"
    return (
        f"SELECT '{measure.indicator}', {kind}, reporting_unit_id, {instead}, {_END}, COUNT(*), 0, {_sum(mark)} "
        f"FROM {facts.format(stage=measure.stage)} WHERE stage = '{measure.stage}' AND {REVOKED}"
        f"{_of(measure)}{only} GROUP BY reporting_unit_id, {_END}, 2, 4"
    )


def _covered(measure: Measure, facts: str) -> Iterator[str]:
    """Where plain achievements, taken as never revoked, meet the base; then the revoked ones put right."""
    facts = facts.format(stage=measure.stage)
    unending = (
        "SELECT enterprise_id, effective_ymd AS start, CAST(NULL AS integer) AS stop, id AS achievement_id "
        f"FROM {facts} WHERE stage = '{measure.stage}' AND {{condition}}"
    )
    alone = achievement_spans(measure, "counted", "", _ALONE.format(facts=facts, only=""), alone=True)
    yield _meeting(measure, unending.format(condition=PLAIN))
    yield _meeting(measure, alone)
    yield _meeting(measure, unending.format(condition=REVOKED), sign="-")


def _plain(
    measure: Measure, facts: str, words: tuple[str, str, str], mark: str, *, only: str = "", spans: str = "0"
) -> str:
    kind, start, stop = words
    months = _END if start == _NEVER else _DAY
    return (
        f"SELECT '{measure.indicator}', '{kind}', reporting_unit_id, {start}, {stop}, COUNT(*), {spans}, {_sum(mark)} "
        f"FROM {facts.format(stage=measure.stage)} WHERE stage = '{measure.stage}' AND {PLAIN}"
        f"{_of(measure)}{only} GROUP BY reporting_unit_id, {months}"
    )


def _of(measure: Measure) -> str:
    return " AND was_high_tech" if measure.high_tech_only else ""


def _meeting(measure: Measure, counted: str, sign: str = "") -> str:
    return _marked(meeting_spans(measure, _STORED_BASE.format(indicator=measure.indicator), counted), sign)


def _marked(spans: str, sign: str = "") -> str:
    kind = "CASE WHEN in_opening THEN 'in_opening' ELSE aspect END"
    mark = span_mark("achievement_id", "enterprise_id", "start", "stop", "in_opening")
    return (
        f"SELECT indicator, {kind}, unit, start / 100, stop / 100, {sign}COUNT(*), {sign}COUNT(*), {sign}{_sum(mark)} "
        f"FROM ({spans}) AS spans GROUP BY indicator, 2, unit, start / 100, stop / 100"
    )


def _sum(mark: str) -> str:
    return f"CAST(SUM({mark}) AS bigint)"
