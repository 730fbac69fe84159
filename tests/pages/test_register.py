"""The public register, and who sees how much of an enterprise's file."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification import register
from certification.models import EndReason
from certification.services.achievements import end_achievement
from certification.views import register as pages
from enterprises.models import Enterprise
from enterprises.services.amendments import rename

from ..factories import NOW, account, achievement, applicant, enterprise, filled, reviewers
from .reading import links_of, row_with, text_of

PRIVATE = ("王五", "13800000000", "王*", "138****0000")


def names_on(client, **asked):
    return text_of(client.get("/enterprises/", asked))


@pytest.mark.parametrize(
    "fragment",
    ["霁屿", "新材料", "霁屿（集团）", "霁屿(集团)", "jyjt", "JYJT", "czjy"],
)
def test_register_finds_by_fragment_bracket_and_initials(client, world, fragment):
    page = names_on(client, search=fragment)
    assert "霁屿" in page
    assert "砚舟" not in page


def test_register_finds_by_code_in_any_width_and_case(client, world):
    code = world.far.uscc
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for asked in (code, code.lower(), full_width, code[4:12]):
        assert "昙禾" in names_on(client, search=asked)


def test_register_finds_an_old_name(client, world):
    rename(world.first, "常州新名机械有限公司", since=date(2026, 1, 1), actor=reviewers()["city"], at=NOW)
    page = names_on(client, search="砚舟")
    assert "常州新名机械有限公司" in page


def test_register_asks_for_two_characters(client, world):
    page = names_on(client, search="砚")
    assert "请至少输入 2 个字" in page
    assert "没有符合条件的企业" in page


@pytest.mark.parametrize("search", ["%%", "__", "\\\\", "'\"", "<script>", "\x00\x00ab", "🚀🚀", "a" * 5000])
def test_register_survives_strange_searches(client, world, search):
    response = client.get("/enterprises/", {"search": search})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace("<script src", "")


def test_register_filters_by_unit_stage_and_high_tech(client, world):
    assert "昙禾" in names_on(client, reporting_unit="liyang")
    assert "砚舟" not in names_on(client, reporting_unit="liyang")
    assert "砚舟" in names_on(client, stage="guanbiao.evaluation")
    assert "昙禾" not in names_on(client, stage="guanbiao.evaluation")
    assert "没有符合条件的企业" in names_on(client, is_high_tech="1")
    assert "没有符合条件的企业" in names_on(client, reporting_unit="nowhere")


def test_register_shows_what_is_in_force(client, world):
    fact = world.far.achievements.get(stage="guanbiao.certification")
    end_achievement(
        fact, reason=EndReason.EXPIRED, ended_on=date(2022, 2, 2), ground="到期", actor=reviewers()["city"], at=NOW
    )
    assert "没有符合条件的企业" in names_on(client, stage="guanbiao.certification")


@pytest.mark.django_db
def test_register_turns_its_pages_both_ways(client):
    for _ in range(65):
        enterprise()
    seen, address = [], "/enterprises/"
    while address:
        response = client.get(address)
        seen.append(links_of(response, "/enterprises/9"))
        after = [link for link in links_of(response, r"\?") if "after=" in link]
        address = "/enterprises/" + after[0] if after else ""
    assert [len(page) for page in seen] == [30, 30, 5]
    assert len({code for page in seen for code in page}) == 65
    last = Enterprise.objects.order_by("-id").first()
    back = client.get(f"/enterprises/?before={last.pk - 4}")
    assert links_of(back, "/enterprises/9") == seen[1]


def test_register_links_every_row_to_its_file(client, world):
    rows = Enterprise.objects.all()
    links = links_of(client.get("/enterprises/"), "/enterprises/9")
    assert sorted(links) == sorted(reverse("enterprise-file", args=[row.uscc]) for row in rows)


def test_register_shows_place_and_what_is_held_in_the_order_of_the_days(client, world):
    first = enterprise(township="320412102")
    for day, stage in ((2020, "guanbiao.certification"), (2018, "guanbiao.cultivation"), (2019, "guanbiao.evaluation")):
        achievement(first, stage, date(day, 1, 1))
    row = row_with(client.get("/enterprises/", {"search": first.uscc}), first.name)
    assert row.endswith("武进区 牛塘镇 入库培育 绩效评价 国家认证")
    client.cookies["django_language"] = "en"
    row = row_with(client.get("/enterprises/", {"search": first.uscc}), first.name)
    assert row.endswith("Wujin District 牛塘镇 Cultivation Performance evaluation National certification")


@pytest.mark.django_db
def test_register_counts_to_its_limit_and_no_further(client, monkeypatch):
    for _ in range(4):
        enterprise()
    monkeypatch.setattr(register, "COUNTED_TO", 3)
    monkeypatch.setattr(pages, "COUNTED_TO", 3)
    with CaptureQueriesContext(connection) as caught:
        assert "超过 3 家" in names_on(client)
    [counting] = [query["sql"] for query in caught if "COUNT(" in query["sql"]]
    assert "LIMIT 4" in counting
    assert "hightech" not in counting  # a column that is shown is not worked out for what is only counted
    monkeypatch.setattr(register, "COUNTED_TO", 4)
    monkeypatch.setattr(pages, "COUNTED_TO", 4)
    assert "共 4 家" in names_on(client)


@pytest.mark.parametrize("asked", ["after=x", "after=-1", "before=99999999999999999999", "after=１２", "before=0"])
def test_register_ignores_a_nonsense_place(client, world, asked):
    assert client.get(f"/enterprises/?{asked}").status_code == 200


@pytest.mark.django_db
def test_register_asks_the_database_as_often_for_one_as_for_thirty(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/enterprises/")
        return len(caught)

    first = enterprise()
    achievement(first, "guanbiao.cultivation", date(2020, 1, 1))
    one = queries()
    for _ in range(29):
        achievement(enterprise(), "guanbiao.cultivation", date(2020, 1, 1))
    assert queries() == one
    assert one <= 5


def test_public_pages_neither_show_nor_load_anything_personal(client, world):
    with CaptureQueriesContext(connection) as caught:
        pages = [client.get("/enterprises/"), client.get(f"/enterprises/{world.first.uscc}/"), client.get("/")]
    for page in pages:
        assert not any(word in page.content.decode() for word in PRIVATE)
    assert not any("contact_" in query["sql"] for query in caught)


def test_file_is_public_without_signing_in(client, world):
    page = text_of(client.get(f"/enterprises/{world.first.uscc}/"))
    assert "公开信息" in page
    assert "贯标实施 2017-03-01 有效 武进区" in page
    assert "大事记" not in page


def test_file_is_found_by_a_full_width_lower_case_code(client, world):
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in world.first.uscc.lower())
    assert client.get(f"/enterprises/{full_width}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["91320400DEM000001A", "x", "９", "%00", "..%2f"])
def test_file_of_an_unknown_code_is_404(client, code):
    assert client.get(f"/enterprises/{code}/").status_code == 404


def test_file_shows_every_achievement_with_its_ledger_number(client, world):
    page = text_of(client.get(f"/enterprises/{world.first.uscc}/"))
    for fact in world.first.achievements.all():
        assert f"台账第 {fact.ledger_number} 号" in page


def test_file_does_not_show_an_annulled_achievement_to_the_public(client, world):
    fact = world.first.achievements.get(stage="guanbiao.evaluation")
    end_achievement(
        fact, reason=EndReason.ANNULLED, ended_on=date(2026, 1, 1), ground="录入错误", actor=reviewers()["city"], at=NOW
    )
    page = text_of(client.get(f"/enterprises/{world.first.uscc}/"))
    assert "绩效评价" not in page
    assert "录入错误" not in page


def test_full_file_is_for_its_own_people_and_the_staff_in_scope(signed_in, world):
    staff = reviewers()
    able = [applicant(world.first), *staff.values(), account("monitor"), account("plan_manager")]
    unable = [
        applicant(world.second),
        account("township_reviewer", township="320412102"),
        account("district_reviewer", unit="liyang"),
        account("expert"),
        account("auditor"),
        account("system_admin"),
    ]
    address = f"/enterprises/{world.first.uscc}/"
    assert {person.role for person in able if "完整档案" not in text_of(signed_in(person).get(address))} == set()
    assert {person.role for person in unable if "公开信息" not in text_of(signed_in(person).get(address))} == set()


def test_full_file_masks_the_contact(signed_in, world):
    address = f"/enterprises/{world.first.uscc}/"
    own = text_of(signed_in(applicant(world.first)).get(address))
    others = text_of(signed_in(reviewers()["township"]).get(address))
    assert "联系人 王五 联系电话 138****0000" in own
    assert "联系人 王* 联系电话 138****0000" in others
    assert "13800000000" not in own + others


def test_a_file_says_where_there_is_no_certificate_number(client, world):
    page = client.get(f"/enterprises/{world.first.uscc}/").content.decode()
    assert '<td data-label="证书编号"><span class="code">—</span></td>' in page


def test_the_present_location_stands_under_no_heading_of_former_ones(signed_in, world):
    person = signed_in(applicant(world.first))
    person.cookies["django_language"] = "en"
    page = text_of(person.get(f"/enterprises/{world.first.uscc}/"))
    assert "Locations over time" in page
    assert "Former" not in page


def test_full_file_lists_applications_only_to_those_who_may_open_them(signed_in, world):
    person = applicant(enterprise())
    row = filled(person)
    address = f"/enterprises/{person.enterprise.uscc}/"
    assert row.number in text_of(signed_in(person).get(address))
    assert row.number not in text_of(signed_in(reviewers()["city"]).get(address))


def test_file_asks_the_database_a_fixed_number_of_times(signed_in, world):
    client = signed_in(reviewers()["city"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/enterprises/{world.first.uscc}/")
        return len(caught)

    achievement(world.first, "intensive.cultivation", date(2018, 4, 1))
    queries()  # the session's first page writes to it
    before = queries()
    for year in range(2019, 2026):
        achievement(world.first, "intensive.cultivation", date(year, 4, 1))
    assert queries() == before
