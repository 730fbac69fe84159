"""Batches, experts and applications before a panel, for tests; everything goes through the services."""

from datetime import date, datetime, timedelta
from typing import Any

from certification.models import Application, Batch, Evaluation, Expert, ScoreSheet
from certification.services.batches import Plan, close_batch, open_batch, plan_batch
from certification.services.experts import keep_expert
from certification.services.panels import draw_panels
from certification.services.scores import Given, keep_scores
from enterprises.models import Account
from enterprises.roles import Role

from . import factories as make

STAGE, SHEET = "guanbiao.evaluation", "sample-2026"
LATER = make.NOW + timedelta(days=1)


def expert(city: Account, *fields: str, **profile: Any) -> Account:
    """An expert whom a draw can find."""
    account = make.account(Role.EXPERT)
    said = {"employer": "常州试验大学", **profile}
    keep_expert(Expert(account=account, fields=list(fields or ("machinery",)), **said), actor=city, at=make.NOW)
    return account


def batch(city: Account, *, code: str = "2026-A", at: datetime = make.NOW, **numbers: Any) -> Batch:
    """A batch whose window is open."""
    day = make.NOW.date()
    plan = Plan(
        code, "2026 年下半年绩效评价", STAGE, day - timedelta(days=5), day + timedelta(days=20), SHEET, **numbers
    )
    return open_batch(plan_batch(plan, actor=city, at=at), actor=city, at=at)


def ready(**fields: Any) -> Account:
    """The applicant of an enterprise that has implemented the standard long enough."""
    person = make.applicant(make.enterprise(industry="C3489", **fields))
    assert person.enterprise
    make.achievement(person.enterprise, "guanbiao.implementation", date(2024, 1, 10))
    return person


def sent(person: Account, staff: dict[str, Account]) -> Application:
    """An application that has passed review and waits for its experts."""
    row = make.step(make.filled(person, stage=STAGE), "submit", person)
    for level in ("township", "district", "city"):
        row = make.step(make.step(row, "accept", staff[level]), "recommend", staff[level])
    return row


def seats(count: int) -> None:
    """Batches and evaluations as rows alone, for lists: what they say is looked at elsewhere."""
    city, sheet, day = make.account(Role.CITY_REVIEWER), ScoreSheet.objects.get(pk=SHEET), make.NOW.date()
    rows = [make.step(make.filled(person), "submit", person) for person in (make.applicant() for _ in range(count))]
    for row in rows:
        numbers = dict.fromkeys(("experts", "scoring_days", "notice_days", "appeal_days"), 5)
        said = {"stage": STAGE, "opens_on": day, "closes_on": day, "sheet": sheet, "created_at": make.NOW}
        row.batch = Batch.objects.create(code=f"B-{row.pk}", title="批次", created_by=city, **said, **numbers)
        row.save(update_fields=["batch"])
        expert = make.account(Role.EXPERT)
        row.evaluations.create(expert=expert, place=1, assigned_at=make.NOW, due_on=day, salt="")


def points(row: Evaluation, share: str = "0.8", **changed: Given) -> dict[str, Given]:
    """The whole sheet, each item with this share of its maximum (in whole steps)."""
    assert row.application.batch
    sheet = row.application.batch.sheet
    given = {
        item.code: Given(
            float(int(float(item.maximum) * float(share) / 0.5) * 0.5), f"依据材料评定 {item.code}", "继续改进"
        )
        for item in sheet.items.all()
    }
    return {**given, **changed}


def score(row: Evaluation, share: str = "0.8", *, at: datetime = LATER) -> Evaluation:
    """One expert hands the sheet in."""
    return keep_scores(row, points(row, share), hand_in=True, actor=row.expert, at=at)


def drawn(held: Batch, city: Account, *, at: datetime = make.NOW) -> list[Evaluation]:
    """The experts of a batch, which is closed first."""
    held.refresh_from_db()
    if held.state == "open":
        close_batch(held, actor=city, at=at)
    return draw_panels(held, actor=city, at=at)


def scored(application: Application, city: Account, *shares: str) -> Batch:
    """Closed, drawn and scored by everybody."""
    assert application.batch
    held = application.batch
    drawn(held, city)
    rows = application.evaluations.select_related("application__batch__sheet", "expert").order_by("place")
    for row, share in zip(rows, shares or ["0.8"] * len(rows), strict=True):
        score(row, share)
    held.refresh_from_db()
    return held
