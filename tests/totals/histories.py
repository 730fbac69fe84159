"""Random histories, and bringing them into the registry by the services or by import."""

import csv
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from hypothesis import strategies as st

from certification.imports.achievements import AchievementImport
from certification.models import Achievement
from certification.services.achievements import end_achievement
from enterprises.imports.run import run_import
from enterprises.imports.spreadsheets import Limits
from enterprises.imports.tables import open_table
from enterprises.models import Account, Enterprise
from enterprises.services.amendments import relocate
from enterprises.services.qualifications import grant_high_tech
from ledger.record import SYSTEM
from tests import factories

from .reference import INDICATORS, Company, Reached

NOW = datetime(2020, 12, 30, 2, 0, tzinfo=UTC)
# Townships of four units; 遥观镇 lies in 武进区 and reports through 经开区.
TOWNS = {"320412100": "wujin", "320412104": "jingkai", "320481101": "liyang", "320411101": "xinbei"}
STAGES = sorted({definition.stage for definition in INDICATORS.values()})
REASONS = ("expired", "withdrawn", "revoked", "annulled")
# Few days, so that beginnings and ends meet: around the opening day, month ends, year ends.
DAYS = [
    date(2014, 6, 30),
    date(2015, 11, 30),
    date(2015, 12, 30),
    date(2015, 12, 31),
    date(2016, 1, 1),
    date(2016, 2, 29),
    date(2016, 3, 1),
    date(2016, 12, 31),
    date(2017, 1, 1),
    date(2017, 7, 14),
    date(2017, 7, 15),
    date(2018, 12, 31),
    date(2019, 1, 31),
    date(2020, 2, 29),
]
_serial = itertools.count(1)


@st.composite
def _reached(draw: st.DrawFn) -> Reached:
    on = draw(st.sampled_from(DAYS))
    reason = draw(st.sampled_from((None, None, *REASONS)))
    if reason is None:
        return Reached(draw(st.sampled_from(STAGES)), on)
    latest = date(2020, 12, 29)
    ended = draw(st.sampled_from([day for day in DAYS if day >= on] + [on + timedelta(days=40)]))
    return Reached(draw(st.sampled_from(STAGES)), on, (reason, min(ended, latest)))


@st.composite
def companies(draw: st.DrawFn, most: int = 4) -> list[Company]:
    """A few enterprises that move, gain and lose high-tech status, and reach stages that end in all ways."""
    made = []
    for _ in range(draw(st.integers(1, most))):
        towns = draw(st.lists(st.sampled_from(sorted(TOWNS)), min_size=1, max_size=3))
        towns = [town for town, _ in itertools.groupby(towns)]
        turns = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=len(towns), max_size=len(towns), unique=True)))
        edges = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=4, unique=True)))
        periods = [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=False)]
        # Of two achievements of one stage on one day at most one is not annulled.
        reached = draw(st.lists(_reached(), max_size=6, unique_by=lambda each: (each.stage, each.on)))
        made.append(Company(f"company-{next(_serial)}", list(zip(turns, towns, strict=True)), periods, reached))
    return made


@contextmanager
def undone() -> Iterator[None]:
    """A database in which nothing will have happened: one for each example."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def reference_view(made: list[Company]) -> list[Company]:
    """The same enterprises with units in place of towns, as the reference wants them."""
    return [
        Company(each.code, [(day, TOWNS[town]) for day, town in each.moves], each.high_tech, each.reached)
        for each in made
    ]


def register(company: Company, clerk: Account) -> Enterprise:
    """Enterprise, moves and high-tech periods, by the services; `code` becomes its credit code."""
    (_, first), *later = company.moves
    row = factories.enterprise(township=first, established_on=date(2010, 1, 1), at=NOW)
    company.code = row.uscc
    for day, town in later:
        row = relocate(row, town, since=day, actor=clerk, at=NOW)
    for start, end in company.high_tech:
        grant_high_tech(row, certificate="", valid_from=start, valid_to=end, actor=clerk, at=NOW)
    return row


def reach(row: Enterprise, reached: Reached, clerk: Account) -> Achievement:
    """An achievement and, if it ended, its ending, by the services."""
    made = factories.achievement(row, reached.stage, reached.on, at=NOW)
    if reached.ended:
        reason, day = reached.ended
        end_achievement(made, reason=reason, ended_on=day, ground="试验", actor=clerk, at=NOW)
    return made


def import_all(made: list[Company], folder: Path) -> None:
    """The achievements of registered enterprises by import of a file."""
    path = folder / "achievements.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["uscc", "stage", "effective_on", "ended_on", "ended_reason"])
        for company in made:
            for reached in company.reached:
                reason, day = reached.ended or ("", "")
                writer.writerow([company.code, reached.stage, reached.on, day, reason])
    outcome = run_import(AchievementImport(), open_table(path, limits=Limits()), actor=SYSTEM, at=NOW)
    assert not outcome.bad


def telling_days(made: list[Company]) -> list[date]:
    """Every day on which something happens, with its neighbours, inside what may be asked."""
    days = {date(2015, 12, 31), date(2016, 1, 1), date(2020, 12, 29)}
    for company in made:
        found = [day for day, _ in company.moves]
        found += [day for period in company.high_tech for day in period if day]
        for reached in company.reached:
            found += [reached.on, *([reached.ended[1]] if reached.ended else [])]
        days.update(day + timedelta(days=shift) for day in found for shift in (-1, 0, 1))
    return sorted(day for day in days if date(2015, 12, 31) <= day < date(2020, 12, 30))
