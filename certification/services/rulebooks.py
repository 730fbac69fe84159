"""Finding the rule of a day, reading it as the gates need it, freezing it at first use."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet, Subquery
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from ledger.contents import content_digest
from ledger.prepared import Day, Given, Prepared
from ledger.record import Actor, Fact, record
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal
from ..gates import EvidenceNeed, FieldNeed, ModuleNeed, Rule, Wait
from ..models import Application, ModuleItem, RouteStep, Rulebook, StageRule
from ..papers.uploads import ALLOWED, megabytes
from ..stages import STAGES, Level, Status
from ..wording import named


@dataclass(frozen=True, slots=True)
class Content:
    """What a stage rule says: the pure rule for the gates, and the levels of its route in order."""

    rule: Rule
    route: tuple[RouteStep, ...]


class Rules:
    """A stage rule with everything of it in memory, read once.

    What is frozen is read once in a process: it is known by its rulebook's digest, which is of all of it.
    """

    def __init__(self, rule_id: int, digest: str, *, row: StageRule | None = None, is_closed: bool = False) -> None:
        self.rule_id = rule_id
        self._content = frozen_content(rule_id, digest) if digest else content_of_rule(rule_id)
        self._row = row
        self.is_closed = is_closed

    @property
    def row(self) -> StageRule:
        if self._row is None:
            self._row = with_book(StageRule.objects.all()).get(pk=self.rule_id)
        return self._row

    @property
    def rule(self) -> Rule:
        return self._content.rule

    @property
    def route(self) -> tuple[RouteStep, ...]:
        return self._content.route

    def step_at(self, level: str) -> RouteStep:
        return next(step for step in self.route if step.level == level)

    def is_last(self, level: str) -> bool:
        return bool(self.route) and self.route[-1].level == level

    def next_after(self, level: str) -> RouteStep:
        """The next level of the route; of an empty level, the first."""
        levels = [step.level for step in self.route]
        return self.route[levels.index(level) + 1 if level else 0]


def content_of_rule(rule_id: int) -> Content:
    row = with_content(StageRule.objects.all()).get(pk=rule_id)
    return Content(as_rule(row), tuple(row.route.all()))


@lru_cache(maxsize=256)
def frozen_content(rule_id: int, digest: str) -> Content:
    """As content_of_rule; for ever, since another content would have another digest."""
    return content_of_rule(rule_id)


def with_book(rules: "QuerySet[StageRule]") -> "QuerySet[StageRule]":
    return rules.select_related("rulebook", "edition")


def with_content(rules: "QuerySet[StageRule]") -> "QuerySet[StageRule]":
    """Stage rules with route, waits, fields, papers and modules prefetched."""
    modules = Prefetch("edition__modules", queryset=ModuleItem.objects.order_by("order", "id"))
    return with_book(rules).prefetch_related("route", "waits", "fields", "evidence", "panel", modules)


def rules_in_force(*, on: date) -> "QuerySet[StageRule]":
    """The stage rules of the rulebook in force on a day, with all they say."""
    return with_content(_in_force(on=on))


def _in_force(*, on: Day) -> "QuerySet[StageRule]":
    """Of the rulebook of the day; of the latest where periods meet.

    A stage whose route does not reach the city is not open, and a rulebook without any open stage is not in force yet.
    """
    books = Rulebook.objects.filter(in_force_from__lte=on, stage_rules__route__level=Level.CITY)
    books = books.exclude(in_force_to__lt=on).order_by("-in_force_from")
    return StageRule.objects.filter(rulebook=Subquery(books.values("pk")[:1]), route__level=Level.CITY)


_OPEN = Prepared(
    lambda: _in_force(on=Given("on")).filter(stage=Given("stage")).order_by().values_list("pk", "rulebook__digest")
)


def rule_in_force(stage: str, *, on: date) -> Rules:
    """The stage's rule on a day; NotPossible when the stage is not open for application then."""
    known = STAGES.get(stage)
    rows = _OPEN.rows(stage=stage, on=on)
    if known is None or not known.applied_for or not rows:
        raise NotPossible([closed_refusal(stage)])
    return Rules(*rows[0])


def rules_of(rule_id: int, *, is_closed: bool = False) -> Rules:
    return _rules(with_book(StageRule.objects.all()).get(pk=rule_id), is_closed=is_closed)


def _rules(row: StageRule, *, is_closed: bool = False) -> Rules:
    return Rules(row.pk, row.rulebook.digest, row=row, is_closed=is_closed)


