"""The import of enterprises: what goes in, what is refused and named, what a second time changes."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from certification.audit import fact_faults
from enterprises.errors import Refused
from enterprises.imports import register
from enterprises.imports.register import EnterpriseImport, EnterprisePlan
from enterprises.models import (
    Enterprise,
    EnterpriseChange,
    EnterpriseLocation,
    EnterpriseName,
    EnterpriseSearch,
    HighTechPeriod,
)
from enterprises.roles import Role
from enterprises.services.amendments import amend, relocate, rename
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests import factories
from tests.factories import NOW, TOWN

from .files import code, take, take_enterprises, write_csv

pytestmark = pytest.mark.django_db
FULL = tuple(column.code for column in register.COLUMNS)
CHINESE = tuple(column.name for column in register.COLUMNS)
ROW = (code(1), "常州砚舟精密机械有限公司", TOWN, "1", "GR202132001234", "领军企业", "是", "C3489", "2008年3月5日")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("header", [FULL, CHINESE])
def test_a_row_becomes_an_enterprise_with_everything_of_it(
    tmp_path: Path, suffix: str, header: tuple[str, ...]
) -> None:
    outcome = take_enterprises(tmp_path / f"a{suffix}", ROW, header=header)
    assert (outcome.new, outcome.bad, outcome.applied) == (1, [], True)
    row = Enterprise.objects.get()
    assert (row.uscc, row.name, row.township_id, row.reporting_unit_id) == (ROW[0], ROW[1], TOWN, "wujin")
    assert (row.innovation_tier, row.has_rd_institution, row.industry) == ("leading", True, "C3489")
    assert row.established_on == date(2008, 3, 5)
    assert [(n.name, n.valid_from, n.valid_to) for n in row.names.all()] == [(ROW[1], date(2008, 3, 5), None)]
    assert [(p.township_id, p.reporting_unit_id, p.valid_from) for p in row.locations.all()] == [
        (TOWN, "wujin", date(2008, 3, 5))
    ]
    assert list(Enterprise.objects.all().found_by("砚舟")) == [row]
    assert list(Enterprise.objects.all().found_by("yzjmjx")) == [row]


def test_an_import_writes_what_registration_writes(tmp_path: Path) -> None:
    """The bulk path and the service agree on every column and on the ledger's words."""
    take_enterprises(tmp_path / "a.csv", ROW[:3], header=FULL[:3])
    imported = Enterprise.objects.get()
    registered = factories.enterprise(name=ROW[1], established_on=None)
    private = {"id", "uscc", "contact_name", "contact_phone", "enterprise_id"}
    for model in (Enterprise, EnterpriseName, EnterpriseLocation):
        one, other = ({k: v for k, v in row.items() if k not in private} for row in model.objects.values())
        assert one == other
    assert EnterpriseSearch.objects.get(pk=imported.pk).text == EnterpriseSearch.objects.get(
        pk=registered.pk
    ).text.replace(registered.uscc.lower(), imported.uscc.lower())
    one, other = LedgerEntry.objects.filter(enterprise__isnull=False).order_by("number")
    assert (one.verb, one.payload, one.enterprise_seq) == (other.verb, other.payload, other.enterprise_seq)
    assert one.subject == f"enterprise:{imported.uscc}"


def test_the_ledger_holds_after_an_import(tmp_path: Path) -> None:
    take_enterprises(tmp_path / "a.csv", *[(code(n), f"常州试验{n}有限公司", TOWN) for n in range(1, 40)])
    factories.enterprise()
    take_enterprises(tmp_path / "b.csv", *[(code(n), f"常州试验{n}有限公司", TOWN) for n in range(40, 80)])
    assert verify().fault is None
    assert not list(fact_faults(limit=1))
    assert LedgerEntry.objects.filter(verb="enterprise.registered").count() == 80


@pytest.mark.parametrize(
    "written", ["91320411ma2455xh60", "９１３２０４１１ＭＡ２４５５ＸＨ６０", " 91320411-MA2455XH60 "]
)
def test_lower_case_full_width_and_hyphenated_codes_are_understood(tmp_path: Path, written: str) -> None:
    take_enterprises(tmp_path / "a.csv", (written, "常州砚舟科技有限公司", TOWN))
    assert Enterprise.objects.get().uscc == "91320411MA2455XH60"


