"""Changing an enterprise's file on the page: by whom, what is refused, and ending an achievement."""

from datetime import date, timedelta

import pytest
from django.test import Client

from certification.models import Achievement
from enterprises.models import Account, Enterprise, EnterpriseChange, HighTechPeriod
from enterprises.roles import Role
from enterprises.services.amendments import amend
from tests import factories as make
from tests.pages.visiting import visitor, words

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()


@pytest.fixture
def there() -> Enterprise:
    return make.enterprise()


@pytest.fixture
def town() -> Account:
    return make.account(Role.TOWNSHIP_REVIEWER, township=make.TOWN)


@pytest.fixture
def city() -> Account:
    return make.account(Role.CITY_REVIEWER)


def file_page(of: Enterprise, part: str) -> str:
    return f"/enterprises/{of.uscc}/{part}/"


def own_words(**changes: str) -> dict[str, str]:
    return {"contact_name": "王五", "contact_phone": "13800000000", "established_on": "2010-01-01", **changes}


# --- what an enterprise says of itself ------------------------------------------------------------------


def test_an_applicant_amends_contact_and_industry(there: Enterprise) -> None:
    client = visitor(make.applicant(there))
    looked = client.get(file_page(there, "amend"))
    assert 'value="13800000000"' in looked.content.decode()
    assert "十百千" not in words(looked)
    answer = client.post(
        file_page(there, "amend"),
        own_words(industry="C3484", contact_phone="0519-88881234", version=str(there.version)),
    )
    there.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/workspace/")
    assert (there.industry, there.contact_phone) == ("C3484", "0519-88881234")
    assert EnterpriseChange.objects.filter(enterprise=there).count() == 2


def test_an_applicant_cannot_slip_in_an_official_fact(there: Enterprise) -> None:
    visitor(make.applicant(there)).post(file_page(there, "amend"), own_words(innovation_tier="leading", name="别名"))
    there.refresh_from_db()
    assert (there.innovation_tier, there.name) != ("leading", "别名")
    assert there.innovation_tier == "none"


def test_a_stale_amendment_overwrites_nothing_and_keeps_what_was_typed(there: Enterprise, town: Account) -> None:
    amend(there, {"industry": "C1111"}, actor=town, at=make.NOW)
    answer = visitor(make.applicant(there)).post(
        file_page(there, "amend"), own_words(industry="C2222", version=str(there.version))
    )
    there.refresh_from_db()
    assert answer.status_code == 409
    assert "刚被他人修改" in words(answer)
    assert 'value="C2222"' in answer.content.decode()
    assert there.industry == "C1111"


def test_a_reviewer_does_not_see_the_contact_and_leaving_it_empty_keeps_it(there: Enterprise, town: Account) -> None:
    client = visitor(town)
    assert "13800000000" not in client.get(file_page(there, "amend")).content.decode()
    answer = client.post(file_page(there, "amend"), {"innovation_tier": "leading", "industry": "C3484"})
    there.refresh_from_db()
    assert answer.url == f"/enterprises/{there.uscc}/"
    assert (there.innovation_tier, there.contact_phone) == ("leading", "13800000000")


# --- official facts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["rename", "relocate", "high-tech"])
def test_an_applicant_is_told_who_states_official_facts(there: Enterprise, part: str) -> None:
    client = visitor(make.applicant(there))
    for answer in (client.get(file_page(there, part)), client.post(file_page(there, part), {"since": str(TODAY)})):
        assert answer.status_code == 403
        assert "联系所在乡镇（街道）" in words(answer)


@pytest.mark.parametrize("part", ["amend", "rename", "relocate", "high-tech"])
def test_nobody_out_of_scope_finds_the_page(there: Enterprise, part: str) -> None:
    for other in (
        make.account(Role.TOWNSHIP_REVIEWER, township=make.OTHER_TOWN),
        make.account(Role.DISTRICT_REVIEWER, unit="liyang"),
        make.applicant(),
        make.account(Role.EXPERT),
    ):
        assert visitor(other).get(file_page(there, part)).status_code == 404
        assert visitor(other).post(file_page(there, part), {}).status_code == 404
    assert visitor(make.account(Role.MONITOR)).get(file_page(there, part)).status_code == 403
    assert Client().get(file_page(there, part)).status_code == 302


def test_a_rename_keeps_the_old_name(there: Enterprise, town: Account) -> None:
    old = there.name
    answer = visitor(town).post(file_page(there, "rename"), {"name": "常州新名（集团）有限公司", "since": "2026-11-01"})
    there.refresh_from_db()
    assert answer.status_code == 302
    assert there.name == "常州新名（集团）有限公司"
    assert there.names.filter(name=old, valid_to="2026-10-31").exists()


@pytest.mark.parametrize(
    ("name", "since", "said"),
    [
        ("", "2026-11-01", "新名称不能为空"),
        ("常州新名有限公司", "2026-12-01", "起始日 2026-12-01 晚于今天"),
        ("常州新名有限公司", "2009-01-01", "起始日须晚于现记录的起始日 2010-01-01"),
        ("常州新名有限公司", "", "请填写日期"),
        ("字" * 121, "2026-11-01", "最多 120 字"),
    ],
)
def test_a_bad_rename_is_refused(there: Enterprise, town: Account, name: str, since: str, said: str) -> None:
    answer = visitor(town).post(file_page(there, "rename"), {"name": name, "since": since})
    assert answer.status_code == 400
    assert said in words(answer)


