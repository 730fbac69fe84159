"""A third-party certificate in a real browser: recorded, looked up, surveyed, suspended; the register follows."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from certification.models import Certificate
from enterprises.roles import Role
from tests import factories as make
from tests.journeys.conftest import Arrive
from tests.journeys.visits import Visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NUMBER = "CERT2025000777"


def record(visit: Visit, uscc: str, body: str) -> None:
    visit.go(f"/enterprises/{uscc}/certificates/")
    visit.is_sound_everywhere()
    page = visit.page
    page.fill("#id_number", NUMBER.lower())
    page.select_option("#id_body", body)
    page.select_option("#id_edition", make.CERTIFICATE["edition"])
    page.select_option("#id_route", make.CERTIFICATE["route"])
    for name in ("holder_address", "scope_management", "scope_links"):
        page.fill(f"#id_{name}", make.CERTIFICATE[name])
    today = timezone.localdate()
    for name, days in (("system_since", -600), ("applied_on", -400), ("issued_on", 10), ("expires_on", 690)):
        page.fill(f"#id_{name}", str(today + timedelta(days=days)))
    visit.follow("text=登记证书并记入台账")
    visit.reads("至今天")  # issued in the future: refused, with what was typed still there
    visit.is_sound_everywhere()
    page.fill("#id_issued_on", str(today - timedelta(days=340)))
    visit.follow("text=登记证书并记入台账")
    visit.reads("证书已登记", NUMBER, "有效")
    visit.is_sound_everywhere()


def look_up(visit: Visit, screenshot: Path) -> None:
    page = visit.page
    page.select_option("select[name=result]", "matches")
    form = page.locator("form[action$='/lookups/']")
    form.locator("input[type=file]").set_input_files(screenshot)
    with page.expect_navigation():
        form.locator("button").click()
    visit.reads("已登记查询核对", screenshot.name)


def tell(visit: Visit, kind: str, reason: str) -> None:
    page, form = visit.page, visit.page.locator("form[action$='/events/']")
    form.locator(f"input[value={kind}]").check()
    form.locator("input[name=on]").fill(str(timezone.localdate()))
    form.locator("textarea").fill(reason)
    with page.expect_navigation():
        form.locator("button").click()
    visit.reads("已登记证书事项", reason)


def test_a_certificate_is_recorded_looked_up_surveyed_and_suspended(
    transactional_db: None, person: Arrive, tmp_path: Path
) -> None:
    enterprise, body, screenshot = make.enterprise(), make.body(), tmp_path / "查询结果.pdf"
    screenshot.write_bytes(make.PDF)
    city, public = person(make.account(Role.CITY_REVIEWER)), person(None)
    record(city, enterprise.uscc, body.pk)
    look_up(city, screenshot)
    register = f"/enterprises/{enterprise.uscc}/"
    public.go(register)
    public.reads(NUMBER, "有效")
    public.is_sound_everywhere()
    tell(city, "surveillance", "监督审核报告 1 号")
    tell(city, "suspend", "认证机构通知 2 号")
    city.is_sound_everywhere()
    public.go(register)
    public.reads(NUMBER, "暂停")
    public.is_sound_everywhere()
    city.go("/certificates/?standing=suspended")
    city.reads(NUMBER)
    city.is_sound_everywhere()
    tell_withdrawal(city)
    public.go(register)
    public.reads("撤销")
    assert Certificate.objects.get().achievement.ended_reason == "revoked"


def tell_withdrawal(visit: Visit) -> None:
    visit.follow(f"text={NUMBER}")
    tell(visit, "withdraw", "认证机构撤销决定 3 号")
