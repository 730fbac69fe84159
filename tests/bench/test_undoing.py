"""Undoing: whole or not at all, named reasons where something was built on a row, and a clean ledger afterwards."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from certification.audit import fact_faults
from certification.bench.asking import ask_undo
from certification.models import Achievement, ImportState, Span, Total
from certification.services.achievements import end_achievement
from certification.totals.checkpoint import fold
from certification.totals.recount import recount
from enterprises.errors import NotAllowed, NotPossible
from enterprises.models import Account, Enterprise, EnterpriseSearch
from enterprises.roles import Role
from enterprises.services.amendments import amend
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests import factories
from tests.factories import NOW
from tests.imports.files import code

from .handing_in import GOOD, achievements, enterprises, handed_in, taken, undone

pytestmark = pytest.mark.django_db
STAGE, LATER_STAGE = "guanbiao.implementation", "guanbiao.evaluation"
HIGH_TECH = ("uscc", "name", "township", "is_high_tech", "high_tech_certificate")


def is_sound() -> bool:
    found = recount(at=timezone.now(), repair=False, thorough=True)
    return list(fact_faults(limit=5)) == [] and verify().fault is None and found.is_clean


def ties(file: object) -> list[tuple[int, str, str]]:
    return list(file.faults.filter(is_tie=True).values_list("line", "column", "value"))


@pytest.fixture
def companies(db: None) -> list[Enterprise]:
    return [factories.enterprise() for _ in range(3)]


def test_undone_achievements_are_annulled_and_count_nowhere(
    tmp_path: Path, city: Account, companies: list[Enterprise]
) -> None:
    fold(at=timezone.now())
    before = Span.objects.count()
    rows = [(each.uscc, STAGE, "2017-01-01") for each in companies]
    rows.append((companies[0].uscc, LATER_STAGE, "2018-01-01", "2019-01-01", "revoked"))
    file = taken(handed_in(achievements(tmp_path / "a.csv", *rows), city, kind="achievements"), city)
    assert Span.objects.count() > before
    file = undone(file, city)
    assert (file.state, file.undone_by) == (ImportState.UNDONE, city)
    assert set(Achievement.objects.values_list("ended_reason", flat=True)) == {"annulled"}
    entries = LedgerEntry.objects.filter(verb="achievement.annulled")
    assert sorted(entries.values_list("supersedes", flat=True)) == sorted(
        file.made.values_list("ledger_number", flat=True)
    )
    assert Span.objects.count() == before
    assert is_sound()


def test_what_was_undone_may_be_imported_anew(tmp_path: Path, city: Account, companies: list[Enterprise]) -> None:
    source = achievements(tmp_path / "a.csv", *[(each.uscc, STAGE, "2017-01-01") for each in companies])
    undone(taken(handed_in(source, city, kind="achievements"), city), city)
    again = taken(handed_in(source, city, kind="achievements"), city)
    assert (again.state, again.new) == (ImportState.APPLIED, 3)
    assert Achievement.objects.filter(ended_reason="").count() == 3
    assert is_sound()


def test_undone_enterprises_are_gone_and_may_come_again(tmp_path: Path, city: Account) -> None:
    rows = [(*row, "1", "GR202232001234" if place == 0 else "") for place, row in enumerate(GOOD)]
    source = enterprises(tmp_path / "a.xlsx", *rows, header=HIGH_TECH)
    file = taken(handed_in(source, city), city)
    totals = list(Total.objects.order_by("pk").values_list("indicator", "unit", "month", "base"))
    assert any(row[-1] for row in totals)
    file = undone(file, city)
    assert (file.state, Enterprise.objects.count(), EnterpriseSearch.objects.count()) == (ImportState.UNDONE, 0, 0)
    assert not Span.objects.exists()
    assert not Enterprise.objects.found_by("试制").exists()
    assert LedgerEntry.objects.filter(verb="enterprise.struck").count() == 3
    assert is_sound()
    assert taken(handed_in(source, city), city).state == ImportState.APPLIED
    assert [row.uscc for row in Enterprise.objects.found_by("试制")] == [row[0] for row in GOOD]
    assert is_sound()


def test_a_struck_enterprise_that_is_still_there_is_a_fault(tmp_path: Path, city: Account) -> None:
    undone(taken(handed_in(enterprises(tmp_path / "a.csv", *GOOD), city), city), city)
    assert list(fact_faults(limit=5)) == []
    left = factories.enterprise(uscc=GOOD[0][0])
    assert list(fact_faults(limit=5)) == []  # registered anew, and on record
    Enterprise.objects.filter(pk=left.pk).update(township_id=factories.OTHER_TOWN)
    assert len(list(fact_faults(limit=5))) == 1


@pytest.mark.parametrize("built", ["amended", "achievement", "application", "account"])
def test_an_enterprise_on_which_something_was_built_stays_with_all_others(
    tmp_path: Path, city: Account, built: str
) -> None:
    file = taken(handed_in(enterprises(tmp_path / "a.csv", *GOOD), city), city)
    second = Enterprise.objects.get(uscc=GOOD[1][0])
    if built == "amended":
        amend(second, {"industry": "C3825"}, actor=city, at=timezone.now())
    elif built == "achievement":
        factories.achievement(second, STAGE, date(2020, 1, 1))
    elif built == "application":
        factories.draft(factories.applicant(second))
    else:
        factories.account(Role.APPLICANT, enterprise=second)
    file = undone(file, city)
    assert (file.state, file.refusals[0]["code"]) == (ImportState.APPLIED, "depended_on")
    assert "逐家更正" in file.refusals[0]["remedy"]  # not: take the later ones back first, which the ledger never does
    assert {(line, value) for line, _column, value in ties(file)} == {(3, GOOD[1][0])}
    assert Enterprise.objects.count() == 3
    assert is_sound()


def test_achievements_on_which_something_was_built_stay(
    tmp_path: Path, city: Account, companies: list[Enterprise]
) -> None:
    one, two, three = companies
    kept = factories.achievement(three, LATER_STAGE, date(2012, 1, 1))
    rows = [
        *[(each.uscc, STAGE, "2017-01-01") for each in companies],
        (three.uscc, LATER_STAGE, "2012-01-01", "2015-01-01", "expired"),
    ]
    file = taken(handed_in(achievements(tmp_path / "a.csv", *rows), city, kind="achievements"), city)
    end = {"ended_on": date(2026, 1, 1), "ground": "弄虚作假", "actor": city, "at": timezone.now()}
    end_achievement(Achievement.objects.get(enterprise=one), reason="revoked", **end)
    factories.achievement(two, LATER_STAGE, date(2018, 1, 1))
    file = undone(file, city)
    assert file.state == ImportState.APPLIED
    assert ties(file) == [
        (2, "后续终止", one.uscc),
        (3, "后续认定", two.uscc),
        (5, "记载终止", three.uscc),
    ]
    kept.refresh_from_db()
    assert kept.ended_reason == "expired"
    assert is_sound()


def test_an_application_opened_since_keeps_its_achievements(tmp_path: Path, city: Account) -> None:
    applicant = factories.applicant()
    source = achievements(tmp_path / "a.csv", (applicant.enterprise.uscc, "intensive.cultivation", "2017-01-01"))
    file = taken(handed_in(source, city, kind="achievements"), city)
    factories.draft(applicant)
    file = undone(file, city)
    assert (file.state, ties(file)) == (ImportState.APPLIED, [(2, "后续记录", applicant.enterprise.uscc)])


def test_what_was_annulled_since_is_no_hindrance(tmp_path: Path, city: Account, companies: list[Enterprise]) -> None:
    rows = [(each.uscc, STAGE, "2017-01-01") for each in companies]
    file = taken(handed_in(achievements(tmp_path / "a.csv", *rows), city, kind="achievements"), city)
    end = {"ended_on": date(2026, 1, 1), "ground": "重复录入", "actor": city, "at": timezone.now()}
    end_achievement(Achievement.objects.order_by("id")[0], reason="annulled", **end)
    assert undone(file, city).state == ImportState.UNDONE
    assert LedgerEntry.objects.filter(verb="achievement.annulled").count() == 3
    assert is_sound()


def test_only_what_was_applied_is_undone_and_only_once(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    with pytest.raises(NotPossible, match="已检查"):
        ask_undo(file, actor=city, at=NOW)
    file = taken(file, city)
    with pytest.raises(NotAllowed):
        ask_undo(file, actor=factories.account(Role.AUDITOR), at=NOW)
    file = undone(file, city)
    with pytest.raises(NotPossible, match="已撤销"):
        ask_undo(file, actor=city, at=NOW)


def test_undoing_that_fails_half_way_changes_nothing(
    tmp_path: Path, city: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = taken(handed_in(enterprises(tmp_path / "a.csv", *GOOD), city), city)
    entries = LedgerEntry.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr("enterprises.services.striking.record_stream", lambda *args, **kwargs: 1 / 0)
        file = undone(file, city)
    assert (file.state, file.refusals[0]["code"]) == (ImportState.APPLIED, "failed")
    assert (Enterprise.objects.count(), LedgerEntry.objects.count()) == (3, entries)
    assert Enterprise.objects.filter(uscc=code(1)).exists()
    assert undone(file, city).state == ImportState.UNDONE
