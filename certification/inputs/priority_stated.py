"""What is wrong with a priority as somebody states it, all at once; how it stands on a day. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from enterprises.language import _

from ..errors import Refusal
from .stating import Names, missing, not_among, too_long

LONGEST = {"value": 60, "document": 80}
NEEDED = ("kind", "valid_from", "document")
NAMES: Names = {
    "kind": lambda: _("种类"),
    "value": lambda: _("内容"),
    "valid_from": lambda: _("起始日"),
    "valid_until": lambda: _("有效期至"),
    "document": lambda: _("认定文件"),
}


@dataclass(frozen=True, slots=True)
class StatedPriority:
    """A priority as its document gives it; without `valid_until` no end is set."""

    kind: str = ""
    value: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    document: str = ""

    @property
    def day(self) -> date | None:
        """The day that it is a fact of."""
        return self.valid_from


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind asks of its value; `choices`: what it may be (none: any text)."""

    needs_value: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownKinds:
    """What the registry knows: today, the earliest day, and of each kind in use what it asks."""

    today: date
    earliest: date
    kinds: dict[str, KindRule] = field(default_factory=dict)


def wrong_with_priority(said: StatedPriority, known: KnownKinds) -> list[Refusal]:
    """Everything that is missing or cannot be."""
    return [
        *missing(said, NEEDED, NAMES),
        *too_long(said, LONGEST, NAMES),
        *not_among("kind", said.kind, list(known.kinds), NAMES),
        *_value(said, known),
        *_days(said, known),
    ]


def _value(said: StatedPriority, known: KnownKinds) -> Iterator[Refusal]:
    rule = known.kinds.get(said.kind)
    if rule is None:
        return
    if rule.needs_value:
        yield from missing(said, ("value",), NAMES)
        if rule.choices:
            yield from not_among("value", said.value, rule.choices, NAMES)
    elif said.value:
        message = _("这一种类不填内容，现为“%(value)s”") % {"value": said.value[:40]}
        yield Refusal("value_needless", message, field="value", remedy=_("请留空"))


def _days(said: StatedPriority, known: KnownKinds) -> Iterator[Refusal]:
    if said.valid_from is None:
        return
    if not known.earliest <= said.valid_from <= known.today:
        told = {"day": said.valid_from, "earliest": known.earliest}
        message = _("起始日 %(day)s 不在 %(earliest)s 至今天之间") % told
        yield Refusal("priority_day", message, field="valid_from", remedy=_("照文件填写"))
    if said.valid_until and said.valid_until < said.valid_from:
        told = {"until": said.valid_until, "day": said.valid_from}
        message = _("有效期至 %(until)s 早于起始日 %(day)s") % told
        yield Refusal("period_turned", message, field="valid_until", remedy=_("请核对日期；没有期限的留空"))


def wrong_with_end(last_day: date | None, *, since: date, until: date | None, today: date) -> list[Refusal]:
    """What cannot be of an early end: it lies in the period and is not foretold."""
    if last_day is None:
        message = _("请填写“%(label)s”") % {"label": _("最后一天")}
        return [Refusal("field_missing", message, field="last_day", remedy=_("照文件填写"))]
    latest = min(today, until) if until else today
    if since <= last_day <= latest:
        return []
    message = _("最后一天 %(day)s 不在 %(since)s 至 %(until)s 之间")
    told = {"day": last_day, "since": since, "until": latest}
    return [Refusal("end_day", message % told, field="last_day", remedy=_("应在有效期内，不晚于今天"))]


def overlaps(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two periods (first day, last day or None) have a day in common."""
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)
