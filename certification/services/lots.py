"""What a draw by lot is made from, asked for all applications at once: their fields, who is barred, who sat before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from enterprises.identifiers import search_form
from enterprises.models import Account, DeclaredInterest, EnterpriseName

from ..draw import Candidate, Drawn, Subject, draw, field_of
from ..models import Advising, Application, Batch, Decision, Evaluation, EvaluationState, ExpertField
from ..stages import Status
from .experts import pool


@dataclass(frozen=True, slots=True)
class Lots:
    """The lots of one application: how many experts it lacks, and in which order they are called.

    `place`: how many its present sitting has called so far.
    """

    application: Application
    sitting: int
    place: int
    missing: int
    field: str
    drawn: Drawn
    fields: Mapping[str, Sequence[str]]


def lots_of(applications: Sequence[Application], batch: Batch, *, on: date) -> list[Lots]:
    """The draw for each as it would be on a day; the same questions however many there are.

    Nobody is called twice to an application, not after an appeal either.
    """
    before: dict[int, list[Evaluation]] = defaultdict(list)
    for row in Evaluation.objects.filter(application__in=applications):
        before[row.application_id].append(row)
    sittings, subjects, free = sittings_of(applications), subjects_of(applications, on=on), pool()
    return [_lots(each, batch, sittings[each.pk], before[each.pk], subjects[each.pk], free) for each in applications]


def _lots(
    application: Application,
    batch: Batch,
    sitting: int,
    before: Sequence[Evaluation],
    subject: Subject,
    free: Sequence[Candidate],
) -> Lots:
    without = _codes(row.expert_id for row in before)
    now = [row for row in before if row.sitting == sitting]
    drawn = draw(free, subject, seed=batch.seed, without=without)
    return Lots(
        application=application,
        sitting=sitting,
        place=len(now),
        missing=batch.experts - sum(row.state != EvaluationState.RECUSED for row in now),
        field=subject.field,
        drawn=drawn,
        fields={each.code: sorted(each.fields) for each in free if each.code not in without},
    )


def sittings_of(applications: Iterable[Application]) -> dict[int, int]:
    """The number of the present (or last) sitting of each; 0: it has not been sent to the experts."""
    keys = [row.pk for row in applications]
    sent = Decision.objects.filter(application__in=keys, to_status=Status.EVALUATING.value).order_by()
    return dict.fromkeys(keys, 0) | dict(sent.values_list("application").annotate(times=Count("pk")))


def subjects_of(applications: Sequence[Application], *, on: date) -> dict[int, Subject]:
    """What the draw must know of each application; its enterprise is loaded."""
    enterprises = [row.enterprise_id for row in applications]
    fields = dict(ExpertField.objects.values_list("code", "industries"))
    advising = Advising.objects.filter(enterprise__in=enterprises, valid_from__lte=on)
    ties = DeclaredInterest.objects.filter(enterprise__in=enterprises, ended_at__isnull=True)
    people = Account.objects.filter(enterprise__in=enterprises)
    moves = Decision.objects.filter(application__in=[row.pk for row in applications], role="applicant")
    names = _grouped(EnterpriseName.objects.filter(enterprise__in=enterprises).values_list("enterprise", "name"))
    advisers = _grouped(advising.values_list("enterprise", "organisation"))
    tied = _grouped(ties.values_list("enterprise", "account"))
    employed = _grouped(people.values_list("enterprise", "pk"))
    applied = _grouped(moves.values_list("application", "actor"))
    return {
        row.pk: Subject(
            number=row.number,
            enterprise=row.enterprise.uscc,
            names=frozenset(map(search_form, [row.enterprise.name, *names[row.enterprise_id]])),
            field=field_of(row.enterprise.industry, fields),
            advisers=frozenset(advisers[row.enterprise_id]),
            tied=_codes(tied[row.enterprise_id]),
            applied=_codes([*applied[row.pk], *employed[row.enterprise_id], row.created_by_id]),
        )
        for row in applications
    }


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, set[Any]]:
    found: dict[Any, set[Any]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found


def _codes(keys: Iterable[int]) -> frozenset[str]:
    return frozenset(f"account:{key}" for key in keys)
