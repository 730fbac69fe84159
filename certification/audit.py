"""Holding the facts against the ledger: a row that says something else than its entry is named.

The chain itself is checked by ledger.verify; this finds a fact changed, added or removed with SQL.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, zip_longest
from typing import Any

from django.apps import apps
from django.db.models import F
from django.utils.translation import gettext as _

from enterprises.audit import file_faults
from ledger.canonical import commitment, digest, text_of, to_milliseconds
from ledger.models import LedgerEntry
from ledger.unreadable import UNREADABLE, unreadable
from ledger.verbs import Verb
from ledger.verify import Fault

from .configuration import configuration_faults
from .models import Achievement, Application, Decision, IndicatorVersion, Rulebook
from .services.achievements import VERB_OF_END, recorded_payload
from .services.rulebooks import content_of
from .services.statements import committed_content, committed_words
from .stages import MOVES, Status
from .wording import in_words, named

CHUNK = 2000
MOVE_VERBS = sorted({move.verb for move in MOVES})
VERB_OF_ACTION = {move.action: move.verb for move in MOVES}
PLAN_VERBS = (Verb.TARGET_SET, Verb.OPENING_BALANCE_SET)


def fact_faults(*, limit: int) -> Iterator[Fault]:
    """Achievements, endings, decisions, rules, plan figures and enterprise files that differ from their entries."""
    return islice(_all_faults(), limit)


def _all_faults() -> Iterator[Fault]:
    checks = (
        _achievement_faults,
        _origin_faults,
        _ending_faults,
        _decision_faults,
        _application_faults,
        _rulebook_faults,
        _plan_faults,
        configuration_faults,
        file_faults,
    )
    named: set[int] = set()
    for check in checks:
        try:
            for fault in check():
                if fault.number not in named:
                    yield fault
                named.update({fault.number} - {0})
        except UNREADABLE:
            found = list(_unreadable_faults())
            if not found:
                raise
            yield from found
            return


def _unreadable_faults() -> Iterator[Fault]:
    """Rows on which a check cannot be done: what stands in them is not of the column's kind."""
    for app in ("certification", "enterprises"):
        for model in apps.get_app_config(app).get_models():
            name = model._meta.verbose_name
            for found in unreadable(model):
                yield Fault(0, _("%(table)s%(found)s") % {"table": name, "found": found})


def _achievement_faults() -> Iterator[Fault]:
    """Every recorded achievement has its row, and the row says what the entry says."""
    entries = LedgerEntry.objects.filter(verb=Verb.ACHIEVEMENT_RECORDED).order_by("number")
    rows = iter(Achievement.objects.select_related("enterprise").order_by("ledger_number").iterator(chunk_size=CHUNK))
    row = next(rows, None)
    columns = ("number", "payload", "enterprise", "at")
    for number, payload, enterprise, at in entries.values_list(*columns).iterator(CHUNK):
        if row is None or row.ledger_number > number:
            yield Fault(number, _("记载的认定事实已不在库中"))
            continue
        if row.ledger_number < number:
            yield _unrecorded(row)
            return
        said = (text_of(recorded_payload(row)), row.enterprise.uscc, to_milliseconds(row.recorded_at))
        if said != (payload, enterprise, at):
            place = {"code": row.enterprise.uscc, "achievement": row}
            yield Fault(number, _("认定事实与台账记载不一致（%(code)s %(achievement)s）") % place)
        row = next(rows, None)
    if row is not None:
        yield _unrecorded(row)


def _unrecorded(row: Achievement) -> Fault:
    return Fault(row.ledger_number, _("库中的认定事实没有对应的台账条目"))


def _origin_faults() -> Iterator[Fault]:
    """Every approved application has its achievement, and an achievement names no other application."""
    linked = Achievement.objects.filter(application__isnull=False)
    apart = linked.exclude(application__enterprise=F("enterprise"), application__stage=F("stage"))
    for number in apart.order_by("ledger_number").values_list("ledger_number", flat=True).iterator(CHUNK):
        yield Fault(number, _("认定事实与所依据的申报不是同一企业或阶段"))
    without = Decision.objects.filter(action="approve", application__achievement__isnull=True)
    for number, application in without.values_list("ledger_number", "application__number").iterator(CHUNK):
        yield Fault(number, _("已核准的申报 %(number)s 没有对应的认定事实") % {"number": application})


def _ending_faults() -> Iterator[Fault]:
    """Endings in the ledger and in the rows are the same ones, with the same ground."""
    entries = LedgerEntry.objects.filter(verb__in=set(VERB_OF_END.values())).order_by("number")
    said: dict[int, tuple[int, dict[str, str]]] = {}
    for number, supersedes, payload in entries.values_list("number", "supersedes", "payload").iterator(CHUNK):
        said[supersedes or 0] = (number, json.loads(payload))
    columns = ("ledger_number", "ended_on", "ended_reason", "ended_ground", "ended_salt")
    ended = Achievement.objects.exclude(ended_reason="").order_by("ledger_number").values_list(*columns)
    for recorded, ended_on, reason, ground, salt in ended.iterator(CHUNK):
        number, content = said.pop(recorded, (recorded, {}))
        same = (content.get("ended_on"), content.get("reason")) == (str(ended_on), reason)
        if not same or (salt and content.get("said") != commitment(ground, salt=salt)[1]):
            yield Fault(number, _("认定的终止日期、原因或依据与台账记载不一致"))
    for number, _content in said.values():
        yield Fault(number, _("台账记载的终止在库中不存在"))


