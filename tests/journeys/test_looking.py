"""Looking things up in a real browser: the public, and the bureau behind its figures; on a screen and on a phone."""

import re
from datetime import date

import pytest

from tests import factories as make
from tests.journeys.conftest import Arrive
from tests.journeys.visits import Visit
from tests.pages import world as city

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = [1280, 360]


@pytest.fixture
def world(transactional_db: None, settings: object) -> city.World:
    settings.DEMO_DATA = True
    return city.make()


def all_sound(visit: Visit, *paths: str) -> None:
    for path in paths:
        visit.go(path)
        visit.is_sound()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_stranger_finds_an_enterprise_from_the_portal(person: Arrive, world: city.World, width: int) -> None:
    visit = person(None, width=width)
    page = visit.page
    visit.go("/")
    visit.reads("每一项认定，都有据可查", "贯标企业数", "459", "/ 500 家", "期初的 456 家从何而来")
    assert "演示数据" in page.inner_text("aside.demo-band")
    visit.is_sound()
    page.fill("#search", "霁屿(集团)")
    visit.follow("form.hero-search button")
    visit.reads("常州霁屿（集团）新材料有限公司", "共 1 家", "贯标实施")
    visit.is_sound()
    visit.follow("text=常州霁屿（集团）新材料有限公司")
    visit.reads(world.second.uscc, "公开信息", "2019-06-30")
    assert "王" not in page.inner_text("main")
    visit.is_sound()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_public_page_is_sound(person: Arrive, world: city.World, width: int) -> None:
    visit = person(None, width=width)
    all_sound(visit, "/plans/12th/", "/notices/", "/verify/", "/accounts/login/", "/enterprises/?search=x", "/nowhere/")
    visit.go("/accounts/login/")
    visit.page.fill("input[name=username]", "nobody")
    visit.page.fill("input[name=password]", "wrong")
    visit.follow("main button.btn-primary")
    visit.reads("用户名或密码不正确")
    visit.is_sound()


def test_the_portal_can_be_walked_with_the_keyboard(person: Arrive, world: city.World) -> None:
    visit = person(None)
    visit.go("/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip-link"
    assert visit.page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    visit.page.focus("#search")
    visit.page.keyboard.type("czyz")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/enterprises/?search=czyz")
    visit.reads("常州砚舟精密机械有限公司")


def test_the_language_is_switched_in_place(person: Arrive, world: city.World) -> None:
    visit = person(None)
    visit.go("/verify/")
    visit.follow("text=English")
    visit.page.wait_for_selector("html[lang=en]")
    assert visit.page.url.endswith("/verify/")
    visit.is_sound()
    visit.follow("text=中文")
    visit.page.wait_for_selector("html[lang=zh-hans]")


def test_the_menu_of_a_phone_opens_and_leads_on(person: Arrive, world: city.World) -> None:
    visit = person(None, width=360)
    visit.go("/")
    assert not visit.page.is_visible("#site-nav")
    visit.page.click(".nav-toggle")
    visit.follow("#site-nav >> text=企业名录")
    visit.reads("共 4 家")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_monitor_opens_a_figure_to_its_enterprises(person: Arrive, world: city.World, width: int) -> None:
    visit = person(make.account("monitor"), width=width)
    page = visit.page
    visit.reads("规划监测", "459", "目标 500", "各统计单元", "全部指标", "走势")
    visit.is_sound()
    page.fill("#as_of", "2018-01-15")
    visit.follow(".as-of-form button")
    visit.reads("2018-01-15 当日数值", "458")
    gained = page.locator(".gauge-card").first.locator("dd a")
    number = int(gained.inner_text())
    gained.click()
    visit.reads(f"新增的 {number} 家企业", "按月走势", "常州砚舟精密机械有限公司", "台账第")
    assert page.locator("tbody th a[href^='/enterprises/']").count() == number == 2
    assert page.input_value("#as_of") == "2018-01-15"
    visit.is_sound()
    page.click("summary")
    visit.reads("2017-03")
    visit.is_sound()
    page.select_option("#unit", "liyang")
    visit.follow(".as-of-form button")
    visit.reads("新增的 1 家企业", "溧阳昙禾电气有限公司")
    visit.follow("text=溧阳昙禾电气有限公司")
    visit.reads("完整档案", "大事记", "138****0000")
    visit.is_sound()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_monitor_answers_a_day_that_cannot_be_shown(person: Arrive, world: city.World, width: int) -> None:
    visit = person(make.account("monitor"), width=width)
    for day, reason in (("2015-01-01", "早于规划期"), ("2099-01-01", "晚于今天"), ("x", "不是有效的日期")):
        visit.go(f"/monitor/?as_of={day}")
        visit.reads(reason, "459")
        visit.is_sound()


def test_a_trend_says_its_month_when_pointed_at(person: Arrive, world: city.World) -> None:
    visit = person(make.account("monitor"))
    visit.go("/monitor/indicators/guanbiao_enterprises/?as_of=2018-01-15")
    titles = visit.page.locator(".trend .strip title").all_text_contents()
    assert titles[0] == "2016-01：实际 456，计划 456.7"
    assert sum("实际" in title for title in titles) == 25
    assert all(re.match(r"\d{4}-\d{2}：", title) for title in titles)


def test_the_file_of_an_enterprise_is_sound_for_the_city(person: Arrive, world: city.World) -> None:
    visit = person(make.reviewers()["city"])
    visit.go(f"/enterprises/{world.first.uscc}/")
    visit.page.click("text=变更档案")
    visit.reads("修改企业信息", "变更企业名称")
    visit.is_sound()


def test_administration_breaks_no_security_policy(person: Arrive, world: city.World) -> None:
    visit = person(make.account("city_reviewer"))
    for path in ("/admin/", "/admin/certification/rulebook/1/change/", "/admin/certification/stagerule/2/change/"):
        visit.go(path)
        assert "演示数据" in visit.page.inner_text("#header")
    assert visit.complaints == []


def in_english(visit: Visit) -> Visit:
    visit.page.click(".nav-toggle") if visit.page.is_visible(".nav-toggle") else None
    visit.follow("text=English")
    visit.page.wait_for_selector("html[lang=en]")
    return visit


def test_a_figure_in_english_is_no_wider_than_a_phone(person: Arrive, world: city.World) -> None:
    visit = in_english(person(make.account("monitor"), width=360))
    all_sound(visit, "/monitor/indicators/guanbiao_enterprises/", "/monitor/")


def test_the_table_of_achievements_is_not_cut_in_english(person: Arrive, world: city.World) -> None:
    enterprise = world.first
    for number in range(2):
        make.achievement(
            enterprise, "guanbiao.cultivation", date(2020 + number, 5, 1), certificate_number=f"CZ-GB-2020-{number:06d}"
        )
    visit = in_english(person(make.applicant(enterprise)))
    for path in ("/workspace/", f"/enterprises/{enterprise.uscc}/"):
        visit.go(path)
        cut = (
            "[...document.querySelectorAll('.table-scroll')].filter(each => each.scrollWidth > each.clientWidth).length"
        )
        assert visit.page.evaluate(cut) == 0, path
