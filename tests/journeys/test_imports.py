"""Importing in a real browser: a table with an error, its progress, the good rows taken in, and all of it undone."""

from pathlib import Path

import pytest

from certification.models import ImportFile
from certification.tasks import run_job
from enterprises.models import Enterprise
from enterprises.roles import Role
from tests import factories as make
from tests.bench.handing_in import GOOD, WRONG, enterprises
from tests.journeys.conftest import Arrive
from tests.journeys.visits import Visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def worked(visit: Visit) -> None:
    """The worker's part; the page finds out by itself."""
    file = ImportFile.objects.get()
    assert visit.page.locator("#job progress").count() == 1
    visit.is_sound()
    run_job(str(file.job_id))


@pytest.mark.parametrize("width", [1280, 360])
def test_a_table_goes_in_and_out_again(transactional_db: None, person: Arrive, tmp_path: Path, width: int) -> None:
    visit = person(make.account(Role.CITY_REVIEWER), width=width)
    page = visit.page
    visit.go("/imports/")
    visit.reads("还没有上传过文件", "下载空白表", "统一社会信用代码")
    visit.is_sound()
    page.select_option("#id_kind", "enterprises")
    page.set_input_files("#id_file", enterprises(tmp_path / "名单.xlsx", *GOOD, WRONG))
    visit.follow("text=上传并检查")
    visit.reads("名单.xlsx", "检查中")
    worked(visit)
    visit.reads("已检查，待确认", "错误清单（3 处）", "有误的行", WRONG[0])
    visit.is_sound()
    visit.follow("text=只导入正确的行（1 行有误的不导入）")
    visit.reads("导入中")
    worked(visit)
    visit.reads("已导入", "结算单")
    assert Enterprise.objects.count() == len(GOOD)
    visit.follow("text=结算单")
    visit.reads("文件与登记簿逐项相符", "武进区")
    visit.is_sound()
    page.go_back()
    visit.follow("text=逐行来源")
    visit.reads(GOOD[0][0], "新登记")
    visit.is_sound()
    page.go_back()
    page.click("summary:has-text('撤销这次导入')")
    visit.follow("text=撤销整个导入")
    visit.reads("撤销中")
    worked(visit)
    visit.reads("已撤销")
    visit.is_sound()
    assert not Enterprise.objects.exists()
