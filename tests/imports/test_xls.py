"""The old spreadsheet form (.xls) is read like the others: texts, days, numbers, and codes that lost their digits."""

from datetime import date
from pathlib import Path

import pytest
import xlwt

from enterprises.imports.register import EnterpriseImport
from enterprises.models import Enterprise

from .files import Cells, code, take

pytestmark = pytest.mark.django_db
HEADER = ("统一社会信用代码", "企业名称", "乡镇街道代码", "成立日期", "高新技术企业")


def write_xls(path: Path, *rows: Cells) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet, as_day = book.add_sheet("表一"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for line, cells in enumerate([HEADER, *rows]):
        for column, value in enumerate(cells):
            sheet.write(line, column, value, *([as_day] if isinstance(value, date) else []))
    book.save(str(path))
    return path


def test_an_xls_goes_in_like_any_other_table(tmp_path: Path) -> None:
    path = write_xls(
        tmp_path / "企业.xls",
        (code(1), "常州试验一号科技有限公司", "320412100", date(2011, 3, 9), "是"),
        (code(2), "常州试验二号科技有限公司", 320412100, "2012年4月1日", 0),
    )
    outcome = take(EnterpriseImport(), path)
    assert (outcome.new, outcome.bad) == (2, [])
    first, second = Enterprise.objects.order_by("uscc")
    assert (first.name, first.township_id, first.established_on) == (
        "常州试验一号科技有限公司",
        "320412100",
        date(2011, 3, 9),
    )
    assert (second.township_id, second.established_on) == ("320412100", date(2012, 4, 1))


def test_a_code_that_a_spreadsheet_made_a_number_is_named_by_its_row(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "企业.xls", (913204110000000123, "常州试验三号科技有限公司", "320412100", "", ""))
    outcome = take(EnterpriseImport(), path)
    [cell] = outcome.bad
    assert (cell.line, cell.column) == (2, "统一社会信用代码")
    assert "末几位已丢失" in cell.reason
    assert not Enterprise.objects.exists()
