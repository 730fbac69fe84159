"""Where an application stands, in one reading: its enterprise, its open step, its rules, what bars a person.

Read after the lock of its row, so that it is what holds while the row is locked.
"""

from dataclasses import dataclass

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from enterprises.models import Account, Division, Enterprise
from ledger.prepared import Given, Prepared, Row, columns_of, made, run

from ..models import Application, ApplicationStep
from ..rights import earlier_decisions, ties
from .rulebooks import Rules


@dataclass(frozen=True, slots=True)
class Standing:
    """An application and one person who looks at it."""

    enterprise: Enterprise
    step: ApplicationStep | None
    rule_id: int
    digest: str
    own_interest: bool
    decided_before: bool

    @property
    def was_accepted(self) -> bool:
        """Whether the level where it stands has accepted it."""
        return self.step is not None and self.step.accepted_at is not None

    @property
    def rules(self) -> Rules:
        """The rules that hold for it since its submission."""
        return Rules(self.rule_id, self.digest)


def locked(application: Application, actor: Account) -> tuple[Application, Standing]:
    """The application, nobody else's until the transaction ends, and how it stands then."""
    rows, standing = run(_LOCKED.given(pk=application.pk), _STANDING.given(pk=application.pk, actor=actor.pk))
    if not rows:
        raise Application.DoesNotExist(application.pk)
    row, found = made(Application, rows[0]), _standing(standing[0], actor)
    row.enterprise = found.enterprise
    return row, found


def standing_of(application: Application, actor: Account) -> Standing:
    """How it stands now, without a lock."""
    return _standing(_STANDING.rows(pk=application.pk, actor=actor.pk)[0], actor)


def _standing(row: Row, actor: Account) -> Standing:
    enterprise, township, step, (rule_id, digest, declared, decided_before) = _parts(row)
    place = made(Enterprise, enterprise)
    place.township = made(Division, township)
    return Standing(
        enterprise=place,
        step=None if step[0] is None else made(ApplicationStep, step),
        rule_id=rule_id,
        digest=digest,
        own_interest=actor.enterprise_id == place.pk or declared,
        decided_before=decided_before,
    )


_LOCKED = Prepared(
    lambda: Application.objects.select_for_update().filter(pk=Given("pk")).values_list(*columns_of(Application))
)


def _query() -> "QuerySet[Application, Row]":
    actor = Given("actor")
    return (
        Application.objects.filter(pk=Given("pk"))
        .annotate(
            open_step=FilteredRelation("steps", condition=Q(steps__closed_at__isnull=True)),
            declared=Exists(ties(account=actor, enterprise=OuterRef("enterprise"))),
            decided_before=Exists(earlier_decisions(account=actor, application=OuterRef("pk"), turn=OuterRef("turn"))),
        )
        .order_by()
        .values_list(
            *columns_of(Enterprise, "enterprise__"),
            *columns_of(Division, "enterprise__township__"),
            *columns_of(ApplicationStep, "open_step__"),
            "rule_id",
            "rule__rulebook__digest",
            "declared",
            "decided_before",
        )
    )


_STANDING = Prepared(_query)
_LENGTHS = [len(columns_of(model)) for model in (Enterprise, Division, ApplicationStep)]


def _parts(row: Row) -> list[Row]:
    """The row's columns, model by model; last those of no model."""
    parts, start = [], 0
    for length in _LENGTHS:
        parts.append(row[start : start + length])
        start += length
    return [*parts, row[start:]]