def _decision_faults() -> Iterator[Fault]:
    """Every move in the ledger has its decision row, and the row says the same in every word."""
    entries = LedgerEntry.objects.filter(verb__in=MOVE_VERBS).order_by("number")
    rows = Decision.objects.select_related("application__enterprise").order_by("ledger_number")
    for entry, row in zip_longest(entries.iterator(CHUNK), rows.iterator(CHUNK)):
        if entry is None or (row is not None and row.ledger_number < entry.number):
            reason = _("办理记录 %(application)s 没有对应的台账条目") % {"application": row.application}
            yield Fault(row.ledger_number, reason)
            return
        if row is None or row.ledger_number > entry.number:
            yield Fault(entry.number, _("台账记载的办理（%(subject)s）在库中不存在") % {"subject": entry.subject})
            return
        if not _says_the_same(entry, row):
            reason = _("办理记录 %(application)s 与台账记载不一致") % {"application": row.application}
            yield Fault(entry.number, reason)


def _says_the_same(entry: LedgerEntry, row: Decision) -> bool:
    content = json.loads(entry.payload)
    said = (
        entry.subject,
        entry.enterprise,
        entry.actor,
        entry.role,
        entry.verb,
        entry.at,
        *(content[key] for key in ("from", "to", "turn", "level", "said", "content")),
    )
    return said == (
        f"application:{row.application.number}",
        row.application.enterprise.uscc,
        f"account:{row.actor_id}",
        row.role,
        VERB_OF_ACTION.get(row.action),
        to_milliseconds(row.at),
        row.from_status,
        row.to_status,
        row.turn,
        row.level,
        committed_words(row.comment, row.defects, salt=row.salt)[1],
        committed_content(row.snapshot, salt=row.salt),
    )


def _application_faults() -> Iterator[Fault]:
    """Every application stands where its last decision left it, with the content that was submitted."""
    rows = Application.objects.prefetch_related("decisions", "evidence").order_by("pk")
    for row in rows.iterator(chunk_size=CHUNK):
        decisions = sorted(row.decisions.all(), key=lambda decision: decision.ledger_number)
        if not decisions:
            if row.status != Status.DRAFT:
                said = {"application": row, "status": row.status}
                yield Fault(0, _("申报 %(application)s 现为 %(status)s，但没有办理记录") % said)
            continue
        last = decisions[-1]
        if row.status != last.to_status:
            said = {"application": row, "status": row.status, "last": last.to_status}
            reason = _("申报 %(application)s 现为 %(status)s，最后一次办理为 %(last)s") % said
            yield Fault(last.ledger_number, reason)
        submitted = next((decision for decision in reversed(decisions) if decision.action == "submit"), None)
        if submitted and not _holds_what_was_submitted(row, submitted.snapshot):
            reason = _("申报 %(application)s 的内容或材料与提交时不一致") % {"application": row}
            yield Fault(submitted.ledger_number, reason)


def _holds_what_was_submitted(row: Application, snapshot: dict[str, Any]) -> bool:
    """Content as submitted (a returned one may be under correction), and every submitted paper still there."""
    papers = {(paper.requirement, paper.sha256) for paper in row.evidence.all()}
    if not {tuple(paper) for paper in snapshot.get("evidence", ())} <= papers:
        return False
    if row.status in (Status.RETURNED, Status.WITHDRAWN):
        return True
    return (row.fields, row.modules) == (snapshot.get("fields"), snapshot.get("modules"))


def _rulebook_faults() -> Iterator[Fault]:
    """Every rulebook that was frozen still is, with the content whose digest is on record."""
    books = {f"rulebook:{book.year}:{book.in_force_from}": book for book in Rulebook.objects.all()}
    for entry in LedgerEntry.objects.filter(verb=Verb.RULEBOOK_FROZEN).order_by("number"):
        book = books.get(entry.subject)
        if book is None or not book.is_frozen:
            reason = _("已冻结的规则年度（%(subject)s）不在库中或被解冻") % {"subject": entry.subject}
            yield Fault(entry.number, reason)
        elif json.loads(entry.payload)["digest"] != digest(text_of(content_of(book)).encode()):
            yield Fault(entry.number, _("已冻结的“%(title)s”被改动") % {"title": in_words(book.title)})


def _plan_faults() -> Iterator[Fault]:
    """Targets and opening balances of every version are those on record."""
    said: dict[str, dict[int, dict[str, str | None]]] = {}
    for entry in LedgerEntry.objects.filter(verb__in=PLAN_VERBS).order_by("number"):
        content = json.loads(entry.payload)
        versions = said.setdefault(entry.subject, {})
        before = versions.get(content["version"]) or versions.get(content["version"] - 1, {})
        stated = {key: content[key] for key in ("target", "opening") if key in content}
        if day := content.get("opening_on", content.get("on")):
            stated["opening_on"] = day
        versions[content["version"]] = {**before, **stated, "number": str(entry.number)}
    for version in IndicatorVersion.objects.select_related("indicator"):
        subject = f"indicator:{version.indicator.plan_id}:{version.indicator.code}"
        found = said.get(subject, {}).get(version.version, {})
        stated_day = str(version.opening_on) if version.opening_on else None
        kept = (version.target, version.opening, stated_day)
        if (_number(found.get("target")), _number(found.get("opening")), found.get("opening_on")) != kept:
            reason = _("指标“%(name)s”的目标或期初数与台账记载不一致") % {"name": named(version)}
            yield Fault(int(found.get("number") or 0), reason)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
