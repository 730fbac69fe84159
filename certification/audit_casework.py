"""Casework held against the ledger: how an application was opened, under which rules and for which place, where it
stands, how long it stayed where, and what was submitted with it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.services.completion import PLACE_VERBS
from ledger.canonical import to_milliseconds
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .audit_steps import left_at, same_stays, stays
from .models import Application, Decision, Evidence, RouteStep, Rulebook
from .services.rulebooks import subject_of
from .stages import CLOSED_STATUSES, Status

CHUNK = 2000
# A request that waited for another's lock carries the earlier moment.
WAITED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is asked for every application: the levels of each rule, and which rulebook was frozen by which number."""

    routes: dict[int, list[str]]
    frozen: list[tuple[int, Rulebook]]


@dataclass(frozen=True, slots=True)
class Case:
    """An application, the entry of its opening, its decisions in order, and the places said of its enterprise."""

    row: Application
    opened: LedgerEntry
    decisions: Sequence[Decision]
    places: Sequence[tuple[int, str]]

    @property
    def entered(self) -> Decision | None:
        """The first submission, which ties it to the rules and the place of its day."""
        return next((found for found in self.decisions if found.action == "submit"), None)

    @property
    def number(self) -> int:
        """The entry that said last how it stands."""
        return self.decisions[-1].ledger_number if self.decisions else self.opened.number


def application_faults() -> Iterator[Fault]:
    """Every application is as it was opened and stands where its decisions left it, with what was submitted."""
    known, seen = Known(_routes(), _frozen()), set[int]()
    rows = Application.objects.select_related("enterprise", "rule").defer(
        "enterprise__contact_name", "enterprise__contact_phone"
    )
    decisions = Prefetch("decisions", queryset=Decision.objects.order_by("ledger_number"))
    walk = rows.prefetch_related(decisions, "evidence", "steps").order_by("pk").iterator(chunk_size=CHUNK)
    while part := list(islice(walk, CHUNK)):
        opened, places = _openings(part), _places(part)
        for row in part:
            entry = opened.get(f"application:{row.number}")
            if entry is None:
                yield Fault(0, _("申报 %(application)s 没有建立的台账条目") % {"application": row})
                continue
            seen.add(entry.number)
            case = Case(row, entry, list(row.decisions.all()), places.get(entry.enterprise or "", []))
            yield from _case_faults(case, known)
    yield from _gone(seen)


def _openings(rows: Sequence[Application]) -> dict[str, LedgerEntry]:
    entries = LedgerEntry.objects.filter(subject__in=[f"application:{row.number}" for row in rows])
    return {entry.subject: entry for entry in entries.filter(verb=Verb.APPLICATION_OPENED).defer("canonical")}


def _places(rows: Sequence[Application]) -> dict[str, list[tuple[int, str]]]:
    """What was said of where each enterprise is: numbers with payloads, in order."""
    found: dict[str, list[tuple[int, str]]] = {}
    entries = LedgerEntry.objects.filter(enterprise__in={row.enterprise.uscc for row in rows}, verb__in=PLACE_VERBS)
    for code, number, payload in entries.order_by("number").values_list("enterprise", "number", "payload"):
        found.setdefault(code or "", []).append((number, payload))
    return found


def _gone(seen: set[int]) -> Iterator[Fault]:
    entries = LedgerEntry.objects.filter(verb=Verb.APPLICATION_OPENED).order_by("number")
    for number, subject in entries.values_list("number", "subject").iterator(CHUNK):
        if number not in seen:
            yield Fault(number, _("台账记载建立的申报（%(subject)s）在库中不存在") % {"subject": subject})


def _case_faults(case: Case, known: Known) -> Iterator[Fault]:
    said, route = {"application": case.row}, known.routes.get(case.row.rule_id, [])
    tied = case.entered.ledger_number if case.entered else case.opened.number
    if not _as_opened(case):
        reason = _("申报 %(application)s 的企业、阶段、轮次、填报人或建立时间与台账记载不一致")
        yield Fault(case.opened.number, reason % said)
    if not _under_its_rules(case, known.frozen):
        yield Fault(tied, _("申报 %(application)s 适用的规则与其阶段或提交当日的规则年度不符") % said)
    if not _at_its_place(case, tied):
        yield Fault(tied, _("申报 %(application)s 的受理区划或统计单元与企业当时的所在地不一致") % said)
    yield from _standing_faults(case, route)
    if not same_stays(stays(case.decisions, route), case.row.steps.all()):
        yield Fault(case.number, _("申报 %(application)s 的审核环节与办理记录不一致") % said)
    yield from _content_faults(case)


def _as_opened(case: Case) -> bool:
    row, entry = case.row, case.opened
    content = json.loads(entry.payload)
    return (entry.enterprise, content["stage"], content.get("round", 1), entry.actor, entry.at) == (
        row.enterprise.uscc,
        row.stage,
        row.round,
        f"account:{row.created_by_id}",
        to_milliseconds(row.created_at),
    )


