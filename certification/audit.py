"""Holding the facts against the ledger: a row that says something else than its entry is named.

The chain itself is checked by ledger.verify; this finds a fact changed, added or removed with SQL.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.db.models import F
from django.utils.translation import gettext as _

from enterprises.audit import file_faults
from ledger.canonical import commitment, text_of, to_milliseconds
from ledger.models import LedgerEntry
from ledger.unreadable import UNREADABLE, unreadable
from ledger.verbs import Verb
from ledger.verify import Fault

from .audit_advising import advising_faults
from .audit_casework import application_faults
from .audit_certificates import certificate_faults
from .audit_decisions import decision_faults
from .audit_documents import document_faults
from .audit_findings import finding_faults
from .audit_inputs import figure_faults, input_faults
from .audit_panels import panel_faults
from .audit_plans import plan_faults
from .audit_titles import title_faults
from .configuration import configuration_faults, frozen_faults
from .models import Achievement, Decision
from .services.achievements import VERB_OF_END, recorded_payload

CHUNK = 2000
Check = Callable[[], Iterator[Fault]]


def fact_faults(*, limit: int, checks: Sequence[Check] = ()) -> Iterator[Fault]:
    """Facts that differ from their entries: of all CHECKS, or of some."""
    return islice(_all_faults(checks or CHECKS), limit)


def _all_faults(checks: Sequence[Check]) -> Iterator[Fault]:
    named: set[int] = set()
    for check in checks:
        try:
            for fault in check():
                if fault.number not in named:
                    yield fault
                named.update({fault.number} - {0})
        except UNREADABLE as error:
            found = list(_unreadable_faults())
            if isinstance(error, DatabaseError) and not found:
                raise
            reason = _("其余事实无法核对：%(error)s") % {"error": f"{type(error).__name__} {error}"}
            yield from found or [Fault(0, reason)]
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
    same = {
        "application__enterprise": F("enterprise"),
        "application__stage": F("stage"),
        "application__round": F("round"),
    }
    apart = linked.exclude(**same)
    for number in apart.order_by("ledger_number").values_list("ledger_number", flat=True).iterator(CHUNK):
        yield Fault(number, _("认定事实与所依据的申报不是同一企业、阶段或轮次"))
    without = Decision.objects.filter(action__in=("approve", "grant"), application__achievement__isnull=True)
    for number, application in without.values_list("ledger_number", "application__number").iterator(CHUNK):
        yield Fault(number, _("已核准的申报 %(number)s 没有对应的认定事实") % {"number": application})


def _ending_faults() -> Iterator[Fault]:
    """Endings in the ledger and in the rows are the same ones, with the same ground."""
    verbs = {*VERB_OF_END.values(), Verb.ACHIEVEMENT_REINSTATED}
    entries = LedgerEntry.objects.filter(verb__in=verbs).order_by("number")
    said: dict[int, tuple[int, dict[str, Any]]] = {}
    read = entries.values_list("number", "verb", "supersedes", "payload", "at")
    for number, verb, supersedes, payload, at in read.iterator(CHUNK):
        if verb == Verb.ACHIEVEMENT_REINSTATED:
            said.pop(supersedes or 0, None)  # the ending before it was recorded in error
        else:
            said[supersedes or 0] = (number, {**json.loads(payload), "at": at})
    columns = ("ledger_number", "ended_on", "ended_reason", "ended_ground", "ended_salt", "ended_recorded_at")
    ended = Achievement.objects.exclude(ended_reason="").order_by("ledger_number").values_list(*columns)
    for recorded, ended_on, reason, ground, salt, at in ended.iterator(CHUNK):
        number, content = said.pop(recorded, (recorded, {}))
        kept = (str(ended_on), reason, at and to_milliseconds(at))
        same = (content.get("ended_on"), content.get("reason"), content.get("at")) == kept
        if not same or content.get("said") != commitment(ground, salt=salt)[1]:
            yield Fault(number, _("认定的终止日期、原因或依据与台账记载不一致"))
    for number, _content in said.values():
        yield Fault(number, _("台账记载的终止在库中不存在"))
    standing = Achievement.objects.filter(ended_reason="").exclude(
        ended_ground="", ended_salt="", ended_recorded_at=None
    )
    for number in standing.order_by("ledger_number").values_list("ledger_number", flat=True):
        if number not in said:
            yield Fault(number, _("认定的终止日期、原因或依据与台账记载不一致"))


# Achievements and endings, casework, rules, plans, enterprise files and accounts, certificates, titles, inputs.
CHECKS: tuple[Check, ...] = (
    _achievement_faults,
    _origin_faults,
    _ending_faults,
    decision_faults,
    application_faults,
    panel_faults,
    document_faults,
    finding_faults,
    frozen_faults,
    plan_faults,
    configuration_faults,
    file_faults,
    advising_faults,
    certificate_faults,
    title_faults,
    input_faults,
    figure_faults,
)
