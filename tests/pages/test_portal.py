"""The portal and the other pages for everyone."""

import re

import pytest
from django.test import Client

from certification.models import Plan

from .reading import row_with, text_of

PUBLIC = ("/", "/enterprises/", "/plans/12th/", "/notices/", "/verify/", "/accounts/login/", "/nowhere/")
RATES = [226, 221, 100, 368, 325, 128, 248, 140, 374, 146, 228]


def test_portal_shows_the_three_targets_with_their_parts(client, world):
    page = text_of(client.get("/"))
    assert "贯标企业数 符合进度 459 / 500 家" in page or "贯标企业数 滞后 459 / 500 家" in page
    assert "期初 2015-12-31 456 新增 3 完成率 92%" in page
    assert "通过知识产权贯标绩效评价企业数" in page
    assert "/ 250 家" in page
    assert "/ 100 家" in page
    assert "数据截至 2026-11-20" in page


def test_portal_says_where_the_opening_balance_comes_from(client, world):
    page = text_of(client.get("/"))
    assert "期初的 456 家从何而来" in page
    assert "规划表一“贯标企业数”2015 年末完成数" in page
    assert "456 期初 2015-12-31 + 3 此后新增 = 459 目标 ≥ 500" in page


def test_portal_shows_the_value_at_the_plans_end_beside_todays(client, world):
    assert "规划期末（2020-12-31）为 459，完成 92%" in text_of(client.get("/"))


@pytest.mark.django_db
def test_portal_lists_every_indicator_of_the_plan(client):
    response = client.get("/")
    page = text_of(response)
    for version in Plan.objects.get(pk="13th").indicators.values_list("versions__name", flat=True):
        assert version in page
    assert "> 15" in row_with(response, "自主品牌企业增加值占GDP比重")
    assert "10–20" in row_with(response, "年度指导知识产权密集型培育企业数")
    assert "暂无数据" in row_with(response, "累计PCT专利申请量")
    assert "≥ 200,000" in row_with(response, "累计申请专利")


@pytest.mark.django_db
def test_portal_without_a_plan_says_so(client):
    Plan.objects.update(is_closed=True)
    response = client.get("/")
    assert response.status_code == 200
    assert "尚未载入规划数据" in text_of(response)


@pytest.mark.django_db
def test_outcome_of_the_12th_plan_is_computed_not_copied(client):
    response = client.get("/plans/12th/")
    rates = [int(rate) for rate in re.findall(r"<strong>(\d+)%</strong>", response.content.decode())]
    assert rates == RATES
    page = text_of(response)
    assert "7465 ÷ 2300 四舍五入为 325%，原表印作 324%" in page
    assert page.count("原表印作") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["13th", "14th", "12"])
def test_outcome_exists_for_closed_plans_only(client, code):
    assert client.get(f"/plans/{code}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_demo_data_is_labelled_on_every_page(client, settings, path):
    settings.DEMO_DATA = True
    assert "演示数据" in text_of(client.get(path))
    settings.DEMO_DATA = False
    assert "演示数据" not in text_of(client.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_pages_hold_no_inline_script_or_style(client, path):
    html = client.get(path).content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", html)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_pages_name_their_language_landmarks_and_one_heading(client, path):
    html = client.get(path).content.decode()
    assert '<html lang="zh-hans">' in html
    assert html.count("<main") == html.count("<h1") == 1
    assert 'class="skip-link" href="#main"' in html


@pytest.mark.django_db
def test_language_can_be_switched_and_stays():
    client = Client()
    answer = client.post("/i18n/setlang/", {"language": "en"}, headers={"referer": "http://testserver/verify/"})
    assert answer.status_code == 302
    assert answer.url.endswith("/verify/")
    assert '<html lang="en">' in client.get("/").content.decode()
    assert "Enterprises implementing the IP-management standard" in text_of(client.get("/"))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/", "/enterprises/", "/notices/", "/plans/12th/"])
def test_public_pages_are_for_reading(client, path, method):
    assert getattr(client, method)(path).status_code == 405
