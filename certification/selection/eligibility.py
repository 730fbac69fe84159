"""Who may apply to be selected (申报条件): rules as data, each answered with its reason and its remedy. Pure.

A rule is a row (`Asked`): what kind of condition, with its terms. Every condition is answered, met or not, so that an
enterprise reads all of them at once, before it submits. What a rule does not require is answered as well, and bars
nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from enterprises.language import _, named

from ..errors import Refusal
from ..inputs.credit_life import Checked, CreditStanding, credit_on, latest_on
from ..programmes import STAGES

ELIGIBILITY = "eligibility"


class Kind(StrEnum):
    """Kinds of conditions."""

    REACHED = "reached"
    CREDIT = "credit_check"
    NOT_HOLDING = "not_holding"
    HIGH_TECH = "high_tech"


@dataclass(frozen=True, slots=True)
class Credit:
    """What is known of an enterprise's credit: its checks, what their sources are called, which sources are needed."""

    checks: Sequence[Checked] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()

    def name(self, source: str) -> str:
        return self.names.get(source, source)


class HighTech(Protocol):
    """A period of high-tech status (高新技术企业); `valid_to` is its last day, None: it goes on."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule. `stages`: one of which is to be reached (REACHED), or none of which is to be held (NOT_HOLDING)."""

    kind: Kind
    stages: tuple[str, ...] = ()
    is_required: bool = True
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an enterprise on a day. `reached`: since when, of what counts on that day; `in_force`: what it
    holds on that day.
    """

    day: date
    reached: Mapping[str, date] = field(default_factory=dict)
    in_force: frozenset[str] = frozenset()
    credit: Credit = field(default_factory=Credit)
    high_tech: Sequence[HighTech] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """An answered rule: `message` says what is known; `remedy` what to do where it is not met."""

    kind: Kind
    is_met: bool
    is_required: bool
    message: str
    remedy: str = ""
    basis: str = ""


def conditions(rules: Sequence[Asked], facts: Facts) -> tuple[Condition, ...]:
    """Every rule with its answer, in the order of the rules."""
    found = []
    for rule in rules:
        is_met, message, remedy = ANSWERS[rule.kind](rule, facts)
        found.append(Condition(rule.kind, is_met, rule.is_required, message, "" if is_met else remedy, rule.basis))
    return tuple(found)


def eligibility_refusals(rules: Sequence[Asked], facts: Facts) -> list[Refusal]:
    """What stands in the way of an application; empty: nothing."""
    return [
        Refusal(f"not_eligible_{each.kind}", each.message, field=ELIGIBILITY, remedy=each.remedy, rule=each.basis)
        for each in conditions(rules, facts)
        if each.is_required and not each.is_met
    ]


def rule_refusals(rules: Sequence[Asked]) -> list[Refusal]:
    """What is wrong with the rules themselves: a stage that does not exist, none where one is needed, one twice."""
    found = []
    for number, rule in enumerate(rules):
        needs_stages = rule.kind in (Kind.REACHED, Kind.NOT_HOLDING)
        unknown = [code for code in rule.stages if code not in STAGES]
        if unknown or needs_stages is not bool(rule.stages):
            said = {"kind": str(rule.kind), "stages": _("、").join(code[:40] for code in unknown or rule.stages) or "–"}
            message, remedy = _("条件“%(kind)s”的阶段（%(stages)s）不对"), _("请填已有的阶段代码；其他条件不填阶段")
            found.append(Refusal("rule_stages", message % said, field="eligibility", remedy=remedy))
        if rule in rules[:number]:
            message = _("条件“%(kind)s”重复") % {"kind": str(rule.kind)}
            found.append(Refusal("rule_twice", message, field="eligibility", remedy=_("请删去重复的条件")))
    return found


Answer = tuple[bool, str, str]


def _reached(rule: Asked, facts: Facts) -> Answer:
    reached = [code for code in rule.stages if code in facts.reached]
    if reached:
        said = {"stage": named(STAGES[reached[0]]), "day": facts.reached[reached[0]]}
        return True, _("“%(stage)s”已于 %(day)s 取得") % said, ""
    names = _("”或“").join(named(STAGES[code]) for code in rule.stages)
    return False, _("尚未取得“%(stages)s”") % {"stages": names}, _("请先取得其中之一，再申报")


def _credit(rule: Asked, facts: Facts) -> Answer:
    """As credit stands on the day (credit_life.py); every check that it hangs on is named with source and day."""
    known, day = facts.credit, facts.day
    state, latest = credit_on(known.checks, needed=known.needed, on=day), latest_on(known.checks, on=day)
    good = [check for check in latest.values() if check.valid_until >= day]
    if state.standing is CreditStanding.CLEAR:
        clear = _("信用核查（%(source)s，%(day)s）无失信记录，有效至 %(until)s")
        return True, _("；").join(clear % _said(known, check) for check in good), ""
    if state.standing is CreditStanding.ADVERSE:
        adverse = _("信用核查（%(source)s，%(day)s）有失信记录")
        mend = _("请修复 %(source)s 于 %(day)s 查得的失信记录，修复后申请重新核查")
        bad = [_said(known, check) for check in good if not check.is_clear]
        return False, _("；").join(adverse % said for said in bad), _("；").join(mend % said for said in bad)
    missing = [_lacking(known, source, latest.get(source), day) for source in state.lacking or sorted(latest) or ("",)]
    return False, _("；").join(message for message, _remedy in missing), _("；").join(remedy for _m, remedy in missing)


def _lacking(known: Credit, source: str, last: Checked | None, day: date) -> tuple[str, str]:
    """Why a source gives no good result on the day, and what to do; without a source none is there at all."""
    said: dict[str, object] = {"source": known.name(source), "day": day}
    if not source:
        return _("%(day)s 没有信用核查结果") % said, _("请联系所在辖市区办理 %(day)s 有效的信用核查") % said
    remedy = _("请联系所在辖市区办理 %(source)s 在 %(day)s 有效的信用核查") % said
    if last is None:
        return _("%(day)s 没有 %(source)s 的信用核查结果") % said, remedy
    return _("信用核查（%(source)s，%(day)s）已于 %(until)s 到期") % _said(known, last), remedy


def _said(known: Credit, check: Checked) -> dict[str, object]:
    return {"source": known.name(check.source), "day": check.checked_on, "until": check.valid_until}


def _not_holding(rule: Asked, facts: Facts) -> Answer:
    held = [code for code in rule.stages if code in facts.in_force]
    if not held:
        return (
            True,
            _("未持有“%(stages)s”") % {"stages": _("”或“").join(named(STAGES[code]) for code in rule.stages)},
            "",
        )
    said = {"stage": named(STAGES[held[0]])}
    return False, _("已持有“%(stage)s”，且在有效期内") % said, _("无需再次申报；复核按期另行通知")


def _high_tech(rule: Asked, facts: Facts) -> Answer:
    """Status on the day itself: neither the day before its beginning nor the day after its end."""
    held = [each for each in facts.high_tech if each.valid_from <= facts.day <= (each.valid_to or facts.day)]
    said: dict[str, object] = {"day": facts.day}
    if held:
        return True, _("%(day)s 具有高新技术企业资格") % said, ""
    coming = min((each.valid_from for each in facts.high_tech if each.valid_from > facts.day), default=None)
    remedy = _("请联系所在辖市区登记有效的高新技术企业证书")
    if coming:
        remedy = _("资格自 %(day)s 起有效，请在该日或之后申报") % {"day": coming}
    return False, _("%(day)s 不具有高新技术企业资格") % said, remedy


ANSWERS: Mapping[Kind, Callable[[Asked, Facts], Answer]] = {
    Kind.REACHED: _reached,
    Kind.CREDIT: _credit,
    Kind.NOT_HOLDING: _not_holding,
    Kind.HIGH_TECH: _high_tech,
}


def rules_of_content(content: Sequence[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """The rules that were kept so."""
    return tuple(Asked(Kind(row["kind"]), tuple(row["stages"]), row["required"], row["basis"]) for row in content)


def rules_content(rules: Sequence[Asked]) -> list[dict[str, Any]]:
    """Rules as they are kept and digested."""
    return [
        {"kind": str(rule.kind), "stages": list(rule.stages), "required": rule.is_required, "basis": rule.basis}
        for rule in rules
    ]
