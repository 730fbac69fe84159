"""Moves made on the page: submitting, and what the reader of an application sees at each stand."""

import pytest
from django.test import Client

from certification.models import Achievement, Application, Decision
from certification.services.applications import save_draft
from certification.services.door import Remark
from certification.stages import Status
from enterprises.models import Account, Enterprise
from enterprises.roles import Role
from tests import factories as make
from tests.pages.visiting import act, page, visitor, words

pytestmark = pytest.mark.django_db
CONFIRMED = {"confirmed": "on"}


@pytest.fixture
def account() -> Account:
    return make.applicant()


@pytest.fixture
def ready(account: Account) -> Application:
    return make.filled(account)


@pytest.fixture
def staff() -> dict[str, Account]:
    return make.reviewers()


def status(row: Application) -> str:
    return Application.objects.get(pk=row.pk).status


def test_submitting_enters_the_township(account: Account, ready: Application) -> None:
    answer = act(visitor(account), ready, "submit", **CONFIRMED)
    assert (answer.status_code, answer.url) == (302, page(ready))
    assert status(ready) == Status.SUBMITTED
    said = words(visitor(account).get(page(ready)))
    assert "待受理" in said
    assert "办理期限 2026-11-25" in said


def test_submitting_asks_for_a_confirmation(account: Account, ready: Application) -> None:
    answer = act(visitor(account), ready, "submit")
    assert answer.status_code == 400
    assert "请勾选确认后再提交" in words(answer)
    assert status(ready) == Status.DRAFT


def test_submitting_twice_is_one_submission_and_the_second_is_told_so(account: Account, ready: Application) -> None:
    client = visitor(account)
    act(client, ready, "submit", **CONFIRMED)
    client.get(page(ready))  # the message of the first has been read
    answer = client.post(
        page(ready, "actions/"), {"action": "submit", "version": ready.version, **CONFIRMED}, follow=True
    )
    assert answer.status_code == 200
    assert "您已于 2026-11-20 10:00 办理过这一步，无需重复提交" in words(answer)
    assert Decision.objects.filter(application=ready, action="submit").count() == 1


def test_an_incomplete_draft_is_refused_with_everything_missing(account: Account) -> None:
    row = make.draft(account)
    answer = act(visitor(account), row, "submit", **CONFIRMED)
    said = words(answer)
    assert answer.status_code == 400
    assert all(text in said for text in ("请填写“法定代表人”", "请填写“职工人数”", "缺材料：贯标承诺书（盖章）"))
    assert status(row) == Status.DRAFT


def test_a_stale_submit_changes_nothing(account: Account, ready: Application) -> None:
    save_draft(ready, fields={"employees": 121}, actor=account, at=make.NOW)
    answer = act(visitor(account), ready, "submit", **CONFIRMED)
    assert answer.status_code == 409
    assert "刚刚变更，请刷新后再操作" in words(answer)
    assert status(ready) == Status.DRAFT


def test_withdrawing_a_draft_and_a_submitted_one(account: Account, ready: Application) -> None:
    client = visitor(account)
    act(client, ready, "submit", **CONFIRMED)
    ready.refresh_from_db()
    answer = client.post(
        page(ready, "actions/"), {"action": "withdraw", "version": ready.version, "comment": "暂缓"}, follow=True
    )
    assert status(ready) == Status.WITHDRAWN
    assert "已撤回" in words(answer)
    assert "暂缓" in words(answer)
    draft = make.draft(account)
    act(client, draft, "withdraw")
    assert status(draft) == Status.WITHDRAWN


def test_a_look_at_the_address_of_moves_leads_back(account: Account, ready: Application) -> None:
    answer = visitor(account).get(page(ready, "actions/"))
    assert (answer.status_code, answer.url) == (302, page(ready))


@pytest.mark.parametrize("action", ["", "grant", "approve", "accept", "../x"])
def test_moves_that_are_not_there_change_nothing(account: Account, ready: Application, action: str) -> None:
    answer = act(visitor(account), ready, action)
    assert answer.status_code in (400, 403, 409)
    assert status(ready) == Status.DRAFT


def test_a_closed_application_takes_no_move(account: Account, ready: Application) -> None:
    make.step(ready, "withdraw", account)
    ready.refresh_from_db()
    answer = act(visitor(account), ready, "submit", **CONFIRMED)
    assert answer.status_code == 409
    assert "该申报现为“已撤回”，不能进行此操作" in words(answer)


def test_the_page_of_an_approved_one_shows_its_ledger_number_and_prints_a_seal(
    account: Account, staff: dict[str, Account]
) -> None:
    row = make.approved(account, staff)
    fact = Achievement.objects.get(application=row)
    said = words(visitor(account).get(page(row)))
    assert "已取得“入库培育”，取得日期 2026-11-20" in said
    assert f"台账第 {fact.ledger_number} 号" in said
    assert "申报单位（盖章）" in said
    assert "撤回申报" not in said


