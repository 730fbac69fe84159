"""An application as a page shows it (申报书): its content, what stands against each clause, what changed.

A reviewer is shown what was submitted, not what the applicant is typing at the moment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Account

from ..coverage import Cover
from ..errors import Refusal
from ..fields import kept_in_words
from ..gates import FieldNeed, ModuleNeed
from ..models import Application, Decision, Document, Evidence, Finding
from ..queries import Content, content_shown, history
from ..rights import applicant_of
from ..selection.eligibility import Condition
from ..services.coverage import covered_for
from ..services.dossiers import Paper, checked_for_submission, papers_of
from ..services.findings import carried_into
from ..services.rulebooks import Rules, rules_for
from ..stages import STAGES, Stage, Status
from ..wording import named

EVIDENCE = "evidence."
MODULES = "modules"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with its value in words; `before` is what the previous submission said, if it said otherwise."""

    clause: str
    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class ShownModule:
    """A module of the menu: whether it is chosen, and whether that is new since the previous submission."""

    module: ModuleNeed
    is_chosen: bool
    is_changed: bool
    cover: Cover


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper with its files; those put on file since the previous submission are marked."""

    clause: str
    paper: Paper
    new: frozenset[Any] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class OpenDefect:
    """A defect that waits to be put right; `page` is where its applicant does that.

    `is_touched`: what it is about has been changed since; whether rightly, the reviewer will say.
    """

    clause: str
    name: str
    text: str
    page: str
    is_touched: bool


class Filing:
    """One application for one reader on one day."""

    def __init__(self, application: Application, reader: Account, *, on: date) -> None:
        self.application, self.reader, self.on = application, reader, on

    @cached_property
    def rules(self) -> Rules:
        return rules_for(self.application, on=self.on)

    @property
    def stage(self) -> Stage:
        return STAGES[self.application.stage]

    @cached_property
    def is_own(self) -> bool:
        return applicant_of(self.reader, self.application)

    # --- what was said and done --------------------------------------------------------------------

    @cached_property
    def decisions(self) -> list[Decision]:
        return list(history(self.application))

    @cached_property
    def documents(self) -> list[Document]:
        """The papers that were issued in it."""
        return list(self.application.documents.order_by("id"))

    @cached_property
    def submissions(self) -> list[Decision]:
        return [decision for decision in self.decisions if decision.action == "submit"]

    @cached_property
    def return_in_force(self) -> Decision | None:
        """The return that waits for its correction, if any."""
        if self.application.status != Status.RETURNED:
            return None
        return next((decision for decision in reversed(self.decisions) if decision.action == "return"), None)

    @property
    def lapse(self) -> Decision | None:
        """The move that ended it because it was not corrected in time, if that is how it ended."""
        return next((decision for decision in self.decisions[-1:] if decision.action == "lapse"), None)

    @cached_property
    def defects(self) -> dict[str, str]:
        """The open defects by clause."""
        found = self.return_in_force
        return {item["clause"]: item["text"] for item in found.defects} if found else {}

    @property
    def open_defects(self) -> list[OpenDefect]:
        found = self.named_defects(self.return_in_force) if self.return_in_force else []
        return [
            OpenDefect(clause, name, text, self._page_of(clause), clause in self.touched)
            for clause, name, text in found
        ]

    def _page_of(self, clause: str) -> str:
        part = self.part_of(clause)
        return f"application-{part}" if part != "enterprise" else ""

    @cached_property
    def clauses(self) -> dict[str, str]:
        """Everything that a defect can be about, with its name."""
        words = {need.code: named(need) for need in self.rules.rule.fields}
        if self.rules.rule.menu:
            words[MODULES] = _("模块选择")
        words |= {EVIDENCE + need.code: named(need) for need in self.rules.rule.evidence}
        return {**words, OTHER: _("其他事项")}

    def named_defects(self, decision: Decision) -> list[tuple[str, str, str]]:
        """(clause, its name, what is wrong) of a return."""
        return [
            (item["clause"], self.clauses.get(item["clause"], item["clause"]), item["text"])
            for item in decision.defects
        ]

    # --- content -----------------------------------------------------------------------------------

    @cached_property
    def content(self) -> Content:
        return content_shown(self.application, self.reader)

    @cached_property
    def baseline(self) -> Decision | None:
        """The submission that this content is compared with: the one that a correction started from."""
        is_correcting = self.is_own and self.application.status == Status.RETURNED
        earlier = self.submissions if is_correcting else self.submissions[:-1]
        return earlier[-1] if earlier else None

    @cached_property
    def previous(self) -> dict[str, Any] | None:
        """What the baseline said."""
        return dict(self.baseline.snapshot) if self.baseline else None

    @cached_property
    def touched(self) -> frozenset[str]:
        """The clauses that say something else than in the baseline."""
        found = {shown.clause for shown in self.fields if shown.before is not None}
        found |= {shown.clause for shown in self.papers if shown.new}
        if any(shown.is_changed for _chapter, modules in self.chapters for shown in modules):
            found.add(MODULES)
        return frozenset(found)

    @cached_property
    def fields(self) -> list[ShownField]:
        now, before = self.content.fields, (self.previous or {}).get("fields")
        return [_shown_field(need, now, before) for need in self.rules.rule.fields]

    @cached_property
    def chapters(self) -> list[tuple[str, list[ShownModule]]]:
        """The menu of modules by chapter."""
        now, before = set(self.content.modules), (self.previous or {}).get("modules")
        shown = [
            ShownModule(
                module,
                module.code in now,
                before is not None and (module.code in now) != (module.code in before),
                self.covered.get(module.code, Cover()),
            )
            for module in self.rules.rule.menu
        ]
        return [(chapter, list(group)) for chapter, group in groupby(shown, key=lambda item: item.module.chapter)]

    @cached_property
    def covered(self) -> Mapping[str, Cover]:
        """The modules that other rounds have taken in; nothing to say in a first round."""
        if self.application.round == 1:
            return {}
        menu, row = [module.code for module in self.rules.rule.menu], self.application
        return covered_for(row.enterprise, self.rules.rule.edition, menu, on=self.on).modules

    @cached_property
    def carried(self) -> list[Finding]:
        """The findings of earlier rounds that are to be closed in this one."""
        return list(carried_into(self.application)) if self.application.round > 1 else []

    @property
    def chosen_in_words(self) -> str:
        """The modules kept beside the obligatory ones."""
        kept = [module for _chapter, modules in self.chapters for module in modules if module.is_chosen]
        chosen = [shown.module for shown in kept if not shown.module.obligatory]
        return _("、").join(f"{module.code} {named(module)}" for module in chosen)

    @cached_property
    def papers(self) -> list[ShownPaper]:
        since = self.baseline.at if self.baseline else None
        return [
            ShownPaper(EVIDENCE + paper.code, paper, _newer(paper.files, since))
            for paper in papers_of(self.rules, self.content.evidence)
        ]

    @property
    def paper_groups(self) -> list[tuple[str, list[ShownPaper]]]:
        """The papers by what they show (四落实, commitment), in the order of the rule."""
        grouped: dict[str, list[ShownPaper]] = {}
        for shown in self.papers:
            grouped.setdefault(shown.paper.group_label, []).append(shown)
        return list(grouped.items())

    @cached_property
    def taken_off(self) -> list[Evidence]:
        """Files of the baseline that the content shown no longer has."""
        if self.baseline is None:
            return []
        then = Evidence.objects.on_file(as_of=self.baseline.at).filter(application=self.application)
        return list(then.exclude(pk__in=self.content.evidence.values("pk")))

    @property
    def is_changed(self) -> bool:
        """Whether anything is said or filed otherwise than in the baseline."""
        return bool(self.touched or self.taken_off)

    # --- what is missing ---------------------------------------------------------------------------

    @cached_property
    def _checked(self) -> tuple[list[Refusal], tuple[Condition, ...]]:
        return checked_for_submission(self.application, self.rules, on=self.on)

    @property
    def missing(self) -> list[Refusal]:
        return self._checked[0]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions of the batch, met ones too."""
        return self._checked[1]

    def missing_of(self, part: str) -> list[Refusal]:
        return [refusal for refusal in self.missing if self.part_of(refusal.field) == part]

    def part_of(self, clause: str) -> str:
        """The part of the form that a clause belongs to: fields, modules, evidence, or the enterprise itself."""
        if clause == MODULES:
            return "modules"
        if clause.startswith(EVIDENCE):
            return "evidence"
        return "fields" if any(need.code == clause for need in self.rules.rule.fields) else "enterprise"


def _shown_field(need: FieldNeed, now: dict[str, Any], before: dict[str, Any] | None) -> ShownField:
    value = kept_in_words(need, now.get(need.code))
    was = kept_in_words(need, before.get(need.code)) if before is not None else value
    return ShownField(need.code, named(need), value, was if was != value else None)


def _newer(files: Iterable[Evidence], since: datetime | None) -> frozenset[Any]:
    return frozenset(row.pk for row in files if since is not None and row.uploaded_at > since)