def _under_its_rules(case: Case, frozen: Sequence[tuple[int, Rulebook]]) -> bool:
    """The rule is one of its stage, and of the rulebook that was in force when it was first submitted."""
    rule, entered = case.row.rule, case.entered
    if rule.stage != case.row.stage or entered is None:
        return rule.stage == case.row.stage
    day = timezone.localdate(entered.at)
    # A submission freezes its rulebook: whichever was in force then, had been frozen by that number.
    books = [book for number, book in frozen if number < entered.ledger_number and _covers(book, day)]
    return bool(books) and max(books, key=lambda book: book.in_force_from).pk == rule.rulebook_id


def _covers(book: Rulebook, day: date) -> bool:
    return book.in_force_from <= day and (book.in_force_to is None or day <= book.in_force_to)


def _at_its_place(case: Case, number: int) -> bool:
    """Whoever handles it does so for the place that the enterprise had by that number."""
    before = [payload for said, payload in case.places if said < number]
    if not before:
        return False
    place = json.loads(before[-1])
    return (case.row.township_id, case.row.reporting_unit_id) == (place["township"], place["reporting_unit"])


def _standing_faults(case: Case, route: Sequence[str]) -> Iterator[Fault]:
    """Status, turn, level and moments are those of the last decision; of a draft, none."""
    row, last = case.row, case.decisions[-1] if case.decisions else None
    place = left_at(last, route) if last else (0, "")
    if last is None and row.status != Status.DRAFT:
        said = {"application": row, "status": row.status}
        yield Fault(case.number, _("申报 %(application)s 现为 %(status)s，但没有办理记录") % said)
    elif last and row.status != last.to_status:
        said = {"application": row, "status": row.status, "last": last.to_status}
        reason = _("申报 %(application)s 现为 %(status)s，最后一次办理为 %(last)s") % said
        yield Fault(case.number, reason)
    elif (row.turn, row.level) != place:
        said = {"application": row, "turn": row.turn, "level": row.level or "-"}
        said |= {"last_turn": place[0], "last_level": place[1] or "-"}
        reason = _(
            "申报 %(application)s 现在第 %(turn)s 次流转 %(level)s，"
            "按最后一次办理应在第 %(last_turn)s 次流转 %(last_level)s"
        )
        yield Fault(case.number, reason % said)
    elif not _has_its_moments(case):
        reason = _("申报 %(application)s 的提交时间、办结时间或期限与办理记录不一致")
        yield Fault(case.number, reason % {"application": row})


def _has_its_moments(case: Case) -> bool:
    row, entered, last = case.row, case.entered, case.decisions[-1] if case.decisions else None
    ended = next((found.at for found in case.decisions[-1:] if found.to_status in CLOSED_STATUSES), None)
    due_on = next((step.due_on for step in row.steps.all() if step.closed_at is None), None)
    kept = [at and to_milliseconds(at) for at in (row.submitted_at, row.closed_at)]
    said = [at and to_milliseconds(at) for at in (entered and entered.at, ended)]
    correct_by = last.correct_by if last and last.to_status == Status.RETURNED else None
    return (kept, row.due_on, row.correct_by) == (said, due_on, correct_by)


def _content_faults(case: Case) -> Iterator[Fault]:
    for index, decision in enumerate(case.decisions):
        if decision.action == "submit" and not _holds_what_was_submitted(case, index):
            reason = _("申报 %(application)s 的内容或材料与提交时不一致") % {"application": case.row}
            yield Fault(decision.ledger_number, reason)


def _holds_what_was_submitted(case: Case, index: int) -> bool:
    """Content and papers as submitted; after a return they may be corrected, and every submitted paper is kept."""
    row, snapshot = case.row, case.decisions[index].snapshot
    if not isinstance(snapshot, dict) or not isinstance(snapshot.get("evidence", []), list):
        return False
    returned = next((found.at for found in case.decisions[index:] if found.action == "return"), None)
    papers, kept = Counter(map(json.dumps, snapshot.get("evidence", []))), list(row.evidence.all())
    if returned is None:
        content: tuple[Any, Any] = (snapshot.get("fields"), snapshot.get("modules"))
        on_file = [paper for paper in kept if paper.withdrawn_at is None]
        return papers == _texts(on_file) and (row.fields, row.modules) == content
    return papers <= _texts(
        paper for paper in kept if paper.withdrawn_at is None or paper.withdrawn_at + WAITED >= returned
    )


def _texts(papers: Iterable[Evidence]) -> Counter[str]:
    return Counter(json.dumps([paper.requirement, paper.sha256]) for paper in papers)


def _routes() -> dict[int, list[str]]:
    """The levels of every stage rule in their order."""
    routes: dict[int, list[str]] = {}
    for rule, level in RouteStep.objects.order_by("rule", "order").values_list("rule", "level"):
        routes.setdefault(rule, []).append(level)
    return routes


def _frozen() -> list[tuple[int, Rulebook]]:
    books = {subject_of(book): book for book in Rulebook.objects.all()}
    entries = LedgerEntry.objects.filter(verb=Verb.RULEBOOK_FROZEN).order_by("number")
    return [(entry.number, books[entry.subject]) for entry in entries if entry.subject in books]
