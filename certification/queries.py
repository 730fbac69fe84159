"""Questions about one enterprise or application that more than one page or endpoint asks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Account, Enterprise
from ledger.models import LedgerEntry
from ledger.verbs import Verb

from .inputs.events import events_of
from .models import (
    Achievement,
    Advising,
    Application,
    CertificateEvent,
    Decision,
    EndReason,
    Finding,
    FindingStatus,
    Guidance,
    ImportRow,
    Reexamination,
)
from .querysets import EvidenceQuerySet
from .rights import applicant_of
from .stages import MOVES, STAGES
from .wording import named


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """A dated fact of an enterprise with the ledger entry that records it (0: none)."""

    on: date
    kind: str
    title: str
    detail: str
    ledger_number: int


def timeline(enterprise: Enterprise) -> list[TimelineEvent]:
    """Every dated fact of an enterprise, newest first: names, places, qualifications, moves, achievements."""
    events = [
        *_achievement_events(enterprise),
        *_change_events(enterprise),
        *_move_events(enterprise),
        *_finding_events(enterprise),
        *_advising_events(enterprise),
        *_certificate_events(enterprise),
        *_title_events(enterprise),
        *_input_events(enterprise),
        *_registration(enterprise),
    ]
    return sorted(events, key=lambda event: (event.on, event.ledger_number), reverse=True)


def _achievement_events(enterprise: Enterprise) -> list[TimelineEvent]:
    superseding = LedgerEntry.objects.filter(enterprise=enterprise.uscc, supersedes__isnull=False)
    endings = dict(superseding.values_list("supersedes", "number"))
    events = []
    for row in Achievement.objects.filter(enterprise=enterprise).select_related("reporting_unit"):
        name = named(STAGES[row.stage])
        title, detail = _("取得“%(stage)s”") % {"stage": name}, [named(row.reporting_unit), row.certificate_number]
        shown = " · ".join(filter(None, detail))
        events.append(TimelineEvent(row.effective_on, "achievement", title, shown, row.ledger_number))
        if row.ended_on:
            reason = str(EndReason(row.ended_reason).label)
            number = endings.get(row.ledger_number, row.ledger_number)
            title = _("“%(stage)s”%(reason)s") % {"stage": name, "reason": reason}
            events.append(TimelineEvent(row.ended_on, "ending", title, row.ended_ground, number))
    return events


def _advising_events(enterprise: Enterprise) -> list[TimelineEvent]:
    superseding = LedgerEntry.objects.filter(enterprise=enterprise.uscc, verb=Verb.ADVISING_ENDED)
    endings = dict(superseding.values_list("supersedes", "number"))
    events = []
    for row in Advising.objects.filter(enterprise=enterprise).select_related("organisation"):
        name = named(row.organisation)
        events.append(TimelineEvent(row.valid_from, "advising", _("接受机构辅导"), name, row.ledger_number))
        if row.valid_to:
            number = endings.get(row.ledger_number, row.ledger_number)
            detail = " · ".join(filter(None, [name, row.ended_reason]))
            events.append(TimelineEvent(row.valid_to, "advising", _("机构辅导结束"), detail, number))
    return events


def _certificate_events(enterprise: Enterprise) -> list[TimelineEvent]:
    """What happened to its certificates after their issue, which the achievements tell."""
    rows = CertificateEvent.objects.filter(certificate__enterprise=enterprise).select_related("certificate")
    return [
        TimelineEvent(
            row.on,
            "certificate",
            (_("证书：%(event)s（误记，已更正）") if row.is_corrected else _("证书：%(event)s"))
            % {"event": row.get_kind_display()},
            " · ".join([row.certificate.number, row.reason]),
            row.ledger_number,
        )
        for row in rows
    ]


def _title_events(enterprise: Enterprise) -> list[TimelineEvent]:
    """Re-examinations of its titles and the guidance of its years; the titles themselves the achievements tell."""
    events = []
    of_it = {"achievement__enterprise": enterprise}
    for row in Reexamination.objects.filter(**of_it).select_related("achievement"):
        said = {"title": named(STAGES[row.achievement.stage]), "result": _("通过") if row.passed else _("未通过")}
        title = _("“%(title)s”复核%(result)s") % said
        events.append(TimelineEvent(row.examined_on, "title", title, row.words, row.ledger_number))
    for step in Guidance.objects.filter(**of_it).select_related("organisation"):
        detail = [step.by, named(step.organisation) if step.organisation else "", step.done]
        shown = " · ".join(filter(None, detail))
        events.append(TimelineEvent(step.on, "title", _("培育指导"), shown, step.ledger_number))
    return events


def _input_events(enterprise: Enterprise) -> list[TimelineEvent]:
    found = events_of(enterprise)
    return [TimelineEvent(each.on, "input", each.title, each.detail, each.number) for each in found]


def _change_events(enterprise: Enterprise) -> list[TimelineEvent]:
    return [
        TimelineEvent(
            timezone.localdate(change.at),
            "change",
            _("变更%(field)s") % {"field": field_name(change.field)},
            " → ".join([change.before or _("（空）"), change.after]),
            change.ledger_number,
        )
        for change in enterprise.changes.all()
    ]


FIELD_NAMES = {"high_tech": gettext_lazy("高新技术企业资格"), "township": gettext_lazy("所在区划")}


def field_name(field: str) -> str:
    """The name of an enterprise's field."""
    known = FIELD_NAMES.get(field)
    return str(known or getattr(Enterprise._meta.get_field(field), "verbose_name", None) or field)