def rules_for(application: Application, *, on: date) -> Rules:
    """The rules by which an application is filled in: a draft's are those of the day, later ones stay.

    A draft of a stage that has been closed meanwhile is shown by the rules it was opened under.
    """
    if application.status != Status.DRAFT:
        return rules_of(application.rule_id)
    try:
        return rule_in_force(application.stage, on=on)
    except NotPossible:
        return rules_of(application.rule_id, is_closed=True)


def closed_refusal(stage: str) -> Refusal:
    """Why nothing can be applied for in a stage now."""
    known = STAGES.get(stage)
    message = _("“%(stage)s”目前不受理在线申报") % {"stage": named(known) if known else stage}
    return Refusal("stage_closed", message, field="stage", remedy=_("请关注受理通知"))


def as_rule(row: StageRule) -> Rule:
    """The rows of a stage rule as the pure value that gates.py works on."""
    modules = row.edition.modules.all() if row.edition else ()
    return Rule(
        stage=row.stage,
        year=row.rulebook.year,
        basis=row.basis,
        fields=tuple(
            FieldNeed(
                code=f.code,
                label=f.label,
                kind=f.kind,
                required=f.required,
                choices=tuple((str(code), str(name)) for code, name in f.choices),
                minimum=f.minimum,
                maximum=f.maximum,
                max_length=f.max_length,
                unit=f.unit,
                help_text=f.help_text,
                label_en=f.label_en,
                is_past=f.is_past,
            )
            for f in row.fields.all()
        ),
        evidence=tuple(
            EvidenceNeed(e.code, e.label, e.group, e.required, e.basis, e.help_text, e.label_en)
            for e in row.evidence.all()
        ),
        edition=row.edition_id or "",
        modules=tuple(ModuleNeed(m.code, m.title, m.chapter, m.obligatory, m.title_en) for m in modules),
        minimum_chosen_modules=row.edition.minimum_chosen_modules if row.edition else 0,
        waits=tuple(Wait(w.after_stage, w.months, w.basis) for w in row.waits.all()),
        file_types=ALLOWED,
        most_megabytes=megabytes(settings.EVIDENCE_MAX_BYTES),
    )


def content_of(book: Rulebook) -> dict[str, Any]:
    """Everything a rulebook says, as canonical values, for its digest."""
    stages = []
    for row in with_content(StageRule.objects.filter(rulebook=book)).order_by("stage"):
        parts = {
            name: [_plain(item) for item in getattr(row, name).all()]
            for name in ("route", "waits", "fields", "evidence")
        }
        modules = [_plain(item) for item in row.edition.modules.all()] if row.edition else []
        # Left out where there is none: rulebooks that were frozen before panels keep their digest.
        if panel := [_plain(item) for item in row.panel.all()]:
            parts["panel"] = panel
        minimum = row.edition.minimum_chosen_modules if row.edition else 0
        stages.append(
            {
                "minimum": minimum,
                "stage": row.stage,
                "basis": row.basis,
                "edition": row.edition_id,
                "modules": modules,
                **parts,
            }
        )
    return {"year": book.year, "from": str(book.in_force_from), "stages": stages}


SINCE_LATER = ("correction_days", "is_past")


def _plain(item: Any) -> dict[str, Any]:
    """A row's own columns; numbers as text, since a float or Decimal has no canonical form.

    Columns that came later are left out while they say nothing: what was frozen before them keeps its digest.
    """
    values = model_to_dict(item, exclude=["id", "rule", "edition"])
    values = {key: value for key, value in values.items() if key not in SINCE_LATER or value}
    return {
        key: value if isinstance(value, bool | int | list) or value is None else str(value)
        for key, value in values.items()
    }


def freeze(book: Rulebook, *, actor: Actor, at: datetime) -> None:
    """From its first submitted application on, a rulebook no longer changes; its digest is on record."""
    if book.is_frozen:
        return
    book = Rulebook.objects.select_for_update().get(pk=book.pk)  # whoever is changing it now comes before the digest
    if book.is_frozen:
        return
    content = content_digest(content_of(book))
    Rulebook.objects.filter(pk=book.pk).update(frozen_at=at, digest=content)
    record(Fact(Verb.RULEBOOK_FROZEN, subject_of(book), {"digest": content}), actor=actor, at=at)


def subject_of(book: Rulebook) -> str:
    """Under what name the ledger speaks of a rulebook."""
    return f"rulebook:{book.year}:{book.in_force_from}"
