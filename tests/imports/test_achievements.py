"""The import of achievements: facts of their own day, endings, repetitions, and the totals afterwards."""

from datetime import date, datetime
from pathlib import Path

import pytest

from certification.audit import fact_faults
from certification.imports.achievements import AchievementImport
from certification.models import Achievement
from certification.services.achievements import end_achievement
from certification.totals.checkpoint import fold
from certification.totals.recount import recount
from enterprises.models import Enterprise
from enterprises.roles import Role
from enterprises.services.amendments import relocate
from enterprises.services.qualifications import grant_high_tech
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests import factories
from tests.factories import FAR_TOWN, NOW, TOWN

from .files import ACHIEVEMENTS, code, take, take_achievements, take_enterprises, write_csv

pytestmark = pytest.mark.django_db
CULTIVATION, IMPLEMENTATION, CERTIFICATION = "guanbiao.cultivation", "guanbiao.implementation", "guanbiao.certification"


@pytest.fixture
def company() -> Enterprise:
    return factories.enterprise()


def facts() -> list[tuple[str, date, date | None, str]]:
    rows = Achievement.objects.order_by("stage", "effective_on", "id")
    return list(rows.values_list("stage", "effective_on", "ended_on", "ended_reason"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_row_becomes_an_achievement(tmp_path: Path, company: Enterprise, suffix: str) -> None:
    row = (company.uscc, "国家认证", "2019/3/7", "", "", "ZS-2019-001", "direct", "首次认证")
    outcome = take_achievements(tmp_path / f"a{suffix}", row)
    assert (outcome.new, outcome.bad, outcome.applied) == (1, [], True)
    made = Achievement.objects.get()
    assert (made.enterprise, made.stage, made.effective_on) == (company, CERTIFICATION, date(2019, 3, 7))
    assert (made.certificate_number, made.route, made.note) == ("ZS-2019-001", "direct", "首次认证")
    assert (made.township_id, made.reporting_unit_id, made.was_high_tech) == (TOWN, "wujin", False)
    assert made.effective_ymd == 20190307


def test_an_import_writes_what_the_service_writes(tmp_path: Path) -> None:
    """Same columns, same words of the ledger, ending included."""
    one, other = factories.enterprise(), factories.enterprise()
    row = (one.uscc, CERTIFICATION, "2019-03-07", "2020-05-01", "revoked", "ZS-1", "direct", "弄虚作假")
    take_achievements(tmp_path / "a.csv", row)
    made = factories.achievement(
        other, CERTIFICATION, date(2019, 3, 7), certificate_number="ZS-1", route="direct", note="弄虚作假"
    )
    city = factories.account(Role.CITY_REVIEWER)
    end_achievement(made, reason="revoked", ended_on=date(2020, 5, 1), ground="弄虚作假", actor=city, at=NOW)
    private = {"id", "enterprise_id", "ledger_number", "ended_salt", "is_first"}
    imported, served = Achievement.objects.order_by("id").values()
    assert {k: v for k, v in imported.items() if k not in private} == {
        k: v for k, v in served.items() if k not in private
    }
    words = [
        [
            (
                entry.verb,
                entry.subject.replace(company.uscc, "?"),
                entry.enterprise_seq,
                "supersedes" if entry.supersedes else "",
            )
            for entry in LedgerEntry.objects.filter(enterprise=company.uscc).order_by("number")
        ]
        for company in (one, other)
    ]
    assert words[0] == words[1]
    recorded = LedgerEntry.objects.filter(verb="achievement.recorded").values_list("payload", flat=True)
    assert len(set(recorded)) == 1


def test_the_ledger_holds_and_every_ending_points_to_its_beginning(tmp_path: Path, company: Enterprise) -> None:
    other = factories.enterprise()
    rows = [
        (
            company.uscc,
            CERTIFICATION,
            f"20{year}-05-01",
            f"20{year + 3}-05-01" if year < 23 else "",
            "expired" if year < 23 else "",
        )
        for year in range(14, 26)
    ]
    take_achievements(tmp_path / "a.csv", *rows, (other.uscc, IMPLEMENTATION, "2016-01-01"))
    assert verify().fault is None
    assert not list(fact_faults(limit=1))
    for entry in LedgerEntry.objects.filter(supersedes__isnull=False):
        beginning = LedgerEntry.objects.get(number=entry.supersedes)
        assert (beginning.verb, beginning.subject) == ("achievement.recorded", entry.subject)
    numbers = Achievement.objects.values_list("ledger_number", flat=True)
    recorded = LedgerEntry.objects.filter(verb="achievement.recorded").values_list("number", flat=True)
    assert sorted(numbers) == sorted(recorded)


def test_first_of_enterprise_and_stage_is_noted(tmp_path: Path, company: Enterprise) -> None:
    """Only where nothing else is on record: what a recount may count by itself."""
    other = factories.enterprise()
    factories.achievement(other, CERTIFICATION, date(2018, 1, 1))
    take_achievements(
        tmp_path / "a.csv",
        (company.uscc, CERTIFICATION, "2019-01-01"),
        (company.uscc, CERTIFICATION, "2017-01-01"),
        (company.uscc, IMPLEMENTATION, "2017-01-01"),
        (other.uscc, CERTIFICATION, "2019-01-01"),
        (other.uscc, IMPLEMENTATION, "2019-01-01"),
    )
    take_achievements(tmp_path / "b.csv", (company.uscc, IMPLEMENTATION, "2018-01-01"))
    rows = Achievement.objects.order_by("id").values_list("enterprise", "stage", "is_first")
    assert list(rows) == [
        (other.pk, CERTIFICATION, None),
        (company.pk, CERTIFICATION, True),
        (company.pk, CERTIFICATION, None),
        (company.pk, IMPLEMENTATION, True),
        (other.pk, CERTIFICATION, None),
        (other.pk, IMPLEMENTATION, True),
        (company.pk, IMPLEMENTATION, None),
    ]
    fold(at=NOW)
    assert recount(at=NOW, repair=False).is_clean


def test_place_and_high_tech_status_are_those_of_the_day(tmp_path: Path, company: Enterprise) -> None:
    city = factories.account(Role.CITY_REVIEWER)
    relocate(company, FAR_TOWN, since=date(2018, 1, 1), actor=city, at=NOW)
    grant_high_tech(
        company, certificate="", valid_from=date(2017, 6, 1), valid_to=date(2018, 5, 31), actor=city, at=NOW
    )
    days = ("2005-01-01", "2017-05-31", "2017-06-01", "2017-12-31", "2018-01-01", "2018-05-31", "2018-06-01")
    take_achievements(tmp_path / "a.csv", *[(company.uscc, CERTIFICATION, day) for day in days])
    rows = Achievement.objects.order_by("effective_on").values_list(
        "effective_on", "reporting_unit_id", "was_high_tech"
    )
    assert [(str(on), unit, high_tech) for on, unit, high_tech in rows] == [
        ("2005-01-01", "wujin", False),
        ("2017-05-31", "wujin", False),
        ("2017-06-01", "wujin", True),
        ("2017-12-31", "wujin", True),
        ("2018-01-01", "liyang", True),
        ("2018-05-31", "liyang", True),
        ("2018-06-01", "liyang", False),
    ]


BAD = {
    "stage": ({"stage": "guanbiao.start"}, "阶段", "没有这一阶段"),
    "no stage": ({"stage": ""}, "阶段", "未填写"),
    "no day": ({"effective_on": ""}, "取得日期", "未填写"),
    "no such day": ({"effective_on": "2019-06-31"}, "取得日期", "没有这一天"),
    "nonsense": ({"effective_on": "2019年"}, "取得日期", "不是日期"),
    "too early": ({"effective_on": "1019-06-30"}, "取得日期", "早于"),
    "a day early": ({"effective_on": "1985-03-31"}, "取得日期", "早于 1985-04-01"),
    "to come": ({"effective_on": "2026-11-21"}, "取得日期", "晚于今天"),
    "end to come": ({"ended_on": "2027-01-01", "ended_reason": "expired"}, "终止日期", "晚于今天"),
    "end first": ({"ended_on": "2019-03-06", "ended_reason": "expired"}, "终止日期", "早于取得日期"),
    "end without reason": ({"ended_on": "2020-01-01"}, "终止原因", "须填终止原因"),
    "reason without end": ({"ended_reason": "revoked"}, "终止日期", "须填终止日期"),
    "reason": ({"ended_on": "2020-01-01", "ended_reason": "over"}, "终止原因", "应为 expired"),
    "certificate": ({"certificate_number": "Z" * 61}, "证书编号", "最多 60 字"),
    "route": ({"route": "r" * 21}, "途径", "最多 20 字"),
    "note": ({"note": "注" * 201}, "备注", "最多 200 字"),
    "stranger": ({"uscc": code(9)}, "统一社会信用代码", "尚未登记"),
    "check digit": ({"uscc": "91350100M000100Y44"}, "统一社会信用代码", "校验位"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_named_and_nothing_is_changed(tmp_path: Path, company: Enterprise, case: str) -> None:
    change, column, reason = BAD[case]
    good = {
        **dict.fromkeys(ACHIEVEMENTS, ""),
        "uscc": company.uscc,
        "stage": CERTIFICATION,
        "effective_on": "2019-03-07",
    }
    entries = LedgerEntry.objects.count()
    outcome = take_achievements(
        tmp_path / "a.csv", (company.uscc, CULTIVATION, "2018-01-01"), list({**good, **change}.values())
    )
    assert not outcome.applied
    assert [(cell.line, cell.column) for cell in outcome.bad] == [(3, column)]
    assert reason in outcome.bad[0].reason
    assert not Achievement.objects.exists()
    assert LedgerEntry.objects.count() == entries


def test_an_annulled_row_may_end_before_it_began(tmp_path: Path, company: Enterprise) -> None:
    outcome = take_achievements(tmp_path / "a.csv", (company.uscc, CULTIVATION, "2018-01-01", "2017-12-01", "录入错误"))
    assert (outcome.new, outcome.bad) == (1, [])


def test_importing_twice_changes_nothing_the_second_time(tmp_path: Path, company: Enterprise) -> None:
    path = tmp_path / "a.csv"
    take_achievements(
        path,
        (company.uscc, CULTIVATION, "2018-01-01"),
        (company.uscc, CERTIFICATION, "2019-01-01", "2022-01-01", "expired", "Z1"),
        (company.uscc, CERTIFICATION, "2022-01-01", "", "", "Z2"),
        (company.uscc, IMPLEMENTATION, "2018-06-01", "2018-07-01", "annulled"),
        (company.uscc, IMPLEMENTATION, "2018-06-01", "", "", "", "direct"),
    )
    before, entries = facts(), LedgerEntry.objects.count()
    outcome = take(AchievementImport(), path)
    assert (outcome.new, outcome.changed, outcome.unchanged, outcome.bad, outcome.applied) == (0, 0, 5, [], False)
    assert (facts(), LedgerEntry.objects.count()) == (before, entries)


def test_a_later_file_records_the_ending_of_what_is_on_record(tmp_path: Path, company: Enterprise) -> None:
    begun = (company.uscc, CERTIFICATION, "2019-01-01", "", "", "Z1")
    take_achievements(tmp_path / "a.csv", begun)
    outcome = take_achievements(
        tmp_path / "b.csv", (company.uscc, CERTIFICATION, "2019-01-01", "2022-01-01", "过期失效")
    )
    assert (outcome.new, outcome.changed) == (0, 1)
    assert facts() == [(CERTIFICATION, date(2019, 1, 1), date(2022, 1, 1), "expired")]
    ended = Achievement.objects.get()
    entry = LedgerEntry.objects.get(verb="achievement.ended")
    assert entry.supersedes == ended.ledger_number
    assert ended.ended_ymd == 20220101
    assert ended.ended_ground == "批量导入"
    assert not list(fact_faults(limit=1))
    # The file from before the ending still agrees with the record: it states no ending.
    outcome = take(AchievementImport(), tmp_path / "a.csv")
    assert (outcome.unchanged, outcome.bad) == (1, [])
    assert facts()[0][3] == "expired"


def test_what_was_annulled_since_is_not_revived_by_the_old_file(tmp_path: Path, company: Enterprise) -> None:
    path = tmp_path / "a.csv"
    take_achievements(path, (company.uscc, CERTIFICATION, "2019-01-01", "", "", "Z1"))
    city = factories.account(Role.CITY_REVIEWER)
    end_achievement(
        Achievement.objects.get(), reason="annulled", ended_on=date(2020, 1, 1), ground="认错企业", actor=city, at=NOW
    )
    outcome = take(AchievementImport(), path)
    assert (outcome.new, outcome.unchanged) == (0, 1)
    assert "未予恢复" in outcome.remarks[0]
    corrected = (company.uscc, CERTIFICATION, "2019-01-01", "", "", "Z2")
    assert take_achievements(tmp_path / "b.csv", corrected).new == 1


@pytest.mark.parametrize(
    ("place", "value"), [(3, "2022-02-01"), (4, "revoked"), (5, "Z9"), (6, "transition"), (7, "另记")]
)
def test_a_row_that_contradicts_the_record_is_an_error(
    tmp_path: Path, company: Enterprise, place: int, value: str
) -> None:
    row = [company.uscc, CERTIFICATION, "2019-01-01", "2022-01-01", "expired", "Z1", "direct", "记"]
    take_achievements(tmp_path / "a.csv", row)
    row[place] = value
    outcome = take_achievements(tmp_path / "b.csv", row)
    assert [cell.value for cell in outcome.bad] == [value]
    assert "已记载" in outcome.bad[0].reason
    assert facts() == [(CERTIFICATION, date(2019, 1, 1), date(2022, 1, 1), "expired")]


def test_repetitions_in_a_file_count_once_and_contradictions_name_both_lines(
    tmp_path: Path, company: Enterprise
) -> None:
    row = (company.uscc, CERTIFICATION, "2019-01-01", "", "", "Z1")
    outcome = take_achievements(tmp_path / "a.csv", row, (company.uscc, CULTIVATION, "2018-01-01"), row)
    assert (outcome.new, outcome.repeated) == (2, 1)
    again = (company.uscc, IMPLEMENTATION, "2018-09-01")
    outcome = take_achievements(tmp_path / "b.csv", again, (*again, "2020-01-01", "revoked"))
    assert [(cell.line, cell.reason) for cell in outcome.bad] == [
        (2, "与第 3 行重复而内容不一致"),
        (3, "与第 2 行重复而内容不一致"),
    ]


def test_a_bad_date_in_the_last_of_100_000_rows_keeps_the_file_out(tmp_path: Path, company: Enterprise) -> None:
    days = [date.fromordinal(date(1990, 1, 1).toordinal() + number) for number in range(10_000)]
    stages = (CULTIVATION, IMPLEMENTATION, CERTIFICATION, "guanbiao.evaluation", "intensive.recognition")
    others = ("project.strategy", "honour.national_advantage", "honour.national_demonstration", "intensive.cultivation")
    rows = [
        (company.uscc, stage, day) for stage in (*stages, *others, "intensive.international_leader") for day in days
    ]
    rows[-1] = (*rows[-1][:2], "2020-02-30")
    entries = LedgerEntry.objects.count()
    outcome = take(AchievementImport(), write_csv(tmp_path / "a.csv", ACHIEVEMENTS[:3], *rows))
    assert outcome.rows == 100_000
    assert [str(cell) for cell in outcome.bad] == ["第 100001 行 取得日期 “2020-02-30”：没有这一天"]
    assert not Achievement.objects.exists()
    assert LedgerEntry.objects.count() == entries


def test_enterprises_and_their_achievements_count_at_once(tmp_path: Path) -> None:
    codes = [code(n) for n in range(100, 160)]
    take_enterprises(tmp_path / "e.csv", *[(uscc, f"常州试验{uscc[-5:]}有限公司", TOWN) for uscc in codes])
    take_achievements(tmp_path / "a.csv", *[(uscc, IMPLEMENTATION, "2017-03-01") for uscc in codes])
    fold(at=NOW)
    assert recount(at=NOW, repair=False).is_clean


def test_a_failure_half_way_leaves_nothing(
    tmp_path: Path, company: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("certification.imports.writing.record_stream", broken)
    with pytest.raises(RuntimeError):
        take_achievements(tmp_path / "a.csv", (company.uscc, CULTIVATION, "2018-01-01"))
    assert not Achievement.objects.exists()


def test_a_relocation_while_the_file_was_checked_is_seen(
    tmp_path: Path, company: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, moved = AchievementImport.compare, []
    city = factories.account(Role.CITY_REVIEWER)

    def compare_then_move(self: AchievementImport, rows: list[object], *, at: datetime) -> object:
        plan = plain(self, rows, at=at)
        if not moved:
            moved.append(relocate(company, FAR_TOWN, since=date(2018, 1, 1), actor=city, at=NOW))
        return plan

    monkeypatch.setattr(AchievementImport, "compare", compare_then_move)
    take_achievements(tmp_path / "a.csv", (company.uscc, CULTIVATION, "2018-01-01"))
    assert Achievement.objects.get().reporting_unit_id == "liyang"
