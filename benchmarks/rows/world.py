"""A registry of any size: enterprises with six facts each, brought in by the code of the import."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from certification.demo.names import FIRST, SECOND, TRADES
from certification.imports.achievements import AchievementImport
from certification.imports.rows import AchievementRow
from certification.totals.checkpoint import fold
from enterprises.identifiers import with_check_character
from enterprises.imports.register import EnterpriseImport
from enterprises.imports.rows import EnterpriseRow
from enterprises.models import Division
from ledger.record import SYSTEM

STAGES = (
    "guanbiao.cultivation",
    "guanbiao.implementation",
    "guanbiao.evaluation",
    "guanbiao.certification",
    "intensive.cultivation",
    "intensive.recognition",
)
PART = 50_000
FIRST_DAY = date(2012, 1, 1)
DAYS = 5000


def code(number: int) -> str:
    return with_check_character(f"91320400{number:09d}")


def build(size: int, *, start: int = 0, facts: bool = True) -> None:
    """`size` enterprises, numbered from `start`, each with one fact of each stage."""
    chance = random.Random(start + 1)
    at = timezone.now()
    for first in range(start, start + size, PART):
        numbers = range(first, min(first + PART, start + size))
        write_enterprises(list(enterprise_rows(numbers, chance)), at=at)
        if facts:
            write_achievements([row for number in numbers for row in achievement_rows(number, chance)], at=at)
    fold(at=at)
    analyse()


def analyse() -> None:
    """What the database would do by itself in time (PostgreSQL: autovacuum)."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def write_enterprises(rows: list[EnterpriseRow], *, at: datetime) -> None:
    importer = EnterpriseImport()
    plan = importer.compare(rows, at=at)
    with transaction.atomic():
        importer.write(plan, actor=SYSTEM, at=at)


def write_achievements(rows: list[AchievementRow], *, at: datetime) -> None:
    importer = AchievementImport()
    plan = importer.compare(rows, at=at)
    with transaction.atomic():
        importer.write(plan, actor=SYSTEM, at=at)


def towns() -> list[str]:
    rows = Division.objects.filter(level="township", valid_to__isnull=True)
    return list(rows.order_by("code").values_list("code", flat=True))


def enterprise_rows(numbers: range, chance: random.Random) -> Iterator[EnterpriseRow]:
    places = towns()
    for number in numbers:
        trade, industry = chance.choice(TRADES)
        brand = "".join(chance.choice(letters) for letters in (FIRST, SECOND, FIRST))
        year = chance.randint(2012, 2024)
        high_tech = chance.random() < 0.3
        yield EnterpriseRow(
            line=number,
            uscc=code(number),
            name=f"常州{brand}{trade}有限公司",
            township=chance.choice(places),
            high_tech=high_tech or None,
            certificate=f"GR{year}32{number % 1_000_000:06d}" if high_tech else "",
            tier="none",
            rd=chance.random() < 0.5,
            industry=industry,
            established_on=date(chance.randint(1995, 2011), 5, 20),
        )


def achievement_rows(number: int, chance: random.Random, stages: tuple[str, ...] = STAGES) -> Iterator[AchievementRow]:
    for stage in stages:
        on = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        row = fact(number, stage, on)
        if chance.random() < 0.1:
            reason = chance.choice(("expired", "withdrawn", "revoked", "annulled"))
            row = row._replace(ended_on=on + timedelta(days=400), ended_reason=reason)
        yield row


def fact(number: int, stage: str, on: date) -> AchievementRow:
    """One fact that has not ended."""
    certificate = f"NO{number}" if stage.endswith("certification") else ""
    return AchievementRow(number, code(number), stage, on, None, "", certificate, "", "")
