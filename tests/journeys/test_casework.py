"""From registration to achievement in a real browser: the applicant, the three levels, a correction on the way."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from certification.models import Achievement, Application
from certification.services.door import Remark
from certification.stages import Status
from certification.tasks import tell_people
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories as make
from tests.journeys.conftest import Arrive
from tests.journeys.visits import Visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PARTS = ("fields/", "modules/", "evidence/", "check/")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "承诺书.pdf"
    path.write_bytes(make.PDF)
    return path


def register(visit: Visit) -> None:
    visit.go("/workspace/")
    visit.reads("登记本企业")
    visit.is_sound()
    code = make.credit_code()
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    visit.page.fill("#id_uscc", wrong.lower())
    visit.page.fill("#id_name", "常州星河精密有限公司")
    visit.page.select_option("#id_township", make.TOWN)
    visit.page.fill("#id_contact_name", "王五")
    visit.page.fill("#id_contact_phone", "13800000000")
    visit.follow("text=登记建档")
    visit.reads("校验位不符")
    visit.is_sound()
    visit.page.fill("#id_uscc", code.lower())
    visit.follow("text=登记建档")
    visit.reads("企业已登记建档", "现在可以申报")


def fill_in(visit: Visit, paper: Path) -> None:
    visit.page.fill("#id_legal_representative", "张三")
    visit.page.fill("#id_main_business", "精密零部件")
    visit.page.fill("#id_employees", "很多")
    visit.follow("text=保存并进入下一步")
    visit.reads("应为数字，现为“很多”")
    assert visit.page.input_value("#id_legal_representative") == "张三"
    visit.is_sound()
    visit.page.fill("#id_employees", "120")
    visit.page.fill("#id_valid_patents", "8")
    visit.page.fill("#id_planned_start_on", "2027-03-01")
    visit.follow("text=保存并进入下一步")
    visit.reads("佐证材料", "缺材料：贯标承诺书（盖章）")
    renamed = paper.with_name("改名.pdf")
    renamed.write_bytes(b"MZ")
    visit.page.set_input_files("#file-commitment_letter", renamed)
    visit.follow("text=上传所选文件")
    visit.reads("内容与扩展名不符")
    visit.is_sound()
    visit.page.set_input_files("#file-commitment_letter", paper)
    visit.follow("text=上传所选文件")
    visit.reads("已收到 1 个文件", "承诺书.pdf")


def decide(visit: Visit, path: str, choice: str) -> None:
    visit.go(path)
    visit.page.check(f".decision input[value={choice}]")
    visit.follow("text=提交办理意见")


def submit(visit: Visit) -> None:
    visit.follow("a:has-text('下一步')")
    visit.is_sound()
    visit.follow("text=提交申报")
    visit.reads("请勾选确认后再提交")
    visit.page.check("#id_confirmed")
    visit.follow("text=提交申报")
    visit.reads("已提交，等待受理")


def return_it(visit: Visit) -> None:
    note = visit.page.locator("#shown-employees details")
    note.locator("summary").click()
    note.locator("textarea").fill("与年报不符")
    visit.is_sound()
    visit.page.check(".decision input[value=return]")
    visit.follow("text=提交办理意见")
    visit.reads("已一次性告知补正", "计时停止")


def is_told(visit: Visit, path: str) -> None:
    """The bell says so, and the message leads to what is to be corrected."""
    tell_people()  # as the worker does
    visit.go("/workspace/")
    assert visit.page.inner_text(".bell .count").split() == ["2", "条未读"]  # accepted, then returned
    visit.follow(".bell")
    visit.reads("您的“入库培育”申报需要补正", "未读")
    visit.is_sound()
    visit.follow("text=您的“入库培育”申报需要补正")
    visit.page.wait_for_url(f"**{path}")
    assert visit.page.inner_text(".bell .count").split() == ["1", "条未读"]


def correct(visit: Visit, path: str) -> None:
    visit.go(path)
    visit.reads("与年报不符", "须补正")
    visit.is_sound()
    visit.page.fill("#id_employees", "130")
    visit.follow("text=保存草稿")
    visit.follow("nav >> text=核对提交")
    visit.page.check("#id_confirmed")
    visit.follow("text=补正完毕，重新提交")


def test_from_registration_to_achievement(person: Arrive, paper: Path) -> None:
    staff, account = make.reviewers(), make.account(Role.APPLICANT)
    applicant, town = person(account), person(staff["township"])
    register(applicant)
    applicant.is_sound()
    applicant.follow("button:has-text('申报入库培育')")
    fill_in(applicant, paper)
    submit(applicant)
    row = Application.objects.get(enterprise__accounts=account)
    path = f"/applications/{row.number}/"
    town.go("/reviews/")
    town.reads(row.number, "待受理")
    town.is_sound()
    decide(town, path, "accept")
    return_it(town)
    is_told(applicant, path)
    correct(applicant, path)
    town.go(path)
    town.reads("130 人", "补正前：120 人")
    decide(town, path, "recommend")
    for level, last in (("district", "recommend"), ("city", "approve")):
        visit = person(staff[level])
        decide(visit, path, "accept")
        decide(visit, path, last)
        visit.is_sound()
    applicant.go("/workspace/")
    fact = Achievement.objects.get(application=row)
    applicant.reads(f"{fact.effective_on} 取得", f"台账第 {fact.ledger_number} 号")
    applicant.is_sound()


def test_two_reviewers_at_once_give_one_decision(person: Arrive) -> None:
    staff, account = make.reviewers(), make.applicant()
    now = timezone.now()
    row = make.step(make.filled(account, at=now), "submit", account, at=now)
    row = make.step(row, "accept", staff["township"], at=now)
    first, second = person(staff["township"]), person(make.account(Role.TOWNSHIP_REVIEWER))
    path = f"/applications/{row.number}/"
    for visit in (first, second):
        visit.go(path)
        visit.page.check(".decision input[value=recommend]")
    first.follow("text=提交办理意见")
    second.follow("text=提交办理意见")
    first.reads("已审核通过并上报上一级")
    second.reads("已被他人处理或刚刚变更")
    second.is_sound()
    assert row.decisions.filter(decides=True).count() == 1


def drawn(account: Account) -> Application:
    """A draft of the stage with modules, half filled in."""
    make.achievement(account.enterprise, "guanbiao.cultivation", timezone.localdate() - timedelta(days=90))
    return make.draft(account, stage="guanbiao.implementation", at=timezone.now())


@pytest.mark.parametrize("width", [360, 768])
def test_every_page_fits_a_small_screen(person: Arrive, width: int) -> None:
    staff, account, now = make.reviewers(), make.applicant(), timezone.now()
    returned = make.step(make.filled(account, at=now), "submit", account, at=now)
    defect = {"clause": "employees", "text": "与年报不符，请对照上一年度的劳动工资报表逐月核对后重新填写"}
    make.step(returned, "return", staff["township"], at=now, remark=Remark(comment="请补正", defects=[defect]))
    second = make.applicant()
    draft = drawn(second)
    tell_people()
    for visitor, paths in (
        (account, ["/workspace/", f"/applications/{returned.number}/"]),
        (second, ["/workspace/", *(f"/applications/{draft.number}/{part}" for part in PARTS)]),
        (second, [f"/enterprises/{second.enterprise.uscc}/amend/"]),
        (account, ["/notifications/", "/notifications/?show=unread"]),
        (staff["township"], ["/reviews/", "/reviews/?queue=returned", f"/applications/{returned.number}/"]),
        (staff["township"], [f"/enterprises/{second.enterprise.uscc}/{part}/" for part in ("rename", "relocate")]),
        (staff["city"], ["/reviews/?queue=elsewhere", "/enterprises/new/"]),
        (staff["city"], [f"/enterprises/{second.enterprise.uscc}/high-tech/"]),
    ):
        visit = person(visitor, width=width)
        for path in paths:
            assert visit.go(path).status == 200, path
            visit.is_sound()


def test_the_pages_work_without_script_and_by_keyboard(person: Arrive, paper: Path) -> None:
    account = make.applicant()
    row = make.draft(account, at=timezone.now())
    visit = person(account)
    visit.page.route("**/*.js", lambda route: route.abort())
    visit.go(f"/applications/{row.number}/fields/")
    visit.page.focus("#id_legal_representative")
    visit.page.keyboard.type("张三")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/evidence/")
    row.refresh_from_db()
    assert row.fields["legal_representative"] == "张三"
    visit.page.set_input_files("#file-commitment_letter", paper)
    visit.follow("text=上传所选文件")
    visit.reads("承诺书.pdf")
    visit.go(f"/applications/{row.number}/check/")
    visit.page.click("summary:has-text('撤销草稿')")
    visit.follow("text=确认撤销草稿")
    visit.reads("已撤回")
    row.refresh_from_db()
    assert row.status == Status.WITHDRAWN
