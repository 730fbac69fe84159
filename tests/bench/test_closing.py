"""The closing sheet: what the file says by unit, stage and year beside what the registry holds of it."""

from datetime import date
from pathlib import Path

import pytest

from certification.bench.closing import closing
from certification.bench.downloads import as_csv, closing_rows
from certification.models import Achievement
from enterprises.models import Account
from tests import factories
from tests.factories import FAR_TOWN
from tests.imports.files import ENTERPRISES

from .handing_in import GOOD, WRONG, achievements, enterprises, handed_in, taken, undone

pytestmark = pytest.mark.django_db
STAGE = "guanbiao.implementation"


def test_achievements_are_summed_by_unit_stage_and_year(tmp_path: Path, city: Account) -> None:
    near, far = factories.enterprise(), factories.enterprise(township=FAR_TOWN)
    factories.achievement(far, STAGE, date(2018, 8, 8))
    rows = [
        (near.uscc, STAGE, "2017-01-01"),
        (near.uscc, STAGE, "2017-01-01"),
        (far.uscc, STAGE, "2017-05-05"),
        (far.uscc, STAGE, "2018-08-08", "2020-01-01", "expired"),
        (near.uscc, "no such stage", "2017-01-01"),
        (near.uscc, STAGE, "2999-01-01"),
    ]
    file = handed_in(achievements(tmp_path / "a.csv", *rows), city, kind="achievements")
    foreseen = closing(file)
    assert (foreseen.is_compared, foreseen.agrees) == (False, True)
    sheet = closing(taken(file, city, skip=True))
    found = [
        (
            line.unit,
            line.stage,
            line.year,
            line.rows,
            line.new,
            line.changed,
            line.repeated,
            line.bad,
            line.on_record,
            line.ended,
        )
        for line in sheet.lines
    ]
    assert found == [
        ("", "", 0, 1, 0, 0, 0, 1, 0, 0),
        ("liyang", STAGE, 2017, 1, 1, 0, 0, 0, 1, 0),
        ("liyang", STAGE, 2018, 1, 0, 1, 0, 0, 0, 1),
        ("wujin", STAGE, 2017, 2, 1, 0, 1, 0, 1, 0),
        ("wujin", STAGE, 2999, 1, 0, 0, 0, 1, 0, 0),
    ]
    assert (sheet.is_compared, sheet.agrees) == (True, True)
    total = sheet.total
    assert (total.rows, total.new, total.changed, total.repeated, total.bad, total.on_record, total.ended) == (
        6,
        2,
        1,
        1,
        2,
        2,
        1,
    )


def test_a_fact_that_is_not_on_record_shows(tmp_path: Path, city: Account) -> None:
    company = factories.enterprise()
    source = achievements(tmp_path / "a.csv", (company.uscc, STAGE, "2017-01-01"), (company.uscc, STAGE, "2018-01-01"))
    file = taken(handed_in(source, city, kind="achievements"), city)
    assert closing(file).agrees
    Achievement.objects.filter(effective_on__year=2018).update(effective_on=date(2019, 1, 1))
    sheet = closing(file)
    assert [(line.year, line.new, line.on_record, line.agrees) for line in sheet.lines] == [
        (2017, 1, 1, True),
        (2018, 1, 0, False),
        (2019, 0, 1, False),
    ]
    assert not sheet.agrees


def test_enterprises_are_summed_by_unit_and_year_of_establishment(tmp_path: Path, city: Account) -> None:
    header = (*ENTERPRISES, "established_on")
    rows = [(*GOOD[0], "2010-01-01"), (*GOOD[1], "2010-06-06"), (*GOOD[2][:2], FAR_TOWN, ""), (*WRONG, "")]
    file = taken(handed_in(enterprises(tmp_path / "a.csv", *rows, header=header), city), city, skip=True)
    sheet = closing(file)
    assert [(line.unit, line.year, line.rows, line.on_record) for line in sheet.lines] == [
        ("", 0, 1, 0),
        ("liyang", 0, 1, 1),
        ("wujin", 2010, 2, 2),
    ]
    assert sheet.agrees
    after = closing(undone(file, city))
    assert (after.is_compared, after.total.new) == (False, 3)


def test_the_sheet_is_taken_away_as_csv(tmp_path: Path, city: Account) -> None:
    file = taken(handed_in(enterprises(tmp_path / "a.csv", *GOOD), city), city)
    lines = "".join(as_csv(closing_rows(closing(file)))).splitlines()
    assert lines[0].startswith("\ufeff统计单元,阶段,年度,文件行数")
    assert lines[1:] == ["武进区,,,3,3,0,0,0,0,3,0,相符", "合计,,,3,3,0,0,0,0,3,0,相符"]
