"""Gathering the facts that the gates judge, and saying what is missing for a next stage."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from enterprises.models import Account, Enterprise
from enterprises.models.place import DivisionLevel
from ledger.prepared import Given, Prepared, Question, Row, Statement, ask

from ..errors import NotPossible, Refusal
from ..gates import (
    Dossier,
    asks_for_certificate,
    asks_for_contact,
    asks_for_coverage,
    asks_for_findings,
    asks_for_papers,
    refusals,
)
from ..models import Achievement, Application, Batch, Evidence, Finding, NoticeLine, SelfScore, SheetItem
from ..models.rulebook import EvidenceGroup
from ..needs import OpenFinding, PanelFacts
from ..panel_gates import asks_for_panel, asks_for_windows
from ..querysets_panel import appeals, sittings
from ..ranking_gates import conditions_of
from ..selection.eligibility import Condition
from ..stages import OPEN_STATUSES, STAGES, SUBMISSION_GATES, Stage, Status, resubmission_gates, submission_gates
from ..wording import in_words, named
from .certificate_facts import checked_for
from .coverage import taken_in, taken_in_rows
from .entry_facts import entry_facts, entry_questions, open_now
from .rulebooks import Rules, closed_refusal, rule_in_force

_ACHIEVED = Prepared(
    lambda: (
        Achievement.objects.filter(enterprise=Given("enterprise"))
        .in_force(on=Given("on"))
        .order_by("effective_on")
        .values_list("stage", "round", "effective_on")
    )
)
_TAKEN_IN = Prepared(lambda: taken_in_rows(enterprise=Given("enterprise"), on=Given("on")))
_OPEN_FINDINGS = Prepared(
    lambda: (
        Finding.objects.filter(enterprise=Given("enterprise"), closed_at__isnull=True)
        .order_by("number")
        .values_list("number", "round")
    )
)
_ON_FILE = Prepared(
    lambda: Evidence.objects.on_file().filter(application=Given("application")).order_by().values_list("requirement")
)
_NOTICED = OuterRef("notice__ledger_number")
_WINDOWS = Prepared(
    lambda: Batch.objects.announced(on=Given("on")).order_by("-opens_on").values_list("stage", "opens_on", "sheet")
)
_ASSESSED_BY = Prepared(
    lambda: SelfScore.objects.filter(application=Given("application")).order_by().values_list("item__sheet").distinct()
)
_ITEMS = SheetItem.objects.filter(sheet=OuterRef("notice__batch__sheet")).order_by().values("sheet")
_RESULT = (
    "result__grade",
    Coalesce("points", "result__total"),
    "notice__batch__sheet__pass_line",
    "full",
    "notice__number",
    "notice__published_at",
)
_NOTICE = Prepared(
    lambda: (
        NoticeLine.objects.filter(
            application=Given("application"), result__sitting=Subquery(sittings(Given("application")))
        )
        .annotate(
            appealed=Exists(appeals(Given("application")).filter(ledger_number__gt=_NOTICED)),
            full=Subquery(_ITEMS.annotate(full=Sum("maximum")).values("full")),
        )
        .order_by()
        .values_list(
            Coalesce("is_in", "result__passed"), "notice__ends_on", "notice__appeal_until", "appealed", *_RESULT
        )
    )
)


def dossier_of(
    enterprise: Enterprise, *, on: date, application: Application | None = None, gates: Sequence[str] = SUBMISSION_GATES
) -> Dossier:
    """What the gates ask of the enterprise on a day, with the application's content where there is one."""
    return ask(dossier(enterprise, on=on, application=application, gates=gates))


def dossier(
    enterprise: Enterprise, *, on: date, application: Application | None, gates: Sequence[str]
) -> Question[Dossier]:
    asked = _asked(enterprise, on, application, gates)
    check = checked_for(application, on=on) if application and asks_for_certificate(gates) else None

    def made_of(answers: Sequence[list[Row]]) -> Dossier:
        found = dict(zip(asked, answers, strict=True))
        return Dossier(
            day=on,
            contact_given=not asks_for_contact(gates) or bool(enterprise.contact_name and enterprise.contact_phone),
            township_known=enterprise.township.level == DivisionLevel.TOWNSHIP,
            rounds=_rounds(found["achieved"]),
            round=application.round if application else 0,
            fields=application.fields if application else {},
            evidence=Counter(requirement for (requirement,) in found.get("papers", ())),
            modules=frozenset(application.modules) if application else frozenset(),
            correct_by=application.correct_by if application else None,
            taken_in=taken_in(found.get("taken_in", ())),
            certificate=check,
            open_windows=frozenset(stage for stage, _sheet in open_now(found, on)),
            next_windows={stage: day for stage, day, _sheet in found.get("windows", ()) if day > on},
            window_sheets=dict(open_now(found, on)),
            assessed_by=frozenset(sheet for (sheet,) in found.get("assessed", ())),
            panel=next((PanelFacts(*row) for row in found.get("notice", ())), None),
            open_findings=tuple(OpenFinding(*row) for row in found.get("findings", ())),
            **entry_facts(found, application),
        )

    return Question(tuple(asked.values()), made_of)