def test_the_applicant_reads_levels_not_names_of_officials(account: Account, staff: dict[str, Account]) -> None:
    row = make.approved(account, staff)
    said = words(visitor(account).get(page(row)))
    assert "乡镇（街道）审核" in said
    assert staff["township"].username not in said
    assert staff["township"].username in words(visitor(staff["city"]).get(page(row)))


@pytest.mark.parametrize("role", [Role.MONITOR, Role.PLAN_MANAGER])
def test_those_who_watch_may_read_but_not_move(account: Account, ready: Application, role: str) -> None:
    row = make.step(ready, "submit", account)
    client = visitor(make.account(role))
    answer = client.get(page(row))
    assert answer.status_code == 200
    assert "提交办理意见" not in words(answer)
    assert act(client, row, "accept").status_code == 403
    assert status(row) == Status.SUBMITTED


@pytest.mark.parametrize("role", [Role.EXPERT, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_others_see_no_application(account: Account, ready: Application, role: str) -> None:
    row = make.step(ready, "submit", account)
    assert visitor(make.account(role)).get(page(row)).status_code == 404


def test_a_number_that_does_not_exist_and_one_out_of_sight_look_the_same(account: Account, ready: Application) -> None:
    client = visitor(make.applicant())
    missing = client.get("/applications/SQ2026999999/")
    hidden = client.get(page(ready))
    assert missing.status_code == hidden.status_code == 404
    assert words(missing) == words(hidden)


def test_a_stranger_signs_in_first(ready: Application) -> None:
    for answer in (Client().get(page(ready)), Client().post(page(ready, "actions/"), {"action": "submit"})):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


def test_a_move_without_csrf_token_is_refused(account: Account, ready: Application) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert act(client, ready, "submit", **CONFIRMED).status_code == 403
    assert status(ready) == Status.DRAFT


def test_a_correction_is_resubmitted_and_what_changed_is_marked(account: Account, staff: dict[str, Account]) -> None:
    row = make.step(make.filled(account), "submit", account)
    row = make.step(row, "return", staff["township"], remark=Remark(defects=[{"clause": "employees", "text": "不符"}]))
    client = visitor(account)
    client.post(
        page(row, "fields/"), {**make.VALUES["guanbiao.cultivation"], "employees": "130", "version": row.version}
    )
    hidden = words(visitor(staff["township"]).get(page(row)))
    assert "120 人" in hidden
    assert "130 人" not in hidden
    row.refresh_from_db()
    assert act(client, row, "submit", **CONFIRMED).status_code == 302
    said = words(visitor(staff["township"]).get(page(row)))
    assert "130 人" in said
    assert "补正前：120 人" in said
    assert "已标出补正前后的变化" in said


@pytest.mark.parametrize(
    ("was_accepted", "said"), [(False, "已提交，等待受理。"), (True, "已重新提交，由原审核层级继续审核，无需再次受理")]
)
def test_a_resubmission_says_where_it_stands(
    account: Account, staff: dict[str, Account], was_accepted: bool, said: str
) -> None:
    row = make.step(make.filled(account), "submit", account)
    row = make.step(row, "accept", staff["township"]) if was_accepted else row
    row = make.step(row, "return", staff["township"], remark=Remark(comment="请核对"))
    client = visitor(account)
    assert act(client, row, "submit", **CONFIRMED).status_code == 302
    assert said in words(client.get(page(row)))


def test_a_resubmission_without_a_change_is_told_to_the_reviewer(account: Account, staff: dict[str, Account]) -> None:
    row = make.step(make.filled(account), "submit", account)
    reviewer = visitor(staff["township"])
    assert "退回前" not in words(reviewer.get(page(row)))
    row = make.step(row, "return", staff["township"], remark=Remark(comment="请核对"))
    make.step(row, "submit", account)
    said = words(reviewer.get(page(row)))
    assert "与退回前相比没有变化" in said
    assert "已标出补正前后的变化" not in said


def test_a_correction_is_not_asked_for_what_only_the_first_day_asked(
    account: Account, staff: dict[str, Account]
) -> None:
    row = make.step(make.filled(account), "submit", account)
    row = make.step(row, "return", staff["township"], remark=Remark(comment="请核对"))
    Enterprise.objects.filter(pk=account.enterprise_id).update(contact_name="", contact_phone="")
    said = words(visitor(account).get(page(row, "check/")))
    assert "各项已齐，可以提交" in said
    assert "补正完毕，重新提交" in said
