"""Gathering the facts that the gates judge, and saying what is missing for a next stage."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from enterprises.models import Account, Enterprise
from enterprises.models.place import DivisionLevel
from ledger.prepared import Given, Prepared, Question, Row, ask

from ..errors import NotPossible, Refusal
from ..gates import Dossier, asks_for_contact, asks_for_papers, refusals
from ..models import Achievement, Application, Evidence
from ..models.rulebook import EvidenceGroup
from ..stages import OPEN_STATUSES, RESUBMISSION_GATES, STAGES, SUBMISSION_GATES, Stage, Status
from ..wording import in_words, named
from .rulebooks import Rules, closed_refusal, rule_in_force

_ACHIEVED = Prepared(
    lambda: (
        Achievement.objects.filter(enterprise=Given("enterprise"))
        .in_force(on=Given("on"))
        .order_by("effective_on")
        .values_list("stage", "effective_on")
    )
)
_ON_FILE = Prepared(
    lambda: Evidence.objects.on_file().filter(application=Given("application")).order_by().values_list("requirement")
)


def dossier_of(
    enterprise: Enterprise, *, on: date, application: Application | None = None, gates: Sequence[str] = SUBMISSION_GATES
) -> Dossier:
    """What the gates ask of the enterprise on a day, with the application's content where there is one."""
    return ask(dossier(enterprise, on=on, application=application, gates=gates))


def dossier(
    enterprise: Enterprise, *, on: date, application: Application | None, gates: Sequence[str]
) -> Question[Dossier]:
    asked = [_ACHIEVED.given(enterprise=enterprise.pk, on=on)]
    if application and asks_for_papers(gates):
        asked.append(_ON_FILE.given(application=application.pk))

    def made_of(found: Sequence[list[Row]]) -> Dossier:
        achieved, *papers = found
        return Dossier(
            day=on,
            contact_given=not asks_for_contact(gates) or bool(enterprise.contact_name and enterprise.contact_phone),
            township_known=enterprise.township.level == DivisionLevel.TOWNSHIP,
            reached=dict(reversed(achieved)),  # of two in one stage the earlier
            fields=application.fields if application else {},
            evidence=Counter(requirement for rows in papers for (requirement,) in rows),
            modules=frozenset(application.modules) if application else frozenset(),
        )

    return Question(asked, made_of)


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
    """What an enterprise sees of a stage: reached since, the open application, what is missing, papers."""

    stage: Stage
    reached_on: date | None
    application: Application | None
    missing: tuple[Refusal, ...]
    possible_on: date | None
    papers: tuple[Paper, ...]

    @property
    def is_open(self) -> bool:
        """Whether an application can be started now."""
        blocking = {"already_achieved", "prerequisite_missing", "wait_not_over", "stage_closed"}
        return self.application is None and not any(refusal.code in blocking for refusal in self.missing)


def missing_for(application: Application, rules: Rules, *, on: date) -> list[Refusal]:
    """What the application still lacks for submission."""
    dossier = dossier_of(application.enterprise, on=on, application=application)
    gates = RESUBMISSION_GATES if application.status == Status.RETURNED else SUBMISSION_GATES
    closed = [closed_refusal(application.stage)] if rules.is_closed else []
    return closed + refusals(gates, rules.rule, dossier)


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
    dossier = dossier_of(enterprise, on=on, application=application)
    try:
        rules = rule_in_force(stage.code, on=on)
    except NotPossible as closed:
        return Outlook(stage, dossier.reached.get(stage.code), application, closed.refusals, None, ())
    missing = tuple(refusals(SUBMISSION_GATES, rules.rule, dossier))
    days = [refusal.possible_on for refusal in missing if refusal.possible_on]
    return Outlook(
        stage=stage,
        reached_on=dossier.reached.get(stage.code),
        application=application,
        missing=missing,
        possible_on=max(days) if days else None,
        papers=papers_of(rules, application.evidence.on_file() if application else ()),
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
