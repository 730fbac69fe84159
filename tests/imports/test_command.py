"""`manage.py import`: what it says, what it leaves beside the file, how it exits."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from certification.models import Achievement, Total
from certification.totals.checkpoint import lag
from enterprises.models import Enterprise
from ledger.models import LedgerEntry
from tests.factories import TOWN

from .files import ACHIEVEMENTS, ENTERPRISES, code, write_csv, write_xlsx

pytestmark = pytest.mark.django_db
GOOD = (code(1), "常州甲有限公司", TOWN)
BAD = ("=9135", "常州乙有限公司", TOWN)


def run(*arguments: object, **options: bool) -> tuple[str, str, bool]:
    """(stdout, stderr, whether it failed)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), err.getvalue() + str(error), error.returncode == 1
    return out.getvalue(), err.getvalue(), False


def test_a_sound_file_goes_in_and_is_counted(tmp_path: Path) -> None:
    out, err, failed = run("enterprises", write_csv(tmp_path / "e.csv", ENTERPRISES, GOOD))
    assert not failed
    assert "企业：共 1 行，新增 1" in out
    assert err == ""
    row = (GOOD[0], "guanbiao.implementation", "2017-05-06")
    out, _, failed = run("achievements", write_csv(tmp_path / "a.csv", ACHIEVEMENTS[:3], row))
    assert not failed
    assert lag() == 0
    assert Total.objects.filter(indicator="guanbiao_enterprises", month=201705, gained=1).exists()


def test_a_bad_row_fails_the_command_and_names_it(tmp_path: Path) -> None:
    _, err, failed = run("enterprises", write_csv(tmp_path / "e.csv", ENTERPRISES, GOOD, BAD))
    assert failed
    assert "第 3 行 统一社会信用代码 “=9135”：统一社会信用代码应为 18 位" in err
    assert "1 行有误，共 1 处，未作任何更改。" in err
    assert not Enterprise.objects.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["e.csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bad_rows_come_back_as_a_file_of_the_same_form(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "e.csv", ("信用代码", "企业名称", "乡镇街道代码"), GOOD, BAD, encoding=encoding)
    out, err, failed = run("enterprises", path, skip_bad_rows=True)
    assert not failed
    assert "第 3 行" in err
    left = tmp_path / "e-未导入.csv"
    assert str(left) in out
    reading = "utf-8-sig" if encoding == "utf-8" else encoding
    with left.open(encoding=reading, newline="") as file:
        header, row = csv.reader(file)
    assert header == ["信用代码", "企业名称", "乡镇街道代码", "原因"]
    assert row[:3] == [f"'{BAD[0]}", *BAD[1:]]  # no office program takes it for a formula
    assert "应为 18 位" in row[3]
    assert Enterprise.objects.get().uscc == GOOD[0]
    # Corrected, it goes in as it is; uncorrected, the reason is renewed, not doubled.
    run("enterprises", left, skip_bad_rows=True)
    with (tmp_path / "e-未导入-未导入.csv").open(encoding=reading, newline="") as file:
        assert next(csv.reader(file)) == header
    left.write_text(left.read_text(encoding=reading).replace("'=9135", code(2)), encoding=reading)
    assert not run("enterprises", left)[2]
    assert Enterprise.objects.count() == 2


def test_bad_rows_of_a_spreadsheet_come_back_as_one_with_texts(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "e.xlsx", ENTERPRISES, GOOD, (911101076937194200, "常州乙有限公司", 320412100))
    assert not run("enterprises", path, skip_bad_rows=True)[2]
    header, row = CalamineWorkbook.from_path(str(tmp_path / "e-未导入.xlsx")).get_sheet_by_index(0).iter_rows()
    assert header == [*ENTERPRISES, "原因"]
    assert all(isinstance(cell, str) for cell in row)
    assert row[2] == "320412100"


def test_a_second_time_it_says_that_nothing_changed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "e.csv", ENTERPRISES, GOOD, GOOD)
    assert "文件内重复 1" in run("enterprises", path)[0]
    entries = LedgerEntry.objects.count()
    out, _, failed = run("enterprises", path)
    assert not failed
    assert "文件内容均已登记，未作任何更改。" in out
    assert LedgerEntry.objects.count() == entries


def test_a_dry_run_changes_nothing_and_still_fails_for_bad_rows(tmp_path: Path) -> None:
    out, _, failed = run("enterprises", write_csv(tmp_path / "e.csv", ENTERPRISES, GOOD), dry_run=True)
    assert not failed
    assert "拟新增 1" in out
    assert "仅检查，未作任何更改。" in out
    assert run("enterprises", write_csv(tmp_path / "f.csv", ENTERPRISES, BAD), dry_run=True)[2]
    run("enterprises", tmp_path / "f.csv", dry_run=True, skip_bad_rows=True)
    assert not Enterprise.objects.exists()
    assert not (tmp_path / "f-未导入.csv").exists()


def test_a_file_that_is_no_table_fails_in_one_sentence(tmp_path: Path) -> None:
    _, err, failed = run("enterprises", write_csv(tmp_path / "e.csv", ["uscc", "name"], ["x", "y"]))
    assert failed
    assert err == "缺少必需的列“乡镇街道代码”（township）。"
    assert run("achievements", tmp_path / "nowhere.csv")[2]


def test_all_rows_bad_and_skipped_changes_nothing(tmp_path: Path) -> None:
    out, _, failed = run("enterprises", write_csv(tmp_path / "e.csv", ENTERPRISES, BAD), skip_bad_rows=True)
    assert not failed
    assert "有误 1" in out
    assert (tmp_path / "e-未导入.csv").exists()
    assert not Achievement.objects.exists()
