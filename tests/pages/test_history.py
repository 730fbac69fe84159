"""The pages of histories: in Chinese, by field and period, two submissions side by side, addresses for few."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from certification.models import Application
from certification.services.applications import save_draft
from certification.services.door import Remark
from enterprises.models import Account
from enterprises.origin import Channel, coming_from
from enterprises.services.amendments import amend, rename
from tests import factories as make
from tests.pages.visiting import page, visitor, words

pytestmark = pytest.mark.django_db
ADDRESS = "192.0.2.77"


@pytest.fixture
def staff() -> dict[str, Account]:
    return make.reviewers()


@pytest.fixture
def qiye() -> Account:
    return make.applicant()


def of_file(row: Application, asked: str = "") -> str:
    return f"/enterprises/{row.enterprise.uscc}/history/{asked}"


def resubmitted(qiye: Account, staff: dict[str, Account], *numbers: int) -> Application:
    row = make.step(make.filled(qiye), "submit", qiye)
    for number in numbers:
        row = make.step(row, "return", staff["township"], remark=Remark("请更正职工人数"))
        save_draft(row, fields={"employees": number}, actor=qiye, at=make.NOW)
        row = make.step(row, "submit", qiye)
    return row


def amended(qiye: Account, staff: dict[str, Account]) -> Application:
    row, city = make.filled(qiye), staff["city"]
    with coming_from(Channel.PAGE, ADDRESS):
        changes = {"innovation_tier": "leading", "has_rd_institution": True, "contact_phone": "13911112222"}
        amend(row.enterprise, changes, actor=city, at=make.NOW)
        rename(row.enterprise, "常州改名有限公司", since=date(2026, 11, 1), actor=city, at=make.NOW + timedelta(days=3))
    return row


def test_a_file_tells_its_changes_in_words(qiye: Account, staff: dict[str, Account]) -> None:
    row = amended(qiye, staff)
    said = words(visitor(staff["city"]).get(of_file(row)))
    for text in ("十百千 未列入 领军企业", "有自主研发机构 否 是", "常州改名有限公司", "网页", "（已更新）", ADDRESS):
        assert text in said, text
    for code in ("leading", "True", "False", "13911112222", "has_rd_institution"):
        assert code not in said, code
    assert "登记时的内容" in said


def test_addresses_are_for_those_who_may(qiye: Account, staff: dict[str, Account]) -> None:
    row = amended(qiye, staff)
    for reader in (qiye, staff["township"], staff["district"]):
        said = words(visitor(reader).get(of_file(row)))
        assert "网页" in said
        assert ADDRESS not in said
    assert str(staff["city"]) not in words(visitor(qiye).get(of_file(row)))


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("?field=innovation_tier", "领军企业", "常州改名"),
        ("?since=2026-11-22", "常州改名", "领军企业"),
        ("?until=2026-11-21", "领军企业", "常州改名"),
        ("?field=industry", "没有符合条件的变更", "领军企业"),
    ],
)
def test_a_history_is_narrowed_by_field_and_period(
    qiye: Account, staff: dict[str, Account], asked: str, shown: str, hidden: str
) -> None:
    answer = visitor(staff["city"]).get(of_file(amended(qiye, staff), asked))
    rows = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0] or words(answer)
    assert shown in rows
    assert hidden not in rows


@pytest.mark.parametrize(
    "asked", ["?field=uscc", "?since=2026-13-01", "?until=x", "?since=2026-02-02&until=2026-01-01"]
)
def test_a_wrong_filter_is_named(qiye: Account, staff: dict[str, Account], asked: str) -> None:
    assert visitor(staff["city"]).get(of_file(amended(qiye, staff), asked)).status_code == 400


def test_the_reviewer_sees_what_changed_since_the_last_submission(qiye: Account, staff: dict[str, Account]) -> None:
    row = resubmitted(qiye, staff, 135)
    said = words(visitor(staff["township"]).get(page(row)))
    assert "自上次提交以来的变化" in said
    assert "120 人 135 人" in said
    first = make.step(make.filled(other := make.applicant()), "submit", other)
    assert "自上次提交以来的变化" not in words(visitor(staff["township"]).get(page(first)))


def test_any_two_submissions_can_be_compared(qiye: Account, staff: dict[str, Account]) -> None:
    row, client = resubmitted(qiye, staff, 135, 150), visitor(staff["township"])
    assert "135 人 150 人" in words(client.get(page(row, "history/")))
    assert "120 人 150 人" in words(client.get(page(row, "history/?from=1&to=3")))
    assert "120 人 135 人" in words(client.get(page(row, "history/?from=1&to=2")))


@pytest.mark.parametrize(
    "asked", ["?from=3&to=1", "?from=2&to=2", "?from=9", "?to=x", "?from=0&to=99999999999999999999"]
)
def test_a_pair_that_cannot_be_is_refused_with_its_reason(qiye: Account, staff: dict[str, Account], asked: str) -> None:
    answer = visitor(staff["township"]).get(page(resubmitted(qiye, staff, 135), f"history/{asked}"))
    assert answer.status_code == 400
    assert "共提交 2 次" in words(answer)


def test_the_applicant_sees_every_edit_the_reviewer_what_was_submitted(
    qiye: Account, staff: dict[str, Account]
) -> None:
    row = resubmitted(qiye, staff)
    row = make.step(row, "return", staff["township"], remark=Remark("请更正"))
    save_draft(row, fields={"main_business": "还没有提交"}, actor=qiye, at=make.NOW)
    path = page(row, "history/")
    assert "还没有提交" in words(visitor(qiye).get(path))
    for level in staff.values():
        assert "还没有提交" not in words(visitor(level).get(path))


def test_a_draft_has_its_history_for_its_applicant_only(qiye: Account, staff: dict[str, Account]) -> None:
    row = make.filled(qiye)
    assert "职工人数" in words(visitor(qiye).get(page(row, "history/")))
    assert visitor(staff["city"]).get(page(row, "history/")).status_code == 404
    assert visitor(make.applicant()).get(page(row, "history/")).status_code == 404


def test_pages_keep_from_where_a_request_came(qiye: Account, staff: dict[str, Account]) -> None:
    row = make.filled(qiye)
    client = Client(REMOTE_ADDR=ADDRESS)
    client.force_login(staff["city"], backend="django.contrib.auth.backends.ModelBackend")
    sent = {"version": row.enterprise.version, "innovation_tier": "leading", "industry": "3421"}
    answer = client.post(f"/enterprises/{row.enterprise.uscc}/amend/", sent)
    assert answer.status_code == 302
    kept = row.enterprise.changes.first()
    assert kept is not None
    assert (kept.channel, kept.address) == ("page", ADDRESS)


def test_a_long_history_asks_no_more_than_a_short_one(
    qiye: Account, staff: dict[str, Account], django_assert_max_num_queries: Any
) -> None:
    row, client = make.filled(qiye), visitor(staff["city"])
    asked = []
    for times in (1, 15):
        for number in range(times):
            amend(row.enterprise, {"industry": f"C{times}{number:02}"}, actor=staff["city"], at=make.NOW)
        client.get(of_file(row))
        with django_assert_max_num_queries(14) as caught:
            client.get(of_file(row))
        asked.append(len(caught))
    assert asked[0] == asked[1]


def test_histories_can_be_taken_away_as_they_are_shown(qiye: Account, staff: dict[str, Account]) -> None:
    amended(qiye, staff)
    row = resubmitted(make.applicant(), staff, 130)
    amend(row.enterprise, {"has_rd_institution": True}, actor=staff["city"], at=make.NOW)
    client = visitor(staff["city"])
    shown = [
        (of_file(row, "?field=has_rd_institution"), "enterprise-changes", "有自主研发机构"),
        (page(row, "history/"), "application-changes", "130"),
    ]
    for address, kind, text in shown:
        [link] = re.findall(rf'href="(/exports/{kind}\.csv[^"]*)"', client.get(address).content.decode())
        answer = client.get(link.replace("&amp;", "&"))
        assert text in b"".join(answer.streaming_content).decode("utf-8-sig"), kind
