"""Titles move the plan's figures: by unit, as of any day, and every figure can be opened."""

from datetime import date

import pytest

from certification.models import Plan
from certification.totals.board import open_plan
from certification.totals.checkpoint import fold
from certification.totals.figures import enterprises_behind, figures
from certification.totals.recount import recount
from tests import factories as make

pytestmark = pytest.mark.django_db


def value(code: str, day: date, unit: str = "") -> int:
    plan = open_plan()
    assert isinstance(plan, Plan)
    (figure,) = figures(plan, as_of=day, indicators=[code], unit=unit)
    assert figure.gained == enterprises_behind(code, as_of=day, unit=unit).count()
    return int(figure.value or 0)


def test_a_guided_year_counts_by_unit_and_day_and_begins_anew():
    near, far = make.enterprise(), make.enterprise(township=make.FAR_TOWN)
    make.guided(near)
    make.guided(far, effective_on=date(2026, 5, 4))
    make.guided(near, effective_on=date(2025, 3, 3), valid_until=date(2025, 12, 31))
    fold(at=make.NOW)
    code = "intensive_guided_per_year"
    days = [date(2025, 3, 2), date(2025, 3, 3), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 2)]
    assert [value(code, day) for day in days] == [0, 1, 1, 0, 1]
    assert value(code, date(2026, 6, 1)) == 2
    assert [value(code, date(2026, 6, 1), unit) for unit in ("wujin", "liyang", "xinbei")] == [1, 1, 0]


def test_leaders_count_from_their_day_until_a_failed_reexamination():
    row = make.title(stage="intensive.international_leader", effective_on=date(2024, 2, 1), valid_until=None)
    make.title(stage="intensive.international_leader", effective_on=date(2025, 2, 1), valid_until=None)
    fold(at=make.NOW)
    code = "international_leaders"
    assert [value(code, day) for day in (date(2024, 1, 31), date(2024, 2, 1), date(2025, 2, 1))] == [0, 1, 2]
    make.reexamination(row, passed=False)
    fold(at=make.NOW)
    assert [value(code, day) for day in (date(2026, 11, 1), date(2026, 11, 2))] == [2, 1]
    assert recount(at=make.NOW, repair=False, thorough=True).is_clean


def test_a_correction_moves_a_figure_to_the_right_day():
    row = make.guided()
    fold(at=make.NOW)
    city = make.account("city_reviewer")
    make.corrected(row, effective_on=date(2026, 4, 6), by=city)
    fold(at=make.NOW)
    code = "intensive_guided_per_year"
    assert [value(code, day) for day in (date(2026, 3, 2), date(2026, 4, 6))] == [0, 1]
    assert recount(at=make.NOW, repair=False, thorough=True).is_clean
