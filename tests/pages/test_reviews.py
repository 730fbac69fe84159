"""The reviewers' worklist and the review page: who may do what, and what the door refuses."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from certification.models import Achievement, Application, Decision
from certification.stages import Status
from enterprises.models import Account, DeclaredInterest
from enterprises.roles import Role
from tests import factories as make
from tests.pages.visiting import act, page, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> dict[str, Account]:
    return make.reviewers()


@pytest.fixture
def submitted() -> Application:
    account = make.applicant()
    return make.step(make.filled(account), "submit", account)


@pytest.fixture
def accepted(submitted: Application, staff: dict[str, Account]) -> Application:
    return make.step(submitted, "accept", staff["township"])


def status(row: Application) -> str:
    return Application.objects.get(pk=row.pk).status


# --- the worklist ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.MONITOR, Role.EXPERT, Role.SYSTEM_ADMIN])
def test_the_worklist_is_for_reviewers_only(role: str) -> None:
    assert visitor(make.account(role)).get("/reviews/").status_code == 403


def test_each_level_sees_in_its_tabs_what_lies_where(submitted: Application, staff: dict[str, Account]) -> None:
    town, unit = visitor(staff["township"]), visitor(staff["district"])
    assert submitted.number in words(town.get("/reviews/"))
    assert submitted.number not in words(unit.get("/reviews/"))
    assert submitted.number in words(unit.get("/reviews/?queue=elsewhere"))
    make.step(submitted, "accept", staff["township"])
    assert submitted.number not in words(town.get("/reviews/"))
    assert submitted.number in words(town.get("/reviews/?queue=reviewing"))


def test_a_closed_one_is_in_the_last_tab(staff: dict[str, Account]) -> None:
    row = make.approved(make.applicant(), staff)
    for level in staff.values():
        assert row.number in words(visitor(level).get("/reviews/?queue=closed"))


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.TOWNSHIP_REVIEWER, {"township": make.OTHER_TOWN}),
        (Role.DISTRICT_REVIEWER, {"unit": "liyang"}),
    ],
)
def test_other_areas_are_not_listed_not_counted_not_found(
    submitted: Application, role: str, scope: dict[str, str]
) -> None:
    client = visitor(make.account(role, **scope))
    for queue in ("pending", "reviewing", "returned", "elsewhere", "closed"):
        answer = client.get(f"/reviews/?queue={queue}&q={submitted.number}")
        assert page(submitted) not in answer.content.decode()
        assert "这里没有申报" in words(answer)
    assert '<span class="count">1</span>' not in client.get("/reviews/").content.decode()


def test_overdue_is_marked_with_words_at_its_level_and_above(submitted: Application, staff: dict[str, Account]) -> None:
    with time_machine.travel(make.NOW + timedelta(days=10), tick=False):
        town = words(visitor(staff["township"]).get("/reviews/"))
        unit = words(visitor(staff["district"]).get("/reviews/?queue=elsewhere&overdue=on"))
    assert "2026-11-25 已超期" in town
    assert "超期 1" in town
    assert "2026-11-25 已超期" in unit


def test_what_is_due_today_is_not_overdue(submitted: Application, staff: dict[str, Account]) -> None:
    with time_machine.travel(make.NOW + timedelta(days=5), tick=False):
        said = words(visitor(staff["township"]).get("/reviews/"))
    assert "今日到期" in said
    assert "已超期" not in said


def test_filters_narrow_by_stage_words_and_overdue(submitted: Application, staff: dict[str, Account]) -> None:
    client, name = visitor(staff["township"]), submitted.enterprise.name
    for asked in ("stage=guanbiao.cultivation", f"q={name[2:8]}", f"q={submitted.number.lower()}", "page=1"):
        assert submitted.number in words(client.get(f"/reviews/?{asked}")), asked
    for asked in ("stage=guanbiao.implementation", "q=没有这家", "overdue=on"):
        assert page(submitted) not in client.get(f"/reviews/?{asked}").content.decode(), asked


@pytest.mark.parametrize(
    "asked", ["queue=x", "stage=x&status=y", "page=abc", "page=99999", "page=-1", "q=" + "x" * 500]
)
def test_nonsense_in_the_address_is_no_error(submitted: Application, staff: dict[str, Account], asked: str) -> None:
    assert visitor(staff["township"]).get(f"/reviews/?{asked}").status_code == 200


def test_the_worklist_asks_the_same_number_of_questions_for_one_and_three(
    submitted: Application, staff: dict[str, Account], django_assert_max_num_queries: Any
) -> None:
    client = visitor(staff["township"])
    client.get("/reviews/")
    with django_assert_max_num_queries(12) as first:
        client.get("/reviews/")
    for _ in range(2):
        account = make.applicant()
        make.step(make.filled(account), "submit", account)
    with django_assert_max_num_queries(len(first)):
        assert '<span class="count">3</span>' in client.get("/reviews/").content.decode()


def test_a_long_list_is_paged_and_keeps_the_tab(staff: dict[str, Account]) -> None:
    for _ in range(21):
        account = make.applicant()
        make.step(make.filled(account), "submit", account)
    answer = visitor(staff["city"]).get("/reviews/?queue=elsewhere")
    assert "共 21 条，第 1 / 2 页" in words(answer)
    assert "queue=elsewhere&amp;page=2" in answer.content.decode()


# --- moves ----------------------------------------------------------------------------------------------


def test_a_submitted_one_offers_accept_and_return(submitted: Application, staff: dict[str, Account]) -> None:
    said = words(visitor(staff["township"]).get(page(submitted)))
    assert "受理 材料收齐" in said
    assert "退回补正" in said
    assert "核准" not in said


def test_the_way_through_all_levels_records_an_achievement(submitted: Application, staff: dict[str, Account]) -> None:
    for level, last in (("township", "recommend"), ("district", "recommend"), ("city", "approve")):
        client = visitor(staff[level])
        for action in ("accept", last):
            submitted.refresh_from_db()
            assert act(client, submitted, action).status_code == 302
    assert status(submitted) == Status.APPROVED
    assert Achievement.objects.filter(application=submitted, effective_on=make.NOW.date()).count() == 1
    said = words(visitor(staff["city"]).get(page(submitted)))
    assert "已取得“入库培育”" in said


def test_a_return_tells_all_defects_by_clause_at_once(accepted: Application, staff: dict[str, Account]) -> None:
    notes = {"note:employees": "与年报不符", "note:evidence.commitment_letter": "缺公章", "note:other": "请说明"}
    answer = act(visitor(staff["township"]), accepted, "return", comment="请一次补齐", **notes)
    assert answer.status_code == 302
    made = Decision.objects.get(application=accepted, action="return")
    assert made.defects == [
        {"clause": "employees", "text": "与年报不符"},
        {"clause": "evidence.commitment_letter", "text": "缺公章"},
        {"clause": "other", "text": "请说明"},
    ]
    assert status(accepted) == Status.RETURNED


@pytest.mark.parametrize("action", ["return", "reject"])
def test_a_return_or_rejection_without_a_word_is_refused(
    accepted: Application, staff: dict[str, Account], action: str
) -> None:
    answer = act(visitor(staff["township"]), accepted, action)
    assert answer.status_code == 400
    assert "请写明理由" in words(answer)
    assert status(accepted) == Status.ACCEPTED


def test_notes_with_another_move_than_return_are_refused_and_kept(
    accepted: Application, staff: dict[str, Account]
) -> None:
    notes = {"note:employees": "与年报不符", "comment": "同意"}
    answer = act(visitor(staff["township"]), accepted, "recommend", **notes)
    assert answer.status_code == 400
    assert "请选择“退回补正”，或清空这些说明" in words(answer)
    assert "与年报不符</textarea>" in answer.content.decode()
    assert "同意</textarea>" in answer.content.decode()
    assert status(accepted) == Status.ACCEPTED


def test_no_move_chosen_is_said(accepted: Application, staff: dict[str, Account]) -> None:
    answer = act(visitor(staff["township"]), accepted, "", comment="同意")
    assert answer.status_code == 400
    assert "请选择办理意见" in words(answer)


@pytest.mark.parametrize(("level", "action"), [("district", "recommend"), ("city", "approve"), ("city", "reject")])
def test_another_level_is_told_that_it_may_not(
    accepted: Application, staff: dict[str, Account], level: str, action: str
) -> None:
    client = visitor(staff[level])
    assert "提交办理意见" not in words(client.get(page(accepted)))
    answer = act(client, accepted, action, comment="x")
    assert answer.status_code in (403, 409)
    assert status(accepted) == Status.ACCEPTED


def test_the_same_level_of_another_place_does_not_know_it(accepted: Application) -> None:
    for role, scope in (
        (Role.TOWNSHIP_REVIEWER, {"township": make.OTHER_TOWN}),
        (Role.DISTRICT_REVIEWER, {"unit": "liyang"}),
    ):
        client = visitor(make.account(role, **scope))
        assert client.get(page(accepted)).status_code == 404
        assert act(client, accepted, "recommend").status_code == 404
    assert status(accepted) == Status.ACCEPTED


def test_a_tie_to_the_enterprise_bars_and_says_why(accepted: Application, staff: dict[str, Account]) -> None:
    DeclaredInterest.objects.create(
        account=staff["township"], enterprise=accepted.enterprise, reason="亲属任职", declared_at=make.NOW
    )
    client = visitor(staff["township"])
    said = words(client.get(page(accepted)))
    assert "应当回避" in said
    assert "提交办理意见" not in said
    assert act(client, accepted, "recommend").status_code == 403
    assert status(accepted) == Status.ACCEPTED


def test_whoever_decided_before_is_barred_and_told(accepted: Application, staff: dict[str, Account]) -> None:
    row = make.step(accepted, "recommend", staff["township"])
    moved = staff["township"]
    moved.role, moved.scope_kind, moved.township = Role.DISTRICT_REVIEWER, "unit", None
    moved.unit = staff["district"].unit
    moved.save()
    client = visitor(moved)
    assert "不能再次审核" in words(client.get(page(row)))
    answer = act(client, row, "accept")
    assert answer.status_code == 403
    assert "不能再次审核" in words(answer)


def test_the_slower_of_two_reviewers_is_told_and_changes_nothing(
    accepted: Application, staff: dict[str, Account]
) -> None:
    other = make.account(Role.TOWNSHIP_REVIEWER, township=make.TOWN)
    act(visitor(staff["township"]), accepted, "reject", comment="不符合条件")
    answer = act(visitor(other), accepted, "recommend", comment="同意")
    assert answer.status_code == 409
    said = words(answer)
    assert "已被他人处理或刚刚变更" in said
    assert "不予通过" in said
    assert Decision.objects.filter(application=accepted, decides=True).count() == 1


def test_an_impatient_double_press_is_one_decision(accepted: Application, staff: dict[str, Account]) -> None:
    client = visitor(staff["township"])
    assert [act(client, accepted, "recommend").status_code for _ in range(2)] == [302, 302]
    assert Decision.objects.filter(application=accepted, action="recommend").count() == 1


@pytest.mark.parametrize("version", [{"version": "x"}, {"version": ""}, {}])
def test_a_missing_version_is_no_way_round(
    accepted: Application, staff: dict[str, Account], version: dict[str, str]
) -> None:
    client = visitor(staff["township"])
    answer = client.post(page(accepted, "actions/"), {"action": "recommend", **version})
    assert answer.status_code == 400
    assert status(accepted) == Status.ACCEPTED


def test_time_limits_count_working_days_and_stand_still_with_the_applicant(
    accepted: Application, staff: dict[str, Account]
) -> None:
    with time_machine.travel(make.NOW + timedelta(days=3), tick=False):
        assert "1 / 5 个工作日" in words(visitor(staff["township"]).get(page(accepted)))
        act(visitor(staff["township"]), accepted, "return", comment="请补正")
    with time_machine.travel(make.NOW + timedelta(days=30), tick=False):
        said = words(visitor(staff["township"]).get(page(accepted)))
    assert "1 / 5 个工作日" in said
    assert "计时停止" in said


def test_text_of_others_is_never_markup(accepted: Application, staff: dict[str, Account]) -> None:
    nasty = "<script>alert(1)</script>"
    act(visitor(staff["township"]), accepted, "return", comment=nasty, **{"note:employees": nasty})
    body = visitor(staff["township"]).get(page(accepted)).content.decode()
    assert nasty not in body
    assert "&lt;script&gt;" in body
