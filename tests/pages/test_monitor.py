"""The bureau's page: who reads it, any day, and every figure opened."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.models import Plan
from certification.totals.checkpoint import fold
from certification.totals.figures import figures

from ..factories import FAR_TOWN, NOW, account, achievement, applicant, approved, enterprise, reviewers
from .reading import links_of, row_with, text_of

IMPLEMENTED = "/monitor/indicators/guanbiao_enterprises/"
PAGES = ("/monitor/", IMPLEMENTED)


@pytest.fixture
def monitor(signed_in):
    return signed_in(account("monitor"))


@pytest.fixture
def district(signed_in):
    return signed_in(account("monitor", unit="wujin"))


@pytest.mark.parametrize("path", PAGES)
def test_monitor_is_for_its_roles(client, signed_in, world, path):
    staff = reviewers()
    may = [
        account("monitor"),
        account("monitor", unit="liyang"),
        account("plan_manager"),
        staff["city"],
        staff["district"],
    ]
    may_not = [
        applicant(world.first),
        staff["township"],
        *(account(role) for role in ("expert", "auditor", "system_admin", "security_admin")),
    ]
    assert {signed_in(person).get(path).status_code for person in may} == {200}
    assert {signed_in(person).get(path).status_code for person in may_not} == {403}
    assert client.get(path).url == f"/accounts/login/?next={path}"


def test_monitor_shows_opening_gained_value_target_rate_and_passage(monitor, world):
    response = monitor.get("/monitor/")
    row = row_with(response, "贯标企业数 456")
    assert row == "贯标企业数 456 2015-12-31 3 459 ≥ 500 家 92% 滞后 本系统计数 表二;专栏1"
    assert "规划表一“贯标企业数”2015 年末完成数" in text_of(response)


def test_monitor_shows_the_units_side_by_side(monitor, world):
    response = monitor.get("/monitor/")
    assert row_with(response, "武进区").startswith("武进区 2 1 0 0 0 0")
    assert row_with(response, "溧阳市").startswith("溧阳市 1 0 1 0 0 0")
    assert row_with(response, "全市新增").startswith("全市新增 3 1 1")
    assert row_with(response, "全市数值").startswith("全市数值（含期初） 459 1 1 0")


def test_monitor_names_its_lag_until_the_ledger_is_folded(monitor, world):
    assert "尚未汇总" not in text_of(monitor.get("/monitor/"))
    achievement(enterprise(), "guanbiao.implementation", date(2020, 1, 1))
    assert "有 2 条台账记录尚未汇总" in text_of(monitor.get("/monitor/"))
    fold(at=NOW)
    page = text_of(monitor.get("/monitor/"))
    assert "尚未汇总" not in page
    assert "460" in page


@pytest.mark.parametrize(
    ("as_of", "gained", "value"),
    [
        ("2015-12-31", 0, 456),
        ("2017-02-28", 0, 456),
        ("2017-03-01", 1, 457),
        ("2018-01-15", 2, 458),
        ("2026-11-20", 3, 459),
    ],
)
def test_monitor_shows_any_day_of_the_plan_and_since(monitor, world, as_of, gained, value):
    row = row_with(monitor.get("/monitor/", {"as_of": as_of}), "贯标企业数 456")
    assert row.startswith(f"贯标企业数 456 2015-12-31 {gained} {value} ≥ 500")


BAD_DAYS = [
    ("2015-12-30", "查询日期 2015-12-30 早于规划期"),
    ("0001-01-01", "早于规划期"),
    ("2026-11-21", "查询日期 2026-11-21 晚于今天 2026-11-20"),
    ("9999-12-31", "晚于今天"),
    ("2020-02-30", "“2020-02-30”不是有效的日期"),
    ("昨天", "“昨天”不是有效的日期"),
    ("2020-13-01", "不是有效的日期"),
    ("20200630T00", "不是有效的日期"),
    ("2020-06-30\x00", "不是有效的日期"),
    ("<script>alert(1)</script>", "不是有效的日期"),
    ("1" * 3000, "不是有效的日期"),
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("as_of", "reason"), BAD_DAYS)
def test_a_day_that_cannot_be_shown_is_answered_and_today_is_shown(monitor, world, path, as_of, reason):
    response = monitor.get(path, {"as_of": as_of})
    page = text_of(response)
    assert response.status_code == 400
    assert reason in page
    assert "以下仍为 2026-11-20 的数据" in page
    assert "459" in page
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("as_of", ["", "  ", " 2020-06-30 ", "2020-6-30"])
def test_an_empty_or_loosely_written_day_is_understood(monitor, world, as_of):
    assert monitor.get("/monitor/", {"as_of": as_of}).status_code == 200


BAD_PLANS = [
    ("zz", "没有代码为“zz”的规划"),
    ("13TH", "没有代码为“13TH”的规划"),
    ("12th", "“常州市“十二五”知识产权发展规划”不在此监测"),
    ("13th\x00", "没有代码为“13th"),
    ("<b>x</b>", "没有代码为“<b>x</b>”的规划"),
    ("1" * 3000, "没有代码为“1111"),
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("plan", "reason"), BAD_PLANS)
def test_a_plan_that_is_not_monitored_is_answered_and_the_present_one_is_shown(monitor, world, path, plan, reason):
    response = monitor.get(path, {"plan": plan, "as_of": "2018-06-30"})
    page = text_of(response)
    assert response.status_code == 400
    assert reason in page
    assert "监测的是“常州市“十三五”知识产权发展规划”" in page
    assert "以下仍为 2018-06-30 的数据" in page
    assert "458" in page
    assert "<b>x" not in response.content.decode()
    assert "aria-invalid" not in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("plan", ["", "13th"])
def test_the_present_plan_may_be_named(monitor, world, path, plan):
    assert monitor.get(path, {"plan": plan}).status_code == 200


def test_a_bad_plan_and_a_bad_day_are_both_told(monitor, world):
    page = text_of(monitor.get("/monitor/", {"plan": "zz", "as_of": "昨天"}))
    assert "没有代码为“zz”的规划" in page
    assert "“昨天”不是有效的日期" in page


def listed(response) -> list[str]:
    return links_of(response, "/enterprises/9")


@pytest.mark.parametrize("as_of", ["2015-12-31", "2017-03-01", "2018-06-30", "2019-06-30", "2026-11-20"])
@pytest.mark.parametrize("unit", ["", "wujin", "liyang", "jingkai"])
def test_every_gained_figure_opens_to_as_many_enterprises(monitor, world, as_of, unit):
    plan = Plan.objects.get(pk="13th")
    for figure in figures(plan, as_of=date.fromisoformat(as_of), unit=unit):
        if figure.gained is None:
            continue
        response = monitor.get(f"/monitor/indicators/{figure.indicator}/", {"as_of": as_of, "unit": unit})
        assert len(listed(response)) == figure.gained, figure.indicator
        assert f"新增的 {figure.gained} 家企业" in text_of(response)


def test_drill_down_shows_day_unit_basis_and_ledger_number(monitor, world):
    fact = world.far.achievements.get(stage="guanbiao.certification")
    row = row_with(monitor.get("/monitor/indicators/nationally_certified/"), "昙禾")
    assert row == f"溧阳昙禾电气有限公司 2019-02-02 溧阳市 埭头镇 CERT-0001 台账第 {fact.ledger_number} 号"


def test_drill_down_leads_to_the_decision(signed_in, db):
    staff = reviewers()
    person = applicant(enterprise())
    approved(person, staff, at=NOW - timedelta(days=60))
    row = approved(person, staff, stage="guanbiao.implementation")
    fold(at=NOW)
    for reader in (staff["city"], staff["district"], account("monitor"), account("plan_manager")):
        found = links_of(signed_in(reader).get(IMPLEMENTED), "/applications/")
        assert found == [f"/applications/{row.number}/"]
        assert signed_in(reader).get(found[0]).status_code == 200


def test_drill_down_turns_its_pages(monitor, db):
    for _ in range(53):
        achievement(enterprise(), "guanbiao.implementation", date(2018, 5, 5))
    fold(at=NOW)
    first, second = monitor.get(IMPLEMENTED), monitor.get(IMPLEMENTED, {"page": 2})
    assert (len(listed(first)), len(listed(second))) == (50, 3)
    assert not set(listed(first)) & set(listed(second))
    for page in ("0", "99", "x", "-1"):
        assert monitor.get(IMPLEMENTED, {"page": page}).status_code == 200


@pytest.mark.parametrize("address", ["/monitor/indicators/nothing/", f"{IMPLEMENTED}?unit=nowhere"])
def test_an_unknown_indicator_or_unit_is_404(monitor, world, address):
    assert monitor.get(address).status_code == 404


def test_an_indicator_that_others_report_says_so(monitor, world):
    page = text_of(monitor.get("/monitor/indicators/pct_applications/"))
    assert "该指标不由本系统计数" in page
    assert "目标 ≥ 400" in page


def test_a_district_opens_its_own_unit_only(district, world):
    board = district.get("/monitor/")
    assert row_with(board, "武进区").startswith("武进区 2 1 0")
    assert "溧阳市" not in text_of(board)
    own = district.get(IMPLEMENTED)
    assert len(listed(own)) == 2
    assert "昙禾" not in text_of(own)
    assert district.get(IMPLEMENTED, {"unit": "liyang"}).status_code == 404
    assert listed(district.get(IMPLEMENTED, {"unit": "wujin"})) == listed(own)


def test_unit_view_leaves_the_citys_opening_and_target_out(monitor, world):
    page = text_of(monitor.get(IMPLEMENTED, {"unit": "wujin"}))
    assert "武进区新增 2" in page
    assert "目标 ≥ 500" not in page


def test_trend_has_a_table_of_every_month(monitor, world):
    response = monitor.get(IMPLEMENTED, {"as_of": "2018-01-31"})
    assert row_with(response, "2017-03") == "2017-03 457 2 467"
    assert row_with(response, "2018-02") == "2018-02 — — 475"
    assert "2017-03：实际 457，计划 467" in response.content.decode()


def test_monitor_asks_the_database_a_fixed_number_of_times(monitor, world):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            monitor.get(path)
        return len(caught)

    monitor.get("/monitor/")
    before = {path: queries(path) for path in PAGES}
    for _ in range(20):
        row = enterprise(township=FAR_TOWN)
        achievement(row, "guanbiao.implementation", date(2020, 2, 2))
        achievement(row, "guanbiao.evaluation", date(2020, 2, 2))
    fold(at=NOW)
    assert {path: queries(path) for path in PAGES} == before


@pytest.mark.parametrize("path", PAGES)
def test_monitor_holds_no_inline_script_or_style(monitor, world, path):
    html = monitor.get(path).content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "onclick" not in html


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_monitor_is_for_reading(monitor, world, method):
    assert getattr(monitor, method)("/monitor/").status_code == 405


def test_without_a_plan_there_is_nothing_to_monitor(monitor, world):
    Plan.objects.update(is_closed=True)
    assert {monitor.get(path).status_code for path in PAGES} == {404}
