"""What is wrong with a title, a re-examination or a step of guidance as somebody states it, all at once. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from enterprises.language import _, named

from .errors import Refusal
from .programmes import STAGES, TITLES

LONGEST = {"document": 80, "issued_by": 80, "words": 300, "by": 200, "done": 2000, "achieved": 2000, "ground": 300}


@dataclass(frozen=True, slots=True)
class StatedTitle:
    """A title as its document gives it; None or empty: not said. Without `reexamine_on` the kind's interval counts."""

    stage: str = ""
    effective_on: date | None = None
    document: str = ""
    issued_by: str = ""
    level: str = ""
    valid_until: date | None = None
    reexamine_on: date | None = None


@dataclass(frozen=True, slots=True)
class StatedReexamination:
    """A re-examination as it was held. Without `reexamine_on` the kind's interval counts from the day it was due."""

    examined_on: date | None = None
    passed: bool | None = None
    words: str = ""
    document: str = ""
    valid_until: date | None = None
    reexamine_on: date | None = None


@dataclass(frozen=True, slots=True)
class StatedGuidance:
    """A step of guidance as it was taken. `organisation`: code of an adviser that was recommended."""

    on: date | None = None
    by: str = ""
    done: str = ""
    achieved: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the registry knows: today, the earliest day of a fact, when the enterprise was founded, its other titles.

    `held_since`: the day from which it holds this very title, or was guided in the year; None: it does not.
    `is_on_record`: the fact that the document belongs to is there already.
    """

    today: date
    earliest: date
    levels: tuple[str, ...]
    established_on: date | None = None
    held_since: date | None = None
    is_on_record: bool = False


def stated(values: Mapping[str, Any], shape: type[Any]) -> Any:
    """What values of a form say; a blank is not said."""
    texts = {name: str(values.get(name) or "").strip() for name, kind in _fields(shape) if kind is str}
    others = {name: _none(values.get(name)) for name, kind in _fields(shape) if kind is not str}
    return shape(**texts, **others)


def _fields(shape: type[Any]) -> list[tuple[str, Any]]:
    return list(shape.__annotations__.items())


def _none(value: Any) -> Any:
    return None if value == "" else value


NAMES = {
    "stage": lambda: _("称号"),
    "effective_on": lambda: _("认定日期"),
    "document": lambda: _("文号"),
    "issued_by": lambda: _("发文机关"),
    "level": lambda: _("级别"),
    "examined_on": lambda: _("复核日期"),
    "passed": lambda: _("复核结果"),
    "words": lambda: _("复核意见"),
    "on": lambda: _("指导日期"),
    "by": lambda: _("指导人员"),
    "done": lambda: _("指导内容"),
    "achieved": lambda: _("取得成效"),
    "ground": lambda: _("依据和理由"),
}
NEEDED = {
    StatedTitle: ("stage", "effective_on", "document", "issued_by", "level"),
    StatedReexamination: ("examined_on", "passed", "words"),
    StatedGuidance: ("on", "by", "done"),
}


def missing(said: Any) -> list[Refusal]:
    """What is not said at all, or too long."""
    found = [
        Refusal("field_missing", _("请填写“%(label)s”") % {"label": NAMES[name]()}, field=name, remedy=_("照文件填写"))
        for name in NEEDED[type(said)]
        if getattr(said, name) in ("", None)
    ]
    for name, limit in LONGEST.items():
        found += too_long(name, getattr(said, name, "") or "", limit)
    return found


def too_long(name: str, text: str, limit: int) -> Iterator[Refusal]:
    if len(text) > limit:
        told = {"label": NAMES[name](), "limit": limit, "count": len(text)}
        message = _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字") % told
        yield Refusal("too_long", message, field=name, remedy=_("请精简后再填"))


def unsound(said: StatedTitle, known: Known) -> list[Refusal]:
    """What cannot be, of what is said of a title."""
    return [refusal for check in (_kind, _day, _held, _period) for refusal in check(said, known)]


def _kind(said: StatedTitle, known: Known) -> Iterator[Refusal]:
    if said.stage and said.stage not in TITLES:
        message, names = _("“%(stage)s”不是可登记的称号") % {"stage": said.stage}, _("、").join(TITLES)
        yield Refusal("stage_unknown", message, field="stage", remedy=_("可用的值：%(values)s") % {"values": names})
    elif said.stage and STAGES[said.stage].applied_for and not known.is_on_record:
        message = _("“%(name)s”由申报和评审认定，不能凭文件登记") % {"name": named(STAGES[said.stage])}
        remedy = _("企业应在批次中申报；以前认定的，请先导入认定事实，再补登文件")
        yield Refusal("title_applied_for", message, field="stage", remedy=remedy)
    if said.level and said.level not in known.levels:
        message, names = _("没有“%(level)s”这一级别") % {"level": said.level}, _("、").join(known.levels)
        yield Refusal("level_unknown", message, field="level", remedy=_("可用的值：%(values)s") % {"values": names})


def _day(said: StatedTitle, known: Known) -> Iterator[Refusal]:
    if said.effective_on is None:
        return
    if not known.earliest <= said.effective_on <= known.today:
        message = _("认定日期 %(day)s 不在 %(earliest)s 至今天之间")
        told = {"day": said.effective_on, "earliest": known.earliest}
        yield Refusal("title_day", message % told, field="effective_on", remedy=_("照文件填写认定之日"))
    if known.established_on and said.effective_on < known.established_on:
        message = _("认定日期 %(day)s 早于企业成立日期 %(since)s")
        told = {"day": said.effective_on, "since": known.established_on}
        remedy = _("请核对企业和日期；成立日期有误的，先在企业档案中更正")
        yield Refusal("before_established", message % told, field="effective_on", remedy=remedy)


def _held(said: StatedTitle, known: Known) -> Iterator[Refusal]:
    if known.held_since is None or said.stage not in STAGES:
        return
    if STAGES[said.stage].is_yearly:
        message = _("该企业已于 %(day)s 列入同一年度的培育指导")
        remedy = _("不必重复登记；登记有误的，请在原称号页面更正")
    else:
        message = _("该企业自 %(day)s 起已持有这一称号")
        remedy = _("续期请登记复核；登记有误的，请在原称号页面更正")
    yield Refusal("title_held", message % {"day": known.held_since}, field="stage", remedy=remedy)


def _period(said: StatedTitle, known: Known) -> Iterator[Refusal]:
    yield from period_turned(said.effective_on, said.valid_until, said.reexamine_on)


def period_turned(since: date | None, until: date | None, due: date | None) -> Iterator[Refusal]:
    """The end before the beginning, or a re-examination outside of the period."""
    remedy = _("请核对两个日期")
    if since and until and until <= since:
        message = _("有效期至 %(until)s 不晚于起始日 %(since)s") % {"until": until, "since": since}
        yield Refusal("period_turned", message, field="valid_until", remedy=remedy)
    if due and since and due <= since:
        message = _("下次复核日期 %(due)s 不晚于 %(since)s") % {"due": due, "since": since}
        yield Refusal("reexamination_early", message, field="reexamine_on", remedy=remedy)
    elif due and until and due > until:
        message = _("下次复核日期 %(due)s 晚于有效期至 %(until)s") % {"due": due, "until": until}
        yield Refusal("reexamination_late", message, field="reexamine_on", remedy=remedy)


def unsound_reexamination(said: StatedReexamination, *, after: date, today: date) -> list[Refusal]:
    """What cannot be of a re-examination; `after`: the day of the title or of the last one."""
    found = []
    if said.examined_on and not after < said.examined_on <= today:
        told = {"day": said.examined_on, "after": after}
        message = _("复核日期 %(day)s 不在 %(after)s 之后至今天之间") % told
        found.append(Refusal("examined_day", message, field="examined_on", remedy=_("请核对日期")))
    if said.passed is False:
        for name in ("valid_until", "reexamine_on"):
            if getattr(said, name):
                remedy = _("复核未通过的，称号随即撤销；请留空")
                found.append(Refusal("failed_has_period", _("复核未通过，不能有新的期限"), field=name, remedy=remedy))
        return found
    return [*found, *period_turned(said.examined_on, said.valid_until, said.reexamine_on)]


def unsound_guidance(said: StatedGuidance, *, since: date, until: date) -> list[Refusal]:
    """What cannot be of a step of guidance: it is taken within the year and not in the future."""
    if said.on is None or since <= said.on <= until:
        return []
    message = _("指导日期 %(day)s 不在 %(since)s 至 %(until)s 之间") % {"day": said.on, "since": since, "until": until}
    return [Refusal("guidance_day", message, field="on", remedy=_("应在当年列入培育之后，不晚于今天"))]