def _move_events(enterprise: Enterprise) -> list[TimelineEvent]:
    rows = Decision.objects.filter(application__enterprise=enterprise).select_related("application")
    return [
        TimelineEvent(
            timezone.localdate(row.at),
            "move",
            _("：").join(
                [named(STAGES[row.application.stage]), str(VERBS[row.action, row.from_status, row.to_status].label)]
            ),
            " · ".join(filter(None, [row.application.number, row.get_level_display()])),
            row.ledger_number,
        )
        for row in rows
    ]


def _finding_events(enterprise: Enterprise) -> list[TimelineEvent]:
    events = []
    for row in Finding.objects.filter(enterprise=enterprise).prefetch_related("answers"):
        detail = " · ".join([row.number, _("第 %(round)s 轮") % {"round": row.round}, row.get_severity_display()])
        made = [(row.raised_at, Verb.FINDING_RAISED, row.ledger_number)]
        for answer in row.answers.all():
            made.append((answer.at, Verb.FINDING_ANSWERED, answer.ledger_number))
            if answer.refused_at:
                made.append((answer.refused_at, Verb.FINDING_REFUSED, answer.refused_number or 0))
        if row.closed_at:
            verb = Verb.FINDING_DROPPED if row.status == FindingStatus.DROPPED else Verb.FINDING_CLOSED
            made.append((row.closed_at, verb, row.closing_number or 0))
        events += [TimelineEvent(timezone.localdate(at), "finding", str(verb.label), detail, n) for at, verb, n in made]
    return events


# What a move is called is known by where it led: "recommend" goes to the next level, or to the experts.
VERBS = {(move.action, move.source.value, move.target.value): Verb(move.verb) for move in MOVES}


def _registration(enterprise: Enterprise) -> list[TimelineEvent]:
    # The last one: an enterprise that was imported by mistake and struck may have been registered again.
    entry = LedgerEntry.objects.filter(enterprise=enterprise.uscc, verb=Verb.ENTERPRISE_REGISTERED).last()
    number = entry.number if entry else 0
    return [TimelineEvent(timezone.localdate(enterprise.registered_at), "registration", _("登记建档"), "", number)]


def origins(enterprise: Enterprise) -> dict[int, ImportRow]:
    """Which row of which imported file stands behind a ledger number of the enterprise."""
    rows = ImportRow.objects.filter(uscc=enterprise.uscc).select_related("file")
    return {row.ledger_number: row for row in rows}


def history(application: Application) -> "QuerySet[Decision]":
    """The moves of an application in order, with who made them."""
    return application.decisions.select_related("actor").order_by("id")


@dataclass(frozen=True, slots=True)
class Content:
    """What an application says: its fields, its modules, its papers on file."""

    fields: dict[str, Any]
    modules: list[str]
    evidence: EvidenceQuerySet


def content_shown(application: Application, account: Account) -> Content:
    """The content before this reader: the applicant's own as it stands, for everybody else as last submitted."""
    last = application.decisions.filter(action="submit").order_by("id").last()
    if applicant_of(account, application) or last is None:
        return Content(application.fields, application.modules, application.evidence.on_file())
    said = last.snapshot
    return Content(said["fields"], said["modules"], application.evidence.on_file(as_of=last.at))


def repeated(application: Application, action: str, *, actor: Account, version: int) -> Decision | None:
    """The move that this person made from this very version: they have sent it twice."""
    last = application.decisions.order_by("-id").first()
    is_same = last is not None and last.action == action and last.actor_id == actor.pk
    return last if is_same and application.version == version + 1 else None


def in_force(enterprise: Enterprise, *, stage: str, on: date) -> Achievement | None:
    """The achievement of a stage that was in force on a day, if any: "was this valid on 1 March"."""
    return Achievement.objects.filter(enterprise=enterprise, stage=stage).in_force(on=on).first()
