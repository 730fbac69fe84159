"""Reading by the child process: every kind of file, and every bomb, with its refusal in words."""

import io
import zipfile
from pathlib import Path

import pytest

from certification.bench import downloads
from certification.bench.checking import rejected_path
from certification.bench.intake import path_of
from certification.models import ImportFile, ImportState
from enterprises.imports.quoting import harmless, unquoted
from enterprises.models import Account, Enterprise
from tests.imports.files import ENTERPRISES, code, write_csv, write_xlsx

from .handing_in import GOOD, enterprises, handed_in, taken, upload

pytestmark = pytest.mark.django_db
LONG = [(code(number), "常州试制有限公司" * 10, "320412100") for number in range(5_000)]  # more than a reader has spare
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def refusal(file: ImportFile) -> tuple[str, str]:
    assert (file.state, file.job.state, Enterprise.objects.count()) == (ImportState.UNREADABLE, "done", 0)
    return file.refusals[0]["code"], file.refusals[0]["message"]


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """An .xlsx whose parts are replaced by these."""
    whole = io.BytesIO(write_xlsx(path, ENTERPRISES, GOOD[0]).read_bytes())
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if member.filename not in members:
                target.writestr(member.filename, source.read(member.filename))
        for name, content in members.items():
            target.writestr(name, content)
    return path


def test_an_xlsx_that_names_billions_of_cells_is_refused(tmp_path: Path, city: Account) -> None:
    cell = '<row r="{0}"><c r="{1}{0}" t="n"><v>1</v></c></row>'
    wide = SHEET.format(cell.format(1, "A") + cell.format(1048576, "XFD")).encode()
    path = archive(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": wide})
    assert path.stat().st_size < 10_000
    assert refusal(handed_in(path, city))[0] == "file_too_large"


def test_a_zip_bomb_is_refused(tmp_path: Path, city: Account) -> None:
    path = archive(tmp_path / "a.xlsx", {"xl/media/a.bin": bytes(230 * 1024 * 1024)})
    assert refusal(handed_in(path, city)) == ("file_too_large", "文件解压后超过 200 MB")


def test_macros_and_renamed_files_are_refused(tmp_path: Path, city: Account) -> None:
    macros = archive(tmp_path / "a.xlsx", {"xl/vbaProject.bin": b"macro"})
    assert refusal(handed_in(macros, city))[0] == "file_macro"
    renamed = tmp_path / "名单.csv"
    renamed.write_bytes(macros.read_bytes())
    assert refusal(handed_in(renamed, city)) == ("file_content", "文件“名单.csv”的内容与扩展名不符")


@pytest.mark.parametrize(
    ("limit", "value"),
    [("IMPORT_CHILD_MEMORY", 30 * 1024 * 1024), ("IMPORT_CHILD_CPU_SECONDS", 0), ("IMPORT_CHILD_SECONDS", 0.01)],
)
def test_a_reader_that_takes_too_much_is_stopped_and_that_is_said(
    tmp_path: Path, city: Account, settings: object, limit: str, value: float
) -> None:
    setattr(settings, limit, value)
    file = handed_in(enterprises(tmp_path / "a.xlsx", *LONG), city)
    assert refusal(file)[0] == "file_bomb"
    assert "已停止读取" in file.refusals[0]["message"]
    assert not path_of(file).with_suffix(".rows").exists()


def test_more_rows_than_allowed_are_refused(tmp_path: Path, city: Account, settings: object) -> None:
    settings.IMPORT_MAX_ROWS = 2
    for suffix in (".csv", ".xlsx"):
        assert refusal(handed_in(enterprises(tmp_path / f"a{suffix}", *GOOD), city)) == (
            "file_too_large",
            "表格超过 2 行",
        )


def test_gb18030_and_bom_are_read(tmp_path: Path, city: Account) -> None:
    for number, encoding in enumerate(("gb18030", "utf-8-sig")):
        path = write_csv(
            tmp_path / "a.csv", ENTERPRISES, (code(50 + number), "常州㐂公司", "320412100"), encoding=encoding
        )
        assert taken(handed_in(path, city), city).state == ImportState.APPLIED
    assert set(Enterprise.objects.values_list("name", flat=True)) == {"常州㐂公司"}


def test_a_credit_code_that_became_a_number_is_named_by_row(tmp_path: Path, city: Account) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ENTERPRISES, GOOD[0], (913204117455123480, "常州数字有限公司", 320412100))
    file = handed_in(path, city)
    fault = file.faults.get()
    assert (fault.line, fault.column) == (3, "统一社会信用代码")
    assert "已被电子表格改成数字" in fault.reason


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rejected_rows_come_back_and_go_in_again_once_corrected(tmp_path: Path, city: Account, suffix: str) -> None:
    header = (*ENTERPRISES, "industry")
    rows = [(*GOOD[0], "C38"), (code(8), "=常州公式有限公司", "320412100", "-38")]
    file = handed_in(enterprises(tmp_path / f"a{suffix}", *rows, header=header), city)
    assert file.bad_rows == 1
    found = downloads.rejected_file(file)
    assert found is not None
    place, name, _type = found
    assert name == f"a-未导入{suffix}"
    assert place == rejected_path(file)
    if suffix == ".csv":
        text = place.read_text(encoding="utf-8-sig")
        assert "'=常州公式有限公司" in text
        assert "'-38" in text
        corrected = tmp_path / "b.csv"
        corrected.write_text(text.replace("'-38", "C38"), encoding="utf-8")
        again = taken(handed_in(corrected, city), city)
        assert (again.state, Enterprise.objects.get().name) == (ImportState.APPLIED, "=常州公式有限公司")
    else:
        again = handed_in(place.rename(tmp_path / "b.xlsx"), city)
        assert (again.rows, again.bad_rows) == (1, 1)


def test_what_was_corrected_leaves_no_rejected_rows(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    assert downloads.rejected_file(file) is None


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"])
def test_a_formula_is_quoted_and_unquoted(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert unquoted(harmless(text)) == text


@pytest.mark.parametrize("text", ["", "常州", "1=1", "'quoted'", "a-b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == unquoted(text) == text


def test_a_wholly_wrong_file_keeps_all_its_errors(tmp_path: Path, city: Account) -> None:
    path = write_csv(tmp_path / "a.csv", ENTERPRISES, *[(number, "", "") for number in range(3_000)])
    file = handed_in(path, city)
    assert (file.bad_rows, file.bad_cells, file.faults.count()) == (3_000, 9_000, 9_000)
    assert len(file.job.result) < 20
    lines = "".join(downloads.as_csv(downloads.error_rows(file))).splitlines()
    assert len(lines) == 9_001
    assert upload(path).size == file.size
