"""What an application's content is, for whom, and in which form values are kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from certification.models import Application, Evidence, Rulebook, StageRule
from certification.services.applications import save_draft
from certification.services.evidence import attach, take_off
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories
from tests.factories import FAR_TOWN, NOW, PDF, VALUES
from tests.pages.visiting import page, visitor, words

from .asking import act, client_of, codes, get, patch, post, upload
from .conftest import As

pytestmark = pytest.mark.django_db
CULTIVATION, IMPLEMENTATION = "guanbiao.cultivation", "guanbiao.implementation"
READERS = ("township", "district", "city", "monitor")
#: What the applicant types after the return: a number that no counter or check digit of the page contains.
TYPED = 76543


@dataclass
class Correction:
    """A returned application whose applicant has begun to correct it."""

    row: Application
    own: Account
    readers: dict[str, Account]
    handed_in: Evidence
    taken_off: Evidence
    added: Evidence
    never_handed_in: Evidence


@pytest.fixture
def correction(clock: time_machine.Traveller) -> Correction:
    own, staff = factories.applicant(), factories.reviewers()
    row = factories.filled(own)
    [taken_off] = row.evidence.all()
    papers: dict[str, Any] = {"requirement": taken_off.requirement, "content": PDF, "actor": own}
    handed_in = attach(row, filename="原件.pdf", at=NOW, **papers)
    never = attach(row, filename="误传.pdf", at=NOW, **papers)
    take_off(never, actor=own, at=NOW)
    clock.shift(timedelta(hours=1))
    row.refresh_from_db()
    row = factories.step(row, "submit", own, at=NOW + timedelta(hours=1))
    post(
        client_of(staff["township"]), f"applications/{row.number}/actions/", {"action": "return", "comment": "缺"}, 200
    )
    clock.shift(timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    row = save_draft(row, fields={"employees": TYPED}, actor=own, at=later)
    added = attach(row, filename="新增.pdf", at=later, **papers)
    take_off(taken_off, actor=own, at=later)
    return Correction(
        row, own, {**staff, "monitor": factories.account(Role.MONITOR)}, handed_in, taken_off, added, never
    )


def ids(answer: dict[str, Any]) -> set[str]:
    return {file["id"] for file in answer["evidence"]}


@pytest.mark.parametrize("name", READERS)
def test_others_see_a_returned_application_as_it_was_submitted(correction: Correction, name: str) -> None:
    seen = get(client_of(correction.readers[name]), f"applications/{correction.row.number}/")
    assert seen["fields"] == VALUES[CULTIVATION]
    assert {str(correction.handed_in.pk), str(correction.taken_off.pk)} <= ids(seen)
    assert not {str(correction.added.pk), str(correction.never_handed_in.pk)} & ids(seen)
    assert seen["missing"] == []
    said = words(visitor(correction.readers[name]).get(page(correction.row)))
    assert str(TYPED) not in said
    assert "新增.pdf" not in said


def test_the_applicant_sees_what_is_being_typed(correction: Correction) -> None:
    seen = get(client_of(correction.own), f"applications/{correction.row.number}/")
    assert seen["fields"]["employees"] == TYPED
    assert str(correction.added.pk) in ids(seen)
    assert str(correction.taken_off.pk) not in ids(seen)
    assert seen["missing"] == []


@pytest.mark.parametrize("name", [*READERS, "own"])
def test_a_file_is_handed_out_to_others_once_it_was_handed_in(correction: Correction, name: str) -> None:
    account = {**correction.readers, "own": correction.own}[name]
    for file, is_shown in (
        (correction.handed_in, True),
        (correction.taken_off, True),
        (correction.added, name == "own"),
        (correction.never_handed_in, name == "own"),
    ):
        status = 200 if is_shown else 404
        assert client_of(account).get(f"/api/v1/evidence/{file.pk}/").status_code == status
        assert visitor(account).get(page(correction.row, f"evidence/{file.pk}/")).status_code == status


def test_after_the_resubmission_everybody_sees_the_new_content(correction: Correction) -> None:
    act(client_of(correction.own), correction.row.number, "submit")
    seen = get(client_of(correction.readers["city"]), f"applications/{correction.row.number}/")
    assert seen["fields"]["employees"] == TYPED
    assert str(correction.added.pk) in ids(seen)
    assert str(correction.taken_off.pk) not in ids(seen)


def test_a_draft_is_judged_by_the_rules_of_the_day(as_: As, clock: time_machine.Traveller) -> None:
    own = factories.applicant()
    row = factories.draft(own)
    book = Rulebook.objects.create(year=2027, in_force_from=date(2027, 1, 1))
    rule = StageRule.objects.create(rulebook=book, stage=CULTIVATION, basis="新年度")
    rule.route.create(order=1, level="city", accept_days=5, decide_days=5)
    rule.evidence.create(code="new_paper", label="新年度材料", group="commitment")
    clock.move_to(NOW + timedelta(days=60))
    client = as_(own)
    missing = get(client, f"applications/{row.number}/")["missing"]
    assert [item["field"] for item in missing] == ["evidence.new_paper"]
    kept = upload(client, row.number, "new_paper")
    assert kept.status_code == 201
    assert kept.json()["requirement_display"] == "新年度材料"


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("ip_staff", "１２", 12),
        ("ip_staff", " 1,200 ", 1200),
        ("yearly_ip_budget", "２０．５", "20.5"),
        ("yearly_ip_budget", 20, "20"),
        ("documents_issued_on", "2026-03-01 ", "2026-03-01"),
        ("plan_summary", " 一\r\n二 ", "一\n二"),
        ("plan_summary", None, None),
    ],
)
def test_values_are_kept_in_one_form_whoever_sends_them(as_: As, field: str, sent: Any, kept: Any) -> None:
    assert patched(as_, {field: sent}, 200)["fields"][field] == kept


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("ip_staff", "1e3"),
        ("ip_staff", "12.0"),
        ("ip_staff", "1,5"),
        ("ip_staff", False),
        ("ip_staff", []),
        ("yearly_ip_budget", "1e3"),
        ("documents_issued_on", "20260301"),
        ("documents_issued_on", "2026-W01-1"),
        ("documents_issued_on", 20260301),
        ("plan_summary", False),
        ("plan_summary", []),
    ],
)
def test_values_that_cannot_be_read_are_refused(as_: As, field: str, sent: Any) -> None:
    assert codes(patched(as_, {field: sent}, 400)) == {"field_invalid"}


def patched(as_: As, fields: dict[str, Any], status: int) -> Any:
    """The answer to filling in these fields of a new draft."""
    own = factories.applicant()
    assert own.enterprise is not None
    factories.achievement(own.enterprise, CULTIVATION, date(2026, 1, 5))
    row = factories.draft(own, stage=IMPLEMENTATION)
    return patch(as_(own), f"applications/{row.number}/", {"fields": fields}, status)


def test_moving_an_enterprise_out_of_ones_scope_is_answered_with_it(as_: As) -> None:
    there, town = factories.enterprise(), as_(factories.account(Role.TOWNSHIP_REVIEWER))
    path = f"enterprises/{there.uscc}/"
    moved = patch(town, path, {"township": FAR_TOWN})
    assert (moved["township"], moved["reporting_unit"]) == (FAR_TOWN, "liyang")
    get(town, path, 404)