BAD = {
    "check digit": ({"uscc": "91350100M000100Y44"}, "统一社会信用代码", "校验位不符"),
    "length": ({"uscc": "9135010"}, "统一社会信用代码", "应为 18 位"),
    "letters": ({"uscc": "91350100M000100Y4Z"}, "统一社会信用代码", "不使用字符"),
    "as a number": ({"uscc": "9.1132E+17"}, "统一社会信用代码", "改成数字"),
    "no code": ({"uscc": " "}, "统一社会信用代码", "未填写"),
    "no name": ({"name": ""}, "企业名称", "未填写企业名称"),
    "short name": ({"name": "常"}, "企业名称", "至少 2 个字"),
    "long name": ({"name": "常" * 121}, "企业名称", "最多 120 字"),
    "control": ({"name": "常州\x07砚舟有限公司"}, "企业名称", "控制字符"),
    "unknown township": ({"township": "320412999"}, "乡镇街道代码", "不存在"),
    "ended township": ({"township": "320411100"}, "乡镇街道代码", "撤销"),
    "no township": ({"township": ""}, "乡镇街道代码", "未填写"),
    "township name": ({"township": "湖塘镇"}, "乡镇街道代码", "9 位"),
    "the whole city": ({"township": "320400"}, "乡镇街道代码", "不存在"),
    "flag": ({"is_high_tech": "maybe"}, "高新技术企业", "应为 0、1、是 或 否"),
    "certificate": ({"high_tech_certificate": "GR2021"}, "高新技术企业证书编号", "格式不符"),
    "certificate of no": ({"is_high_tech": "0", "high_tech_certificate": "GR202132001234"}, "高新技术企业", "标为“否”"),
    "certificate to come": ({"high_tech_certificate": "GR209932001234"}, "高新技术企业证书编号", "晚于今年"),
    "certificate too early": ({"high_tech_certificate": "GR200132001234"}, "高新技术企业证书编号", "早于成立日期"),
    "tier": ({"innovation_tier": "first"}, "十百千", "应为 leading"),
    "industry": ({"industry": "机械制造"}, "行业代码", "GB/T 4754"),
    "no such day": ({"established_on": "2015-02-29"}, "成立日期", "没有这一天"),
    "no day": ({"established_on": "去年"}, "成立日期", "不是日期"),
    "day to come": ({"established_on": "2026-11-21"}, "成立日期", "晚于今天"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_named_and_nothing_is_changed(tmp_path: Path, case: str) -> None:
    change, column, reason = BAD[case]
    good = dict(zip(FULL, ROW, strict=True))
    bad = {**good, "is_high_tech": "", "high_tech_certificate": "", "uscc": code(2), **change}
    entries = LedgerEntry.objects.count()
    outcome = take_enterprises(tmp_path / "a.csv", list(good.values()), list(bad.values()), header=FULL)
    assert not outcome.applied
    assert [(cell.line, cell.column) for cell in outcome.bad] == [(3, column)]
    assert reason in outcome.bad[0].reason
    assert outcome.bad[0].value in (str(value).strip()[:60] for value in bad.values())
    assert not Enterprise.objects.exists()
    assert LedgerEntry.objects.count() == entries


def test_all_faults_of_all_rows_are_named_at_once(tmp_path: Path) -> None:
    outcome = take_enterprises(
        tmp_path / "a.csv", ("x", "", "y"), (code(1), "常州甲有限公司", TOWN), ("z", "常州乙", "1")
    )
    assert [(cell.line, cell.column) for cell in outcome.bad] == [
        (2, "统一社会信用代码"),
        (2, "企业名称"),
        (2, "乡镇街道代码"),
        (4, "统一社会信用代码"),
        (4, "乡镇街道代码"),
    ]


def test_a_code_that_a_spreadsheet_kept_as_a_number_is_named(tmp_path: Path) -> None:
    outcome = take_enterprises(tmp_path / "a.xlsx", (911101076937194200, "常州砚舟有限公司", 320412100))
    assert [(cell.line, cell.column) for cell in outcome.bad] == [(2, "统一社会信用代码")]
    assert "改成数字" in outcome.bad[0].reason


def test_good_rows_go_in_without_the_bad_ones_when_asked(tmp_path: Path) -> None:
    outcome = take_enterprises(
        tmp_path / "a.csv", (code(1), "常州甲有限公司", TOWN), ("bad", "常州乙有限公司", TOWN), skip=True
    )
    assert (outcome.applied, outcome.new, list(outcome.bad_lines)) == (True, 1, [3])
    assert Enterprise.objects.get().name == "常州甲有限公司"


def test_more_cells_than_the_header_has_are_no_silent_loss(tmp_path: Path) -> None:
    outcome = take_enterprises(tmp_path / "a.csv", (code(1), "常州甲", TOWN, "有限公司"))
    assert [cell.value for cell in outcome.bad] == ["有限公司"]


# --- a second time --------------------------------------------------------------------------------


def test_importing_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = (ROW, (code(2), "常州甲有限公司", TOWN, "是", "", "", "", "", ""))
    take_enterprises(path, *rows, header=FULL)
    entries = LedgerEntry.objects.count()
    outcome = take(EnterpriseImport(), path)
    assert (outcome.new, outcome.unchanged, outcome.bad, outcome.applied) == (0, 2, [], False)
    assert LedgerEntry.objects.count() == entries


def test_a_file_from_before_later_changes_is_no_contradiction(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    take_enterprises(path, ROW, header=FULL)
    city, row = factories.account(Role.CITY_REVIEWER), Enterprise.objects.get()
    rename(row, "常州新名集团有限公司", since=date(2024, 1, 1), actor=city, at=NOW)
    relocate(row, "320481101", since=date(2024, 1, 1), actor=city, at=NOW)
    amend(row, {"industry": "C1111", "innovation_tier": "listing", "has_rd_institution": False}, actor=city, at=NOW)
    outcome = take(EnterpriseImport(), path)
    assert (outcome.unchanged, outcome.bad) == (1, [])
    row.refresh_from_db()
    assert row.name == "常州新名集团有限公司"


def test_blank_cells_state_nothing_about_an_existing_enterprise(tmp_path: Path) -> None:
    take_enterprises(tmp_path / "a.csv", ROW, header=FULL)
    outcome = take_enterprises(tmp_path / "b.csv", (*ROW[:3], "", "", "", "", "", ""), header=FULL)
    assert (outcome.unchanged, outcome.bad) == (1, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "常州别名有限公司"), ("township", "320481101"), ("innovation_tier", "listing"), ("industry", "C9"),
     ("established_on", "2009-01-01"), ("high_tech_certificate", "GR202432001234"), ("has_rd_institution", "0")],
)  # fmt: skip
def test_an_existing_enterprise_that_differs_is_an_error_and_stays(tmp_path: Path, column: str, value: str) -> None:
    take_enterprises(tmp_path / "a.csv", ROW, header=FULL)
    other = {**dict(zip(FULL, ROW, strict=True)), column: value}
    outcome = take_enterprises(tmp_path / "b.csv", list(other.values()), header=FULL)
    assert [cell.value for cell in outcome.bad] == [value if column != "has_rd_institution" else "否"]
    assert "已登记" in outcome.bad[0].reason
    assert Enterprise.objects.get().name == ROW[1]


def test_the_same_row_twice_counts_once_and_a_contradiction_names_both_lines(tmp_path: Path) -> None:
    same = (code(1), "常州甲有限公司", TOWN)
    outcome = take_enterprises(tmp_path / "a.csv", same, same, dry := (code(2), "常州乙有限公司", TOWN))
    assert (outcome.new, outcome.repeated) == (2, 1)
    outcome = take_enterprises(
        tmp_path / "b.csv", (code(3), "常州丙有限公司", TOWN), dry, (code(3), "常州丁有限公司", TOWN)
    )
    assert [(cell.line, cell.reason) for cell in outcome.bad] == [
        (2, "与第 4 行重复而内容不一致"),
        (4, "与第 2 行重复而内容不一致"),
    ]
    assert not Enterprise.objects.filter(uscc=code(3)).exists()


def test_a_dry_run_says_what_would_be_and_changes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", FULL, ROW)
    outcome = take(EnterpriseImport(), path, dry_run=True)
    assert (outcome.new, outcome.applied) == (1, False)
    assert not Enterprise.objects.exists()


# --- high-tech status -----------------------------------------------------------------------------


def test_a_certificate_holds_for_three_calendar_years_from_its_own(tmp_path: Path) -> None:
    take_enterprises(tmp_path / "a.csv", ROW, header=FULL)
    period = HighTechPeriod.objects.get()
    assert (period.certificate, period.valid_from, period.valid_to) == (
        "GR202132001234",
        date(2021, 1, 1),
        date(2023, 12, 31),
    )
    entry = LedgerEntry.objects.get(verb="high_tech.granted")
    assert entry.payload == '{"certificate":"GR202132001234","from":"2021-01-01","to":"2023-12-31"}'
    assert EnterpriseChange.objects.get(field="high_tech").ledger_number == entry.number


def test_a_certificate_does_not_reach_before_the_establishment(tmp_path: Path) -> None:
    take_enterprises(tmp_path / "a.csv", (*ROW[:8], "2021-06-01"), header=FULL)
    assert HighTechPeriod.objects.get().valid_from == date(2021, 6, 1)


def test_without_certificate_nothing_is_claimed_about_earlier_days(tmp_path: Path) -> None:
    outcome = take_enterprises(tmp_path / "a.csv", (*ROW[:4], "", *ROW[5:]), header=FULL)
    period = HighTechPeriod.objects.get()
    assert (period.certificate, period.valid_from, period.valid_to) == ("", date(2026, 11, 20), None)
    assert "1 家企业标为高新技术企业而未填证书编号" in outcome.remarks[0]


def test_ledger_numbers_of_high_tech_changes_are_right_among_many(tmp_path: Path) -> None:
    rows = [
        (code(n), f"常州试验{n}有限公司", TOWN, *(("1", f"GR20213200{n:04d}") if n % 3 else ("", "")))
        for n in range(1, 30)
    ]
    take_enterprises(tmp_path / "a.csv", *rows, header=FULL[:5])
    entries = dict(LedgerEntry.objects.filter(verb="high_tech.granted").values_list("number", "enterprise"))
    changes = EnterpriseChange.objects.filter(field="high_tech").values_list("ledger_number", "enterprise__uscc")
    assert dict(changes) == entries
    assert len(entries) == 20


# --- faults ---------------------------------------------------------------------------------------


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError("the disk is full")

    entries = LedgerEntry.objects.count()
    monkeypatch.setattr("enterprises.imports.writing.record_stream", broken)
    with pytest.raises(RuntimeError):
        take_enterprises(tmp_path / "a.csv", ROW, header=FULL)
    assert not Enterprise.objects.exists()
    assert not EnterpriseSearch.objects.exists()
    assert not Enterprise.objects.all().found_by("砚舟").exists()
    assert LedgerEntry.objects.count() == entries


def test_what_was_registered_while_the_file_was_checked_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is repeated when the ledger has moved: here the enterprise is registered in between."""
    plain, seen = EnterpriseImport.compare, []

    def compare_then_register(
        self: EnterpriseImport, rows: list[register.EnterpriseRow], *, at: datetime
    ) -> EnterprisePlan:
        plan = plain(self, rows, at=at)
        if not seen:
            factories.enterprise(uscc=ROW[0], name="常州别名有限公司")
        seen.append(plan)
        return plan

    monkeypatch.setattr(EnterpriseImport, "compare", compare_then_register)
    outcome = take_enterprises(tmp_path / "a.csv", ROW[:3], header=FULL[:3])
    assert len(seen) == 2
    assert [cell.column for cell in outcome.bad] == ["企业名称"]
    assert Enterprise.objects.get().name == "常州别名有限公司"


def test_a_conflict_that_only_the_database_sees_is_a_refusal_not_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.enterprise(uscc=ROW[0])
    monkeypatch.setattr(register, "existing_enterprises", lambda codes: {})
    with pytest.raises(Refused) as refused:
        take_enterprises(tmp_path / "a.csv", ROW[:3], header=FULL[:3])
    assert refused.value.refusals[0].code == "changed_meanwhile"
    assert Enterprise.objects.count() == 1


def test_times_are_kept_as_the_services_keep_them(tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 2, 0, 0, 123000, tzinfo=UTC)
    take(EnterpriseImport(), write_csv(tmp_path / "a.csv", FULL[:3], ROW[:3]), at=at)
    row = factories.enterprise(at=at)
    assert set(Enterprise.objects.filter(registered_at=at)) == {row, Enterprise.objects.get(uscc=ROW[0])}
    assert LedgerEntry.objects.filter(at=at).count() == 2
