"""What the gates judge: what a stage asks for (Rule), and what an enterprise brings on a day (Dossier). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .certificate_checks import Known, Stated
from .coverage import Taken
from .fields import FieldNeed
from .selection.eligibility import Asked, Credit, HighTech
from .stages import STAGES


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """A paper of the stage (佐证材料). `group` ties it to one of 四落实 or to the commitment."""

    code: str
    label: str
    group: str = ""
    required: bool = True
    basis: str = ""
    help_text: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class ModuleNeed:
    """A module of the standard's menu; obligatory ones belong to every run."""

    code: str
    label: str
    chapter: str
    obligatory: bool
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Months that must have passed since another stage was reached; 0 only asks that it was."""

    after_stage: str
    months: int
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One stage's rule of one year, as the gates need it."""

    stage: str
    year: int
    basis: str = ""
    fields: tuple[FieldNeed, ...] = ()
    evidence: tuple[EvidenceNeed, ...] = ()
    edition: str = ""
    modules: tuple[ModuleNeed, ...] = ()
    minimum_chosen_modules: int = 0
    waits: tuple[Wait, ...] = ()
    file_types: tuple[str, ...] = ()
    most_megabytes: int = 0

    @property
    def menu(self) -> tuple[ModuleNeed, ...]:
        """What an application chooses from; of a stage without modules they only say what the rounds must cover."""
        return self.modules if STAGES[self.stage].has_modules else ()


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding (不符合项) that nobody has closed yet, and the round that it was raised in."""

    number: str
    round: int


@dataclass(frozen=True, slots=True)
class CertificateCheck:
    """A stated certificate, and what the registry knows of it."""

    said: Stated
    known: Known


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """How far the evaluation of an application is: its latest result, and the notice that made it public."""

    passed: bool
    notice_ends: date | None = None
    appeal_until: date | None = None
    has_appealed: bool = False
    grade: str = ""
    total: Decimal | None = None
    pass_line: Decimal | None = None
    full_points: Decimal | None = None
    notice: str = ""
    noticed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts about an enterprise and its application on a day.

    `rounds`: of each stage the rounds in force, each with its day. `round`: the application's; 0: whichever is next.
    `window_sheets`: by which sheet it would be scored now; `assessed_by`: by which the enterprise assessed itself.
    `next_windows`: of a stage that is applied for in batches, the first day of a window that is announced.
    `correct_by`: of an application that was returned, the last day for its correction; None: no limit.
    `eligibility`: of a stage the rules of the batch that it is applied for in; `high_tech`, `credit`: asked about.
    """

    day: date
    contact_given: bool = True
    township_known: bool = True
    rounds: Mapping[str, Mapping[int, date]] = field(default_factory=dict)
    round: int = 0
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, int] = field(default_factory=dict)
    modules: frozenset[str] = frozenset()
    taken_in: tuple[Taken, ...] = ()
    open_findings: tuple[OpenFinding, ...] = ()
    certificate: CertificateCheck | None = None
    open_windows: frozenset[str] = frozenset()
    next_windows: Mapping[str, date] = field(default_factory=dict)
    window_sheets: Mapping[str, str] = field(default_factory=dict)
    assessed_by: frozenset[str] = frozenset()
    panel: PanelFacts | None = None
    correct_by: date | None = None
    eligibility: Mapping[str, tuple[Asked, ...]] = field(default_factory=dict)
    high_tech: tuple[HighTech, ...] = ()
    credit: Credit = field(default_factory=Credit)
    is_ranked_by_unit: bool = False

    def reached(self, stage: str) -> date | None:
        """The first day of a stage."""
        return min(self.rounds.get(stage, {}).values(), default=None)

    def next_round(self, stage: str) -> int:
        """The round of a stage that comes next; of a stage without rounds the first."""
        return max(self.rounds.get(stage, {}), default=0) + 1 if STAGES[stage].has_rounds else 1

    def reached_for(self, stage: str, earlier: str) -> date | None:
        """The day of the earlier stage on which a stage rests: where both have rounds, that of the same round."""
        if not (STAGES[stage].has_rounds and STAGES[earlier].has_rounds):
            return self.reached(earlier)
        return self.rounds.get(earlier, {}).get(self.round or self.next_round(stage))
