"""Where an enterprise stands (企业办理现状): the path of stages, what is missing next, applications, achievements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from enterprises.masking import masked_phone
from enterprises.models import Account, Enterprise, HighTechPeriod

from ..certificates import Shown
from ..errors import Refusal
from ..files import certificates_of
from ..inputs.credit_rows import Credit, credit_shown
from ..inputs.figure_rows import years_of
from ..inputs.priority_rows import Priorities, priorities_shown
from ..models import Achievement, Application, Finding, YearFigures
from ..selection.eligibility import ELIGIBILITY
from ..services.coverage import CoverageMap, coverage_maps
from ..services.dossiers import Outlook, outlook
from ..stages import OPEN_STATUSES, STAGES, Programme, Stage
from ..titles import Shown as ShownTitle
from ..titles import titles_of

CONDITIONS = ("stage", "contact", "township", "batch")


@dataclass(frozen=True, slots=True)
class PathStep:
    """A stage on the way: `state` is reached, lapsed, open (application under way), ready, waiting or later."""

    stage: Stage
    achievement: Achievement | None
    outlook: Outlook | None
    state: str


class Standing:
    """One enterprise on a day."""

    def __init__(self, enterprise: Enterprise, *, on: date, seen_by: Account) -> None:
        self.enterprise, self.on, self.seen_by = enterprise, on, seen_by

    @cached_property
    def achievements(self) -> Sequence[Achievement]:
        """All that is on record, the latest first."""
        rows = Achievement.objects.filter(enterprise=self.enterprise).select_related("reporting_unit", "application")
        return list(rows.order_by("-effective_on", "-id"))

    @cached_property
    def outlooks(self) -> dict[str, Outlook]:
        return {found.stage.code: found for found in outlook(self.enterprise, on=self.on, seen_by=self.seen_by)}

    @cached_property
    def path(self) -> list[PathStep]:
        """The stages of 贯标 in order."""
        return [self._step(stage) for stage in STAGES.values() if stage.programme is Programme.GUANBIAO]

    def _step(self, stage: Stage) -> PathStep:
        facts = [row for row in self.achievements if row.stage == stage.code and row.effective_on <= self.on]
        holding = next((row for row in facts if row.ended_on is None or row.ended_on > self.on), None)
        found = self.outlooks.get(stage.code)
        if holding:
            return PathStep(stage, holding, found, "reached")
        return PathStep(stage, facts[0] if facts else None, found, _state(found) or ("lapsed" if facts else "later"))

    @cached_property
    def coverage(self) -> list[CoverageMap]:
        """What the rounds have taken in, by edition."""
        return coverage_maps(self.enterprise, on=self.on)

    @cached_property
    def next_stages(self) -> list["NextStage"]:
        """The stages that can still be applied for, with what each lacks; a further round until all is covered."""
        open_ones = [each for each in self.outlooks.values() if each.reached_on is None or self._goes_on(each)]
        nearest = min(open_ones, key=_nearness, default=None)
        return [NextStage(found, is_nearest=found is nearest) for found in open_ones]

    def _goes_on(self, found: Outlook) -> bool:
        is_covered = any(each.is_current and each.is_whole for each in self.coverage)
        return found.stage.has_rounds and (found.application is not None or not is_covered)

    @cached_property
    def applications(self) -> Sequence[Application]:
        rows = Application.objects.filter(enterprise=self.enterprise).select_related("rule__rulebook", "township")
        return list(rows.order_by("-id"))

    @cached_property
    def findings(self) -> Sequence[Finding]:
        return list(Finding.objects.visible_to(self.seen_by).filter(enterprise=self.enterprise))

    @property
    def open_applications(self) -> list[Application]:
        return [row for row in self.applications if row.status in OPEN_STATUSES]

    @property
    def closed_applications(self) -> list[Application]:
        return [row for row in self.applications if row.status not in OPEN_STATUSES]

    @cached_property
    def certificates(self) -> Sequence[Shown]:
        """Its third-party certificates, the latest first."""
        return certificates_of(self.enterprise, on=self.on)

    @cached_property
    def titles(self) -> Sequence[ShownTitle]:
        """Its titles, the latest first."""
        return titles_of(self.enterprise, on=self.on)

    @cached_property
    def credit(self) -> Credit:
        """How its credit stands, with its checks."""
        return credit_shown(self.enterprise, on=self.on)

    @cached_property
    def priorities(self) -> Priorities:
        """Its priorities with how they stand."""
        return priorities_shown(self.enterprise, on=self.on)

    @cached_property
    def figures(self) -> Sequence[YearFigures]:
        """The years of which it stated figures."""
        return list(years_of(self.enterprise))

    @cached_property
    def high_tech(self) -> HighTechPeriod | None:
        """The latest high-tech period."""
        return HighTechPeriod.objects.filter(enterprise=self.enterprise).order_by("-valid_from").first()

    @property
    def phone(self) -> str:
        return masked_phone(self.enterprise.contact_phone)


def _nearness(found: Outlook) -> int:
    """What is under way, what may be begun for the first time, a further round, what must wait: in this order."""
    if found.application:
        return 0
    if not found.is_open:
        return 3
    return 2 if found.round > 1 else 1


def _state(found: Outlook | None) -> str:
    if found is None:
        return ""
    if found.application:
        return "open"
    return "ready" if found.is_open else "waiting"


class NextStage:
    """What one stage lacks: conditions of the enterprise apart from the content of the form.

    `is_nearest`: of all that lie ahead, the one to be done next.
    """

    def __init__(self, found: Outlook, *, is_nearest: bool) -> None:
        self.outlook, self.stage, self.application, self.is_nearest = found, found.stage, found.application, is_nearest

    @property
    def conditions(self) -> list[Refusal]:
        return [refusal for refusal in self.outlook.missing if refusal.field in CONDITIONS]

    @property
    def lacking(self) -> list[Refusal]:
        """What an application lacks, but for the conditions of its batch, which are told with those that are met."""
        return [refusal for refusal in self.outlook.missing if refusal.field != ELIGIBILITY]

    @property
    def is_eligible(self) -> bool:
        return all(each.is_met or not each.is_required for each in self.outlook.conditions)

    @property
    def content(self) -> list[Refusal]:
        return [refusal for refusal in self.outlook.missing if refusal.field not in CONDITIONS]
