"""The last day for a correction on the pages: said to the enterprise, shown to reviewers, acted on by the city."""

from datetime import timedelta

import pytest
import time_machine

from certification.models import Application
from certification.services.corrections import lapse_corrections
from certification.services.door import Remark
from certification.stages import Status
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories as make
from tests.pages.visiting import act, page, visitor, words

pytestmark = pytest.mark.django_db
LAST = "2026-12-11"
ON_LAST = make.NOW + timedelta(days=21)
AFTER = make.NOW + timedelta(days=22)


@pytest.fixture
def staff() -> dict[str, Account]:
    return make.reviewers()


@pytest.fixture
def returned(staff: dict[str, Account]) -> Application:
    person = make.applicant()
    row = make.step(make.filled(person), "submit", person)
    return make.step(row, "return", staff["township"], remark=Remark("请补正"))


def seen(account: Account, path: str) -> str:
    answer = visitor(account).get(path, follow=True)
    assert answer.status_code == 200
    return words(answer)


def test_the_enterprise_reads_until_when_and_what_then(returned: Application) -> None:
    person = returned.created_by
    for path in (page(returned), "/workspace/"):
        assert f"补正期限 {LAST}" in seen(person, path)
    assert "逾期未提交的，本次申报按撤回处理，须重新申报" in seen(person, page(returned))
    with time_machine.travel(ON_LAST, tick=False):
        assert "补正期限今日到期" in seen(person, page(returned))


def test_after_the_last_day_the_page_says_so_and_refuses(returned: Application) -> None:
    person = returned.created_by
    with time_machine.travel(AFTER, tick=False):
        assert f"补正期限 {LAST} 已过，不能再补正提交" in seen(person, page(returned, "check/"))
        answer = act(visitor(person), returned, "submit", confirmed="on")
    assert answer.status_code == 400
    assert "请重新申报" in words(answer)
    returned.refresh_from_db()
    assert returned.status == Status.RETURNED


def test_reviewers_see_the_day_in_their_lists(returned: Application, staff: dict[str, Account]) -> None:
    queues = {"township": "returned", "city": "elsewhere"}
    for level, queue in queues.items():
        assert f"补正期限 {LAST}" in seen(staff[level], f"/reviews/?queue={queue}")
    with time_machine.travel(AFTER, tick=False):
        for level, queue in queues.items():
            assert f"补正期限 {LAST} 已过" in seen(staff[level], f"/reviews/?queue={queue}&overdue=on")


def test_the_city_ends_it_on_the_page_once_the_day_has_passed(returned: Application, staff: dict[str, Account]) -> None:
    lapse = 'value="lapse"'
    city = visitor(staff["city"])
    assert lapse not in city.get(page(returned)).content.decode()
    answer = act(city, returned, "lapse")
    assert answer.status_code == 400
    assert f"补正期限为 {LAST}" in words(answer)
    with time_machine.travel(AFTER, tick=False):
        city = visitor(staff["city"])
        assert lapse in city.get(page(returned)).content.decode()
        for other in (staff["township"], staff["district"]):
            assert lapse not in visitor(other).get(page(returned)).content.decode()
            assert act(visitor(other), returned, "lapse").status_code == 403
        done = words(
            city.post(page(returned, "actions/"), {"action": "lapse", "version": returned.version}, follow=True)
        )
    assert "已按撤回处理，企业会收到通知" in done
    returned.refresh_from_db()
    assert returned.status == Status.WITHDRAWN


def test_afterwards_everybody_reads_what_happened(returned: Application, staff: dict[str, Account]) -> None:
    with time_machine.travel(AFTER, tick=False):
        lapse_corrections(at=AFTER)
        said = seen(returned.created_by, page(returned))
        assert f"补正期限 {LAST} 已过，企业没有重新提交，2026-12-12 按撤回处理" in said
        assert "您可以重新申报" in said
        for account in (staff["township"], staff["city"], make.account(Role.MONITOR)):
            assert "逾期未补正，按撤回处理" in seen(account, page(returned))
            assert "系统" in seen(account, page(returned, "history/"))
        assert "逾期未补正，按撤回处理" in seen(staff["city"], f"/enterprises/{returned.enterprise.uscc}/")
        assert "申报入库培育" in seen(returned.created_by, "/workspace/")