def _asked(
    enterprise: Enterprise, on: date, application: Application | None, gates: Sequence[str]
) -> dict[str, Statement]:
    """The questions that these gates need answered, by name."""
    asked = {"achieved": _ACHIEVED.given(enterprise=enterprise.pk, on=on)}
    if application and asks_for_papers(gates):
        asked["papers"] = _ON_FILE.given(application=application.pk)
    if asks_for_coverage(gates):
        asked["taken_in"] = _TAKEN_IN.given(enterprise=enterprise.pk, on=on)
    if asks_for_windows(gates):
        asked["windows"] = _WINDOWS.given(on=on)
        if application:
            asked["assessed"] = _ASSESSED_BY.given(application=application.pk)
    if application and asks_for_panel(gates):
        asked["notice"] = _NOTICE.given(application=application.pk)
    if asks_for_findings(gates):
        asked["findings"] = _OPEN_FINDINGS.given(enterprise=enterprise.pk)
    return asked | entry_questions(gates, enterprise.pk, application, on=on)


def _rounds(achieved: Iterable[Row]) -> dict[str, dict[int, date]]:
    found: dict[str, dict[int, date]] = {}
    for stage, number, day in achieved:
        found.setdefault(stage, {}).setdefault(number, day)  # of two in one round the earlier
    return found


@dataclass(frozen=True, slots=True)
class Paper:
    """A required paper and what is on file for it."""

    code: str
    label: str
    group: str
    group_label: str
    required: bool
    basis: str
    help_text: str
    files: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an enterprise sees of a stage: reached since, the open application, what is missing, papers.

    `round`: the one that is applied for, or would be. `conditions`: all of the batch that it is applied for in.
    """

    stage: Stage
    round: int
    reached_on: date | None
    application: Application | None
    missing: tuple[Refusal, ...]
    possible_on: date | None
    papers: tuple[Paper, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether an application can be started now."""
        blocking = {
            "already_achieved",
            "round_not_next",
            "prerequisite_missing",
            "wait_not_over",
            "system_not_covered",
            "stage_closed",
        }
        return self.application is None and not any(refusal.code in blocking for refusal in self.missing)


def missing_for(application: Application, rules: Rules, *, on: date) -> list[Refusal]:
    """What the application still lacks for submission."""
    return checked_for_submission(application, rules, on=on)[0]


def checked_for_submission(
    application: Application, rules: Rules, *, on: date
) -> tuple[list[Refusal], tuple[Condition, ...]]:
    """The same, with every condition of its batch, met ones too."""
    is_returned = application.status == Status.RETURNED
    gates = resubmission_gates(application.stage) if is_returned else submission_gates(application.stage)
    dossier = dossier_of(application.enterprise, on=on, application=application, gates=gates)
    closed = [closed_refusal(application.stage)] if rules.is_closed else []
    return closed + refusals(gates, rules.rule, dossier), conditions_of(application.stage, dossier)


def outlook(enterprise: Enterprise, *, on: date, seen_by: Account) -> list[Outlook]:
    """Every stage that is applied for, in order, as the enterprise stands on a day.

    What an applicant has begun is the applicant's own; others see the stage without it.
    """
    own = enterprise.pk == seen_by.enterprise_id
    rows = Application.objects.filter(enterprise=enterprise, status__in=[status.value for status in OPEN_STATUSES])
    open_ones = {row.stage: row for row in rows} if own else {}
    stages = [stage for stage in STAGES.values() if stage.applied_for]
    return [_stage_outlook(enterprise, stage, open_ones.get(stage.code), on) for stage in stages]


def _stage_outlook(enterprise: Enterprise, stage: Stage, application: Application | None, on: date) -> Outlook:
    gates = submission_gates(stage.code)
    dossier = dossier_of(enterprise, on=on, application=application, gates=gates)
    number, since = dossier.round or dossier.next_round(stage.code), dossier.reached(stage.code)
    try:
        rules = rule_in_force(stage.code, on=on)
    except NotPossible as closed:
        return Outlook(stage, number, since, application, closed.refusals, None, ())
    missing = tuple(refusals(gates, rules.rule, dossier))
    days = [refusal.possible_on for refusal in missing if refusal.possible_on]
    return Outlook(
        stage=stage,
        round=number,
        reached_on=since,
        application=application,
        missing=missing,
        possible_on=max(days) if days else None,
        papers=papers_of(rules, application.evidence.on_file() if application else ()),
        conditions=conditions_of(stage.code, dossier),
    )


def papers_of(rules: Rules, on_file: Iterable[Evidence]) -> tuple[Paper, ...]:
    """The papers that the rule asks for, each with its files."""
    files: dict[str, list[Evidence]] = {}
    for row in on_file:
        files.setdefault(row.requirement, []).append(row)
    return tuple(
        Paper(
            code=need.code,
            label=named(need),
            group=need.group,
            group_label=str(EvidenceGroup(need.group).label),
            required=need.required,
            basis=need.basis or rules.rule.basis,
            help_text=in_words(need.help_text),
            files=tuple(files.get(need.code, ())),
        )
        for need in rules.rule.evidence
    )
