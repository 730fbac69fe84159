"""What is wrong with a credit check as somebody states it, all at once. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from enterprises.language import _

from ..errors import Refusal
from ..workdays import months_after
from .stating import Names, missing, not_among, too_long

CLEAR, ADVERSE = "clear", "adverse"
LONGEST = {"ground": 300}
NEEDED = ("source", "result", "checked_on")
NAMES: Names = {
    "source": lambda: _("核查渠道"),
    "result": lambda: _("核查结果"),
    "ground": lambda: _("不良记录"),
    "checked_on": lambda: _("核查日期"),
    "valid_until": lambda: _("结果有效期至"),
}


@dataclass(frozen=True, slots=True)
class StatedCheck:
    """A look-up as it was made. Without `valid_until` the months of its source count from the day."""

    source: str = ""
    result: str = ""
    ground: str = ""
    checked_on: date | None = None
    valid_until: date | None = None

    @property
    def day(self) -> date | None:
        """The day that it is a fact of."""
        return self.checked_on


@dataclass(frozen=True, slots=True)
class KnownSources:
    """What the registry knows: today, the earliest day, and of each source in use the months of a result."""

    today: date
    earliest: date
    months: dict[str, int] = field(default_factory=dict)


def wrong_with_check(said: StatedCheck, known: KnownSources) -> list[Refusal]:
    """Everything that is missing or cannot be."""
    return [
        *missing(said, NEEDED, NAMES),
        *too_long(said, LONGEST, NAMES),
        *not_among("source", said.source, list(known.months), NAMES),
        *not_among("result", said.result, (CLEAR, ADVERSE), NAMES),
        *_ground(said),
        *_days(said, known),
    ]


def good_until(said: StatedCheck, known: KnownSources) -> date:
    """The last day of the result of a sound check: as stated, or by the months of its source."""
    return said.valid_until or months_after(said.checked_on or known.today, known.months[said.source])


def _ground(said: StatedCheck) -> Iterator[Refusal]:
    if said.result == ADVERSE and not said.ground:
        remedy = _("写明作出机关、文号和事由")
        yield Refusal("ground_missing", _("有不良记录的，请写明是什么记录"), field="ground", remedy=remedy)
    if said.result == CLEAR and said.ground:
        message = _("未见不良记录的，不应填写不良记录")
        yield Refusal("ground_needless", message, field="ground", remedy=_("请留空，或把结果改为有不良记录"))


def _days(said: StatedCheck, known: KnownSources) -> Iterator[Refusal]:
    if said.checked_on is None:
        return
    if not known.earliest <= said.checked_on <= known.today:
        told = {"day": said.checked_on, "earliest": known.earliest}
        message = _("核查日期 %(day)s 不在 %(earliest)s 至今天之间") % told
        yield Refusal("check_day", message, field="checked_on", remedy=_("填写查询的那一天"))
    if said.valid_until and said.valid_until < said.checked_on:
        told = {"until": said.valid_until, "day": said.checked_on}
        message = _("结果有效期至 %(until)s 早于核查日期 %(day)s") % told
        yield Refusal("period_turned", message, field="valid_until", remedy=_("请核对日期；留空则按核查渠道的默认期限"))
