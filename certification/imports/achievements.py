"""The import of achievements (认定事实): one row, one enterprise reaching one stage on one day.

A row is new, or on record already. On record with the same values: nothing changes; a blank cell states
nothing. On record and now with an ending: the ending is recorded. On record with other values: an error.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.identifiers import search_form
from enterprises.imports.cells import BadValue, credit_code, day, plain, words
from enterprises.imports.columns import Column
from enterprises.imports.outcome import BadCell
from enterprises.imports.run import parts, value_of
from ledger.record import Actor

from ..models import EndReason
from ..stages import STAGES
from .on_file import Certified, Holdings, Kept, OnFile, certified, holdings
from .rows import AchievementRow, Ending, NewAchievement
from .writing import write_achievements

USCC = Column("uscc", "统一社会信用代码", also=("信用代码", "社会信用代码"), required=True)
STAGE = Column("stage", "阶段", required=True)
EFFECTIVE = Column("effective_on", "取得日期", required=True)
ENDED_ON = Column("ended_on", "终止日期")
ENDED_REASON = Column("ended_reason", "终止原因")
CERTIFICATE = Column("certificate_number", "证书编号")
ROUTE = Column("route", "途径")
NOTE = Column("note", "备注")
COLUMNS = (USCC, STAGE, EFFECTIVE, ENDED_ON, ENDED_REASON, CERTIFICATE, ROUTE, NOTE)

_STAGES = {search_form(word): stage.code for stage in STAGES.values() for word in (stage.code, stage.name_zh)}
_REASONS = {search_form(word): reason.value for reason in EndReason for word in (reason.value, str(reason.label))}


@dataclass(slots=True)
class AchievementPlan:
    """What the import of achievements will write."""

    new: list[NewAchievement] = field(default_factory=list)
    changed: list[Ending] = field(default_factory=list)
    same: list[AchievementRow] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    annulled_since: int = 0

    @property
    def remarks(self) -> list[str]:
        if not self.annulled_since:
            return []
        return [_("%(count)s 行的认定此前已作为录入错误注销，未予恢复") % {"count": self.annulled_since}]


class AchievementImport:
    """Drives the achievement table through `run_import`."""

    columns = COLUMNS

    def __init__(self) -> None:
        # What a text was found to mean: both repeat from row to row.
        self._codes: dict[str, str] = {}
        self._days: dict[str, date] = {}

    def parse(self, line: int, values: tuple[str, ...], found: list[BadCell]) -> AchievementRow | None:
        uscc, stage, effective, ended, reason, certificate, route, note = values
        before = len(found)
        row = AchievementRow(
            line,
            self._codes.get(uscc) or value_of(self._code, uscc, USCC, line, found),
            _STAGES.get(stage) or value_of(_stage, stage, STAGE, line, found),
            self._days.get(effective) or value_of(self._effective, effective, EFFECTIVE, line, found),
            value_of(day, ended, ENDED_ON, line, found) if ended else None,
            value_of(_reason, reason, ENDED_REASON, line, found) if reason else "",
            value_of(_certificate, certificate, CERTIFICATE, line, found) if certificate else "",
            value_of(_route, route, ROUTE, line, found) if route else "",
            value_of(_note, note, NOTE, line, found) if note else "",
        )
        if len(found) == before and (row.ended_on or row.ended_reason):
            found.extend(_contradictions(row))
        return row if len(found) == before else None

    def _code(self, text: str) -> str:
        code = credit_code(text)
        return self._codes.setdefault(text, code)

    def _effective(self, text: str) -> date:
        return self._days.setdefault(text, _effective(text))

    def key(self, row: AchievementRow) -> Hashable:
        return row.uscc, row.stage, row.effective_on, row.is_annulled

    def key_name(self, row: AchievementRow) -> tuple[str, str]:
        names = _("、").join((USCC.name, STAGE.name, EFFECTIVE.name))
        return names, f"{row.uscc} {row.stage} {row.effective_on}"

    def compare(self, rows: Sequence[AchievementRow], *, at: datetime) -> AchievementPlan:
        plan = AchievementPlan()
        today = timezone.localdate(at)
        for part in parts(rows):
            held = holdings({row.uscc for row in part})
            for row in part:
                enterprise = held.enterprises.get(row.uscc)
                late = row.effective_on > today or (row.ended_on is not None and row.ended_on > today)
                if enterprise is None or late:
                    plan.bad += _impossible(row, enterprise, today)
                else:
                    _place(row, enterprise, held, plan)
        _keep_certified(plan)
        return plan

    def write(self, plan: AchievementPlan, *, actor: Actor, at: datetime) -> None:
        write_achievements(plan.new, plan.changed, actor=actor, at=at)


def _stage(text: str) -> str:
    code = _STAGES.get(search_form(text))
    if code is None:
        if not text.strip():
            raise BadValue(_("未填写阶段"))
        raise BadValue(_("没有这一阶段；可用：%(stages)s") % {"stages": _("、").join(STAGES)})
    return code


def _effective(text: str) -> date:
    value = day(text)
    if value is None:
        raise BadValue(_("未填写取得日期"))
    if value < settings.EARLIEST_ACHIEVEMENT:
        raise BadValue(_("早于 %(earliest)s，请检查年份") % {"earliest": settings.EARLIEST_ACHIEVEMENT})
    return value


def _reason(text: str) -> str:
    word = search_form(text)
    if word and word not in _REASONS:
        raise BadValue(_("应为 expired（过期失效）、withdrawn（注销）、revoked（撤销）或 annulled（录入错误）"))
    return _REASONS.get(word, "")


def _certificate(text: str) -> str:
    return words(text, longest=60)


def _route(text: str) -> str:
    word = plain(text)
    if len(word) > 20:
        raise BadValue(_("最多 %(limit)s 字") % {"limit": 20})
    return word


def _note(text: str) -> str:
    return words(text, longest=200)


def _contradictions(row: AchievementRow) -> Iterator[BadCell]:
    if row.ended_on and not row.ended_reason:
        yield BadCell(row.line, ENDED_REASON.name, "", _("填了终止日期，须填终止原因"))
    if row.ended_reason and not row.ended_on:
        yield BadCell(row.line, ENDED_ON.name, "", _("填了终止原因，须填终止日期"))
    if row.ended_on and row.ended_on < row.effective_on and not row.is_annulled:
        reason = _("早于取得日期 %(day)s") % {"day": row.effective_on}
        yield BadCell(row.line, ENDED_ON.name, str(row.ended_on), reason)


def _impossible(row: AchievementRow, enterprise: OnFile | None, today: date) -> Iterator[BadCell]:
    if enterprise is None:
        yield BadCell(row.line, USCC.name, row.uscc, _("该企业尚未登记，请先导入或登记企业"))
    if row.effective_on > today:
        yield BadCell(row.line, EFFECTIVE.name, str(row.effective_on), _("晚于今天"))
    if row.ended_on and row.ended_on > today:
        yield BadCell(row.line, ENDED_ON.name, str(row.ended_on), _("晚于今天；尚未终止的请留空"))


def _place(row: AchievementRow, enterprise: OnFile, held: Holdings, plan: AchievementPlan) -> None:
    """Sort a possible row into new, ended now, unchanged, or contradicting the record."""
    recorded = held.achievements.get((enterprise.id, row.stage, row.effective_on))
    twin = _twin(row, recorded) if recorded else None
    if twin is None:
        is_first = held.is_first(enterprise.id, row.stage)
        plan.new.append(NewAchievement(row, enterprise.standing(row.effective_on), is_first))
        return
    differences = list(_differences(row, twin))
    if differences:
        plan.bad += differences
    elif row.ended_reason and not twin.ended_reason:
        plan.changed.append(Ending(row, twin.id, twin.ledger_number))
    else:
        plan.same.append(row)
        plan.annulled_since += twin.ended_reason == EndReason.ANNULLED and not row.is_annulled


def _keep_certified(plan: AchievementPlan) -> None:
    """What a certificate stands for ends with it, by its own move with ground and reason: never by a table."""
    if not plan.changed:
        return
    held = certified((item.achievement_id, item.ledger_number) for item in plan.changed)
    plan.bad += [
        _certified(item.row, held[item.achievement_id]) for item in plan.changed if item.achievement_id in held
    ]
    plan.changed = [item for item in plan.changed if item.achievement_id not in held]


def _certified(row: AchievementRow, by: Certified) -> BadCell:
    told = {"number": by.number}
    if by.is_ours:
        reason = _("该认定有本系统签发的证书 %(number)s，不能由导入终止；请在企业档案中写明依据办理终止") % told
    else:
        reason = _("该认定以证书 %(number)s 为依据，不能由导入终止；请在该证书的页面办理撤销、注销等事项") % told
    return BadCell(row.line, ENDED_ON.name, str(row.ended_on), reason)


def _twin(row: AchievementRow, recorded: Sequence[Kept]) -> Kept | None:
    """The recorded achievement that a row speaks of.

    At most one of them is not annulled. An annulled one is meant by a row that is annulled too, or that
    states nothing else than it: a file that was imported before the annulment must not revive it.
    """
    living = next((kept for kept in recorded if kept.ended_reason != EndReason.ANNULLED), None)
    void = next(
        (
            kept
            for kept in recorded
            if kept.ended_reason == EndReason.ANNULLED and (row.is_annulled or not list(_differences(row, kept)))
        ),
        None,
    )
    return (void or living) if row.is_annulled else (living or void)


def _differences(row: AchievementRow, kept: Kept) -> Iterator[BadCell]:
    """Where the row states something else than the record."""
    stated = (
        (CERTIFICATE, row.certificate, kept.certificate),
        (ROUTE, row.route, kept.route),
        (NOTE, row.note, kept.note),
    )
    for column, value, recorded in stated:
        if value and value != recorded:
            yield _difference(row, column, value, recorded)
    if row.ended_reason and kept.ended_reason:
        if row.ended_on != kept.ended_on:
            yield _difference(row, ENDED_ON, str(row.ended_on), str(kept.ended_on))
        if row.ended_reason != kept.ended_reason:
            yield _difference(row, ENDED_REASON, row.ended_reason, kept.ended_reason)


def _difference(row: AchievementRow, column: Column, value: str, recorded: str) -> BadCell:
    reason = _("该认定已记载，记录中为“%(kept)s”") % {"kept": recorded or _("（空）")}
    return BadCell(row.line, column.name, value, reason)
