"""What a certificate stands for, no table ends and no undoing of an import takes away."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certification.audit import fact_faults
from certification.models import Achievement, Certificate, Document, ImportState
from certification.services.certificate_events import Act, annul
from enterprises.models import Account
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories as make
from tests.bench.handing_in import achievements, handed_in, taken, undone

from .files import ACHIEVEMENTS, take_achievements, write_csv

pytestmark = pytest.mark.django_db
CERTIFICATION = "guanbiao.certification"
REASONS = ["expired", "withdrawn", "revoked", "annulled"]


@pytest.fixture
def city() -> Account:
    return make.account(Role.CITY_REVIEWER)


def ending(fact: Achievement, reason: str = "revoked") -> tuple[str, ...]:
    return fact.enterprise.uscc, fact.stage, str(fact.effective_on), "2026-01-01", reason


@pytest.mark.parametrize("reason", REASONS)
def test_an_achievement_with_a_bodys_certificate_is_not_ended_by_a_table(tmp_path: Path, reason: str) -> None:
    row = make.certificate()
    before = LedgerEntry.objects.count()
    outcome = take_achievements(tmp_path / "a.csv", ending(row.achievement, reason))
    (bad,) = outcome.bad
    assert (bad.line, bad.column, bad.value) == (2, "终止日期", "2026-01-01")
    assert f"以证书 {row.number} 为依据" in bad.reason
    assert "证书的页面办理撤销、注销" in bad.reason
    assert (outcome.applied, LedgerEntry.objects.count()) == (False, before)
    assert Achievement.objects.get().ended_reason == ""


def test_nor_one_with_a_certificate_of_the_bureau(tmp_path: Path) -> None:
    own, staff = make.applicant(), make.reviewers()
    make.achievement(own.enterprise, "guanbiao.cultivation", date(2025, 1, 1))
    fact = make.approved(own, staff, stage="guanbiao.implementation").achievement
    rows = (own.enterprise.uscc, fact.stage, str(fact.effective_on), str(fact.effective_on), "revoked")
    outcome = take_achievements(tmp_path / "a.csv", rows)
    (bad,) = outcome.bad
    assert Document.objects.get(kind="certificate").number in bad.reason
    assert "在企业档案中写明依据办理终止" in bad.reason
    assert set(Achievement.objects.values_list("ended_reason", flat=True)) == {""}


def test_the_good_rows_go_in_beside_it(tmp_path: Path) -> None:
    held, free = make.certificate().achievement, make.achievement(make.enterprise(), CERTIFICATION, date(2019, 1, 1))
    outcome = take_achievements(tmp_path / "a.csv", ending(held), ending(free), skip=True)
    assert (outcome.applied, outcome.changed, len(outcome.bad)) == (True, 1, 1)
    assert set(Achievement.objects.values_list("pk", "ended_reason")) == {(held.pk, ""), (free.pk, "revoked")}
    assert list(fact_faults(limit=3)) == []


def test_one_whose_certificate_was_recorded_in_error_may_be_named_again(tmp_path: Path, city: Account) -> None:
    row = make.certificate()
    annul(row, Act(date(2025, 12, 1), "录入错误", city, make.NOW))
    fact = Achievement.objects.get(pk=row.achievement_id)
    said = (fact.enterprise.uscc, fact.stage, str(fact.effective_on), str(fact.ended_on), "annulled")
    outcome = take_achievements(tmp_path / "a.csv", said)
    assert (outcome.bad, outcome.unchanged) == ([], 1)


def test_the_command_says_so_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = make.certificate()
    path = write_csv(tmp_path / "a.csv", ACHIEVEMENTS, [*ending(row.achievement), "", "", ""])
    with pytest.raises((CommandError, SystemExit)):
        call_command("import", "achievements", str(path))
    told = capsys.readouterr()
    assert row.number in told.out + told.err
    assert Achievement.objects.get().ended_reason == ""


def test_the_bench_says_so_by_row_before_anything_is_confirmed(tmp_path: Path, city: Account) -> None:
    row = make.certificate()
    file = handed_in(achievements(tmp_path / "a.csv", ending(row.achievement)), city, kind="achievements")
    (fault,) = file.faults.all()
    assert (fault.line, fault.value) == (2, "2026-01-01")
    assert row.number in fault.reason


def test_a_certificate_recorded_between_check_and_confirmation_is_heeded(tmp_path: Path, city: Account) -> None:
    there = make.enterprise()
    fact = make.achievement(there, CERTIFICATION, date(2025, 1, 10))
    file = handed_in(achievements(tmp_path / "a.csv", ending(fact)), city, kind="achievements")
    assert file.state == ImportState.CHECKED
    make.certificate(there)
    file = taken(file, city)
    assert file.state == ImportState.CHECKED
    assert Achievement.objects.get().ended_reason == ""


def test_an_import_is_not_undone_under_a_certificate(tmp_path: Path, city: Account) -> None:
    there = make.enterprise()
    rows = (there.uscc, CERTIFICATION, "2025-01-10")
    file = taken(handed_in(achievements(tmp_path / "a.csv", rows), city, kind="achievements"), city)
    row = make.certificate(there)
    assert row.achievement == Achievement.objects.get()
    file = undone(file, city)
    assert file.state == ImportState.APPLIED
    (tie,) = file.faults.filter(is_tie=True)
    assert row.number in tie.reason
    assert Achievement.objects.get().ended_reason == ""
    annul(row, Act(date(2025, 12, 1), "录入错误", city, make.NOW))
    assert undone(file, city).state == ImportState.UNDONE
    assert Certificate.objects.get().is_annulled
    assert list(fact_faults(limit=3)) == []
