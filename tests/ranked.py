"""A batch that is decided by rank, for tests; everything goes through the services."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from certification.models import Application, Batch, Evaluation, TriedSetting
from certification.selection.eligibility import Asked, Kind
from certification.selection.settings import Setting
from certification.selection.terms import BatchRules
from certification.services.batches import Plan, close_batch, open_batch, plan_batch
from certification.services.frozen_copies import freeze_copy, keep_setting
from certification.services.late_entries import grant_late_entry
from certification.services.panels import draw_panels
from certification.services.recommendations import rank_recommended
from certification.services.selection_terms import keep_terms
from enterprises.models import Account

from . import factories as make
from . import panels

STAGE, SHEET = "intensive.recognition", "intensive-sample"
REACHED = "guanbiao.evaluation"
WEIGHTS = {"creation": 20, "use": 40, "investment": 20, "management": 10, "influence": 10}
SETTING = Setting({code: Decimal(weight) for code, weight in WEIGHTS.items()}, quota=2, edge=Decimal(2))
RULES = BatchRules(
    setting=SETTING,
    eligibility=(
        Asked(Kind.REACHED, (REACHED, "project.strategy"), basis="公告第二条"),
        Asked(Kind.NOT_HOLDING, (STAGE,)),
        Asked(Kind.HIGH_TECH, is_required=False),
    ),
    recommended={"wujin": 4},
    ties=("item:use", "fact:own_ip_share", "earlier", "lot"),
)


def planned(city: Account, *, code: str = "2026-M", terms: BatchRules | None = RULES, **numbers: Any) -> Batch:
    day = make.NOW.date()
    plan = Plan(code, "2026 年密集型企业认定", STAGE, day - timedelta(5), day + timedelta(20), SHEET, **numbers)
    row = plan_batch(plan, actor=city, at=make.NOW)
    if terms:
        keep_terms(row, terms, actor=city, at=make.NOW)
    return row


def opened(city: Account, **said: Any) -> Batch:
    return open_batch(planned(city, **said), actor=city, at=make.NOW)


def ready(**fields: Any) -> Account:
    """The applicant of an enterprise that meets the rules."""
    person = make.applicant(make.enterprise(industry="C3489", **fields))
    assert person.enterprise
    make.achievement(person.enterprise, REACHED, make.NOW.date() - timedelta(400))
    return person


def submitted(person: Account) -> Application:
    return make.step(make.filled(person, stage=STAGE), "submit", person)


def at_unit(person: Account, staff: Mapping[str, Account]) -> Application:
    """Accepted by the reporting unit."""
    row = make.step(make.step(submitted(person), "accept", staff["township"]), "recommend", staff["township"])
    return make.step(row, "accept", staff["district"])


def sent(rows: list[Application], staff: Mapping[str, Account]) -> list[Application]:
    """Ranked by the unit in this order, and sent on to the experts."""
    batch = rows[0].batch
    assert batch
    rank_recommended(batch, [row.number for row in rows], actor=staff["district"], at=make.NOW)
    rows = [make.step(row, "recommend", staff["district"]) for row in rows]
    return [make.step(make.step(row, "accept", staff["city"]), "recommend", staff["city"]) for row in rows]


def scored(rows: list[Application], city: Account, *shares: str) -> Batch:
    """Closed, drawn, and each application scored by everybody with its share of the maxima."""
    batch = close_batch(Batch.objects.get(pk=rows[0].batch_id), actor=city, at=make.NOW)
    draw_panels(batch, actor=city, at=make.NOW)
    for row, share in zip(rows, shares, strict=True):
        for seat in Evaluation.objects.filter(application=row).select_related("application__batch__sheet", "expert"):
            panels.score(seat, share)
    batch.refresh_from_db()
    return batch


def frozen(
    staff: Mapping[str, Account], *shares: str, before: Callable[[Account], Any] = bool, **said: Any
) -> tuple[Batch, list[Application]]:
    """A batch with a candidate for each share, frozen; `before` gives each enterprise what it is to have."""
    for _ in range(4):
        panels.expert(staff["city"])
    batch = opened(staff["city"], **said)
    until = batch.closes_on + timedelta(1)
    grant_late_entry(batch, make.enterprise(), until=until, reason="系统故障，有记录", actor=staff["city"], at=make.NOW)
    people = [ready() for _ in shares]
    for person in people:
        before(person)
    rows = sent([at_unit(person, staff) for person in people], staff)
    batch = scored(rows, staff["city"], *shares)
    freeze_copy(batch, actor=staff["city"], at=panels.LATER)
    return batch, rows


def tried(batch: Batch, city: Account, name: str = "甲", **changed: Any) -> TriedSetting:
    return keep_setting(batch, name, replace(SETTING, **changed), actor=city, at=panels.LATER)
