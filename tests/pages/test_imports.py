"""The pages of the import bench: a table is handed in, looked at, taken in, undone; with and without scripts."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from certification.bench.blank import COLUMNS, described
from certification.models import ImportFile
from certification.tasks import run_job
from enterprises.models import Account, Enterprise
from enterprises.roles import Role
from tests import factories as make
from tests.bench.handing_in import GOOD, WRONG, enterprises, handed_in, upload

from .reading import text_of
from .test_english import CHINESE, in_english
from .visiting import visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> Account:
    return make.account(Role.CITY_REVIEWER)


def sent(client: Client, path: Path) -> HttpResponse:
    return client.post("/imports/", {"kind": "enterprises", "file": upload(path)})


def worked(file: ImportFile) -> None:
    file.refresh_from_db()
    run_job(str(file.job_id))


def test_the_whole_way_of_a_table(tmp_path: Path, city: Account) -> None:
    client = visitor(city)
    answer = sent(client, enterprises(tmp_path / "名单.xlsx", *GOOD, WRONG))
    file = ImportFile.objects.get()
    address = f"/imports/{file.key}/"
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "检查中" in words(client.get(address))
    worked(file)
    seen = words(client.get(address))
    for said in (
        "检查结果",
        "总行数 4",
        "新登记 3",
        "有误的行 1",
        "错误清单（3 处）",
        "只导入正确的行（1 行有误的不导入）",
        "999",
    ):
        assert said in seen
    refused = client.post(f"{address}confirm/")
    assert (refused.status_code, "1 行有误" in words(refused)) == (409, True)
    assert client.post(f"{address}confirm/", {"skip_bad_rows": "1"})["Location"] == address
    worked(file)
    seen = words(client.get(address))
    assert "已导入" in seen
    assert f"{city.username} 于" in seen
    assert GOOD[0][0] in words(client.get(f"{address}rows/"))
    sheet = words(client.get(f"{address}closing/"))
    for said in ("文件与登记簿逐项相符", file.filename, f"{city.username} 于", file.sha256):  # on paper it stands alone
        assert said in sheet
    client.post(f"{address}undo/")
    worked(file)
    assert "已撤销" in words(client.get(address))
    assert not Enterprise.objects.exists()


def test_progress_is_asked_for_and_at_the_end_the_page(tmp_path: Path, city: Account) -> None:
    client = visitor(city)
    sent(client, enterprises(tmp_path / "a.csv", *GOOD))
    file = ImportFile.objects.get()
    page = client.get(f"/imports/{file.key}/").content.decode()
    assert 'hx-trigger="every 1500ms"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    asked: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    part = client.get(f"/imports/{file.key}/", **asked)
    assert "<progress" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part
    worked(file)
    assert client.get(f"/imports/{file.key}/", **asked)["HX-Refresh"] == "true"
    assert "htmx" not in client.get(f"/imports/{file.key}/").content.decode()


def test_errors_are_turned_page_by_page(tmp_path: Path, city: Account) -> None:
    rows = [(number, "", "") for number in range(40)]
    file = handed_in(enterprises(tmp_path / "a.csv", *rows), city)
    client = visitor(city)
    first = client.get(f"/imports/{file.key}/")
    assert len(first.context["page"].rows) == 50
    second = client.get(f"/imports/{file.key}/?after={first.context['page'].after}")
    assert second.context["page"].rows[0]["line"] == 18
    assert client.get(f"/imports/{file.key}/?after=x&before=1e9").status_code == 200


@pytest.mark.parametrize("what", ["errors", "rows", "closing"])
def test_what_is_shown_can_be_taken_away(tmp_path: Path, city: Account, what: str) -> None:
    file = handed_in(enterprises(tmp_path / "名单.csv", *GOOD, WRONG), city)
    answer = visitor(city).get(f"/imports/{file.key}/download/{what}/")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert visitor(city).get(f"/imports/{file.key}/download/other/").status_code == 404


def test_bad_rows_come_back_as_a_file(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "名单.csv", *GOOD, WRONG), city)
    answer = visitor(city).get(f"/imports/{file.key}/rejected/")
    assert WRONG[0] in b"".join(answer.streaming_content).decode()


def test_a_file_that_is_not_chosen_or_not_read_says_so(tmp_path: Path, city: Account) -> None:
    client = visitor(city)
    assert "请选择要导入的文件" in words(client.post("/imports/", {"kind": "enterprises"}))
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4")
    answer = sent(client, path)
    assert (answer.status_code, "不接受“.pdf”文件" in words(answer)) == (400, True)
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK\x03\x04 torn")
    sent(client, broken)
    file = ImportFile.objects.get()
    worked(file)
    seen = words(client.get(f"/imports/{file.key}/"))
    assert "未能读取" in seen
    assert "“a.xlsx”不是可读的电子表格或已损坏" in seen


def test_what_is_too_large_is_refused_before_it_is_read(city: Account) -> None:
    answer = visitor(city).post(
        "/imports/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(settings.IMPORT_MAX_BYTES * 2),
    )
    assert answer.status_code == 413
    assert "文件超过 50 MB" in words(answer)


def test_a_forged_upload_is_refused(tmp_path: Path, city: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(city, backend="django.contrib.auth.backends.ModelBackend")
    assert sent(client, enterprises(tmp_path / "a.csv", *GOOD)).status_code == 403
    assert not ImportFile.objects.exists()


def test_the_auditor_looks_on(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    client = visitor(make.account(Role.AUDITOR))
    assert "上传表格" not in words(client.get("/imports/"))
    assert "确认导入" not in words(client.get(f"/imports/{file.key}/"))
    assert client.post(f"/imports/{file.key}/confirm/").status_code == 403


def test_staff_see_from_which_row_a_fact_came(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "名单.csv", *GOOD), city, at_once=True)
    path, said = f"/enterprises/{GOOD[1][0]}/", "由导入“名单.csv”第 3 行"
    assert said in words(visitor(city).get(path))
    own = make.applicant(Enterprise.objects.get(uscc=GOOD[1][0]))
    assert said not in words(visitor(own).get(path))
    assert said not in words(Client().get(path))
    assert file.state == "applied"


def test_blank_tables_can_be_filled_in(tmp_path: Path, city: Account) -> None:
    client = visitor(city)
    for kind in ("enterprises", "achievements"):
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(client.get(f"/imports/blank/{kind}/").content)
        file = handed_in(path, city, kind=kind)
        assert (file.state, file.rows, file.bad_rows) == ("checked", 0, 0)
    assert client.get("/imports/blank/other/").status_code == 404


def test_pages_in_english(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city, at_once=True)
    again = handed_in(enterprises(tmp_path / "b.csv", (GOOD[0][0], "Else", "320412100")), city)
    client = in_english(visitor(city))
    for path in ("/imports/", f"/imports/{file.key}/", f"/imports/{file.key}/rows/", f"/imports/{file.key}/closing/"):
        found = CHINESE.findall(text_of(client.get(path)).replace("中文", ""))
        assert set(found) <= {"统一社会信用代码", "企业名称"} | set(columns()), path
    assert client.get(f"/imports/{again.key}/").status_code == 200


def columns() -> list[str]:
    """Names of columns and an example, which are those of the tables."""
    return [word for kind in COLUMNS for each in described(kind) for word in (each.name, each.example)]