def test_a_move_to_a_township_of_another_unit_changes_the_unit_from_that_day(there: Enterprise, town: Account) -> None:
    before = make.achievement(there, "guanbiao.cultivation", date(2020, 1, 1))
    answer = visitor(town).post(file_page(there, "relocate"), {"township": make.FAR_TOWN, "since": "2026-11-01"})
    there.refresh_from_db()
    before.refresh_from_db()
    assert answer.status_code == 302
    assert (there.reporting_unit_id, before.reporting_unit_id) == ("liyang", "wujin")
    assert visitor(town).get(file_page(there, "relocate")).status_code == 404


def test_high_tech_periods_do_not_overlap_and_can_end_early(there: Enterprise, town: Account) -> None:
    client = visitor(town)
    asked = {"certificate": "ｇｒ202432001234", "valid_from": "2024-11-06", "valid_to": "2027-11-05"}
    assert client.post(file_page(there, "high-tech"), asked).status_code == 302
    period = HighTechPeriod.objects.get(enterprise=there)
    assert period.certificate == "GR202432001234"
    again = client.post(file_page(there, "high-tech"), asked)
    assert (again.status_code, "期间重叠" in words(again)) == (400, True)
    ended = client.post(
        f"/enterprises/{there.uscc}/high-tech/{period.pk}/end/", {"last_day": "2026-06-30", "reason": "复审未通过"}
    )
    period.refresh_from_db()
    assert (ended.status_code, period.valid_to) == (302, date(2026, 6, 30))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"certificate": "GR2024"}, "格式不符；江苏省证书形如 GR202232001234"),
        ({"valid_to": "2020-01-01"}, "截止日早于起始日"),
        ({"valid_from": "x"}, "请填写日期"),
    ],
)
def test_a_bad_certificate_is_refused(there: Enterprise, town: Account, changes: dict[str, str], said: str) -> None:
    asked = {"certificate": "GR202432001234", "valid_from": "2024-11-06", "valid_to": "2027-11-05", **changes}
    answer = visitor(town).post(file_page(there, "high-tech"), asked)
    assert (answer.status_code, said in words(answer)) == (400, True)


# --- the city registers ---------------------------------------------------------------------------------


def test_the_city_registers_an_enterprise_with_a_confirmed_check_character(city: Account) -> None:
    good = make.credit_code()
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    asked = {"uscc": wrong, "name": "常州星河精密有限公司", "township": make.TOWN, "innovation_tier": "none"}
    client = visitor(city)
    refused = client.post("/enterprises/new/", asked)
    assert refused.status_code == 400
    assert "由审核人员填写理由确认" in words(refused)
    assert client.post("/enterprises/new/", {**asked, "uscc_override_reason": "执照原件如此"}).status_code == 302
    assert Enterprise.objects.get(uscc=wrong).uscc_override_reason == "执照原件如此"


@pytest.mark.parametrize("role", [Role.TOWNSHIP_REVIEWER, Role.DISTRICT_REVIEWER, Role.APPLICANT, Role.MONITOR])
def test_others_do_not_register_enterprises(role: str) -> None:
    assert visitor(make.account(role)).get("/enterprises/new/").status_code == 403


# --- ending an achievement ------------------------------------------------------------------------------


@pytest.fixture
def held(there: Enterprise) -> Achievement:
    return make.achievement(there, "guanbiao.implementation", date(2020, 6, 1))


def end_page(row: Achievement) -> str:
    return f"/enterprises/{row.enterprise.uscc}/achievements/{row.ledger_number}/end/"


def test_the_city_revokes_with_day_and_ground(held: Achievement, city: Account) -> None:
    client = visitor(city)
    assert "贯标实施" in words(client.get(end_page(held)))
    asked = {"reason": "revoked", "ended_on": "2026-11-01", "ground": "提供虚假材料，依据管理办法第十条"}
    assert client.post(end_page(held), asked).status_code == 302
    held.refresh_from_db()
    assert (held.ended_reason, held.ended_on) == ("revoked", date(2026, 11, 1))
    again = client.post(end_page(held), asked)
    assert again.status_code == 409
    assert "已于 2026-11-01 终止" in words(again)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ground": " "}, "请写明法律依据和理由"),
        ({"ground": "字" * 301}, "最多 300 字"),
        ({"ended_on": str(TODAY + timedelta(days=1))}, "晚于今天"),
        ({"ended_on": "2019-01-01"}, "终止日期早于取得日期 2020-06-01"),
        ({"ended_on": "不知道"}, "请填写日期"),
        ({"reason": ""}, "请选择终止方式"),
        ({"reason": "deleted"}, "deleted"),
    ],
)
def test_a_bad_ending_is_refused(held: Achievement, city: Account, changes: dict[str, str], said: str) -> None:
    asked = {"reason": "revoked", "ended_on": "2026-11-01", "ground": "依据第十条", **changes}
    answer = visitor(city).post(end_page(held), asked)
    assert (answer.status_code, said in words(answer)) == (400, True)
    held.refresh_from_db()
    assert held.ended_reason == ""


def test_only_the_city_ends_an_achievement(held: Achievement) -> None:
    for role in (Role.TOWNSHIP_REVIEWER, Role.DISTRICT_REVIEWER, Role.MONITOR):
        client = visitor(make.account(role))
        assert client.get(end_page(held)).status_code == 403
        assert client.post(end_page(held), {}).status_code == 403
    assert visitor(make.account(Role.DISTRICT_REVIEWER, unit="liyang")).get(end_page(held)).status_code == 404


def test_an_achievement_of_another_enterprise_is_not_found(held: Achievement, city: Account) -> None:
    other = make.enterprise()
    assert visitor(city).get(f"/enterprises/{other.uscc}/achievements/{held.ledger_number}/end/").status_code == 404
