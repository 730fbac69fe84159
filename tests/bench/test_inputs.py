"""Tables of dated facts: previewed, every error by row, taken whole, closed, undone, taken again."""

from pathlib import Path

import pytest

from certification.audit import fact_faults
from certification.bench.closing import closing
from certification.models import CreditCheck, ImportState, Priority
from certification.services.credit import CREDIT, correct_check
from certification.services.input_facts import file_paper
from enterprises.models import Account
from ledger.verify import verify
from tests import factories as make
from tests import facts
from tests.imports.files import table_of

from .handing_in import handed_in, taken, undone

pytestmark = pytest.mark.django_db
HEADER = ("uscc", "核查渠道", "result", "ground", "核查日期", "valid_until")


def is_sound() -> bool:
    return list(fact_faults(limit=3)) == [] and verify().fault is None


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_checks_come_in_by_code_or_name_and_are_as_those_typed_by_hand(tmp_path: Path, city: Account, suffix: str):
    first, second = make.enterprise(), make.enterprise(township=make.FAR_TOWN)
    rows = [
        (first.uscc, "信用中国", "未见不良记录", "", "2026-03-02", ""),
        (second.uscc, "market_regulator", "adverse", "列入异常名录", "2026年3月2日", "2026-12-31"),
    ]
    file = handed_in(table_of(tmp_path / f"a{suffix}", HEADER, *rows, rows[0]), city, kind="credit_checks")
    assert (file.state, file.new, file.repeated, file.bad_rows) == (ImportState.CHECKED, 2, 1, 0)
    assert not CreditCheck.objects.exists()
    file = taken(file, city)
    kept = CreditCheck.objects.order_by("id").values_list("result", "ground", "recorded_by")
    assert list(kept) == [("clear", "", city.pk), ("adverse", "列入异常名录", city.pk)]
    assert str(CreditCheck.objects.get(enterprise=first).valid_until) == "2026-09-02"
    sheet = closing(file)
    assert sheet.agrees
    assert [(line.unit, line.year, line.on_record) for line in sheet.lines if line.unit] == [
        ("liyang", 2026, 1),
        ("wujin", 2026, 1),
    ]
    assert is_sound()


def test_every_error_is_named_by_row_and_column(tmp_path: Path, city: Account):
    known, row = make.enterprise(), facts.check()
    rows = [
        (make.credit_code(), "credit_china", "clear", "", "2026-03-02", ""),
        (known.uscc, "没有", "adverse", "", "2036-03-02", ""),
        (known.uscc, "credit_china", "clear", "", "昨天", ""),
        (row.enterprise.uscc, "credit_china", "adverse", "处罚", "2026-09-01", ""),
        (row.enterprise.uscc, "credit_china", "clear", "", "2026-09-02", ""),
    ]
    file = handed_in(table_of(tmp_path / "a.csv", HEADER, *rows), city, kind="credit_checks")
    found = set(file.faults.values_list("line", "column"))
    assert found == {
        (2, "统一社会信用代码"),
        (3, "核查渠道"),
        (3, "不良记录"),
        (3, "核查日期"),
        (4, "核查日期"),
        (5, "核查结果"),
        (5, "不良记录"),
    }
    assert file.new == 1


def test_an_import_is_undone_and_may_be_taken_again(tmp_path: Path, city: Account):
    rows = [(make.enterprise().uscc, "credit_china", "clear", "", "2026-03-02", "") for _ in range(2)]
    source = table_of(tmp_path / "a.csv", HEADER, *rows)
    file = undone(taken(handed_in(source, city, kind="credit_checks"), city), city)
    assert file.state == ImportState.UNDONE
    assert set(CreditCheck.objects.values_list("annulled_ground", flat=True)) == {"撤销导入"}
    again = taken(handed_in(source, city, kind="credit_checks"), city)
    assert (again.state, again.new) == (ImportState.APPLIED, 2)
    same = handed_in(source, city, kind="credit_checks")
    assert (same.new, same.unchanged) == (0, 2)
    assert is_sound()


def test_what_was_corrected_or_filed_since_stands_against_undoing(tmp_path: Path, city: Account):
    rows = [(make.enterprise().uscc, "credit_china", "clear", "", "2026-03-02", "") for _ in range(2)]
    file = taken(handed_in(table_of(tmp_path / "a.csv", HEADER, *rows), city, kind="credit_checks"), city)
    first, second = CreditCheck.objects.order_by("id")
    correct_check(first, facts.StatedCheck(**facts.CHECK), facts.act(ground="日期抄错"))
    file_paper(CREDIT, second, make.ContentFile(make.PDF, "a.pdf"), facts.act())
    file = undone(file, city)
    assert file.state == ImportState.APPLIED
    assert list(file.faults.filter(is_tie=True).values_list("line", "column")) == [(2, "后续更正"), (3, "后续附件")]


def test_priorities_come_in_and_the_same_mark_is_not_there_twice_on_a_day(tmp_path: Path, city: Account):
    header = ("uscc", "种类", "内容", "起始日", "有效期至", "认定文件")
    owner, row = make.enterprise(), facts.priority()
    rows = [
        (owner.uscc, "十大产业链", "碳材料", "2026-01-01", "", "常工信〔2026〕1号"),
        (owner.uscc, "core_invention_sme", "", "2026-01-01", "2026-12-31", "常知〔2026〕1号"),
        (owner.uscc, "十大产业链", "碳材料", "2026-05-01", "", "常工信〔2026〕2号"),
        (row.enterprise.uscc, "industry_chain", "轨道交通", "2025-01-01", "", "常工信〔2025〕1号"),
        (row.enterprise.uscc, "industry_chain", "轨道交通", "2024-01-01", "2026-12-31", "常工信〔2024〕1号"),
        (owner.uscc, "industry_chain", "造船", "2026-01-01", "", "常工信〔2026〕1号"),
    ]
    file = handed_in(table_of(tmp_path / "a.csv", header, *rows), city, kind="priorities")
    assert (file.new, file.unchanged) == (2, 1)
    assert set(file.faults.values_list("line", "column")) == {(4, "起始日"), (5, "起始日"), (7, "内容")}
    file = taken(file, city, skip=True)
    assert Priority.objects.filter(enterprise=owner).count() == 2
    assert closing(file).agrees
    assert is_sound()
    assert undone(file, city).state == ImportState.UNDONE
    assert is_sound()
