"""The pages of third-party certificates: what the city records there, what is refused where it was typed."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from certification.models import Certificate
from enterprises.roles import Role
from tests import factories as make
from tests.pages.visiting import visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return visitor(make.account(Role.CITY_REVIEWER))


def test_the_city_records_a_certificate_from_the_enterprises_file(city):
    there, by = make.enterprise(), make.body()
    page = f"/enterprises/{there.uscc}/certificates/"
    said = {**make.CERTIFICATE, "number": "cert 000001", "holder": there.name, "body": by.pk}
    refused = city.post(page, {**said, "edition": "GB/T 29490-2013", "applied_on": "2025-01-01"})
    assert refused.status_code == 400
    assert "2025-01-01 不受理按 GB/T 29490-2013 的认证申请" in words(refused)
    assert city.post(page, said)["Location"] == "/certificates/CERT000001/"
    assert "监督审核逾期" in words(city.get("/certificates/?attention=overdue"))
    assert "CERT000001" in words(city.get(f"/enterprises/{there.uscc}/"))


def test_events_look_ups_and_scan_are_recorded_on_its_page(city):
    row = make.certificate()
    page = f"/certificates/{row.number}/"
    late = city.post(f"{page}events/", {"kind": "withdraw", "on": "2035-01-01", "reason": "通知"})
    assert late.status_code == 400
    assert "发生日期 2035-01-01 不在" in words(late)
    assert city.post(f"{page}events/", {"kind": "suspend", "on": "2025-06-01", "reason": "通知"}).status_code == 302
    assert city.post(f"{page}lookups/", {"result": "matches"}).status_code == 400
    for part, said in (("lookups", {"result": "matches"}), ("pdf", {})):
        answer = city.post(f"{page}{part}/", {**said, "file": SimpleUploadedFile("证书.pdf", make.PDF)})
        assert answer.status_code == 302
    shown = words(city.get(page))
    assert "暂停" in shown
    assert "与登记一致" in shown
    assert city.get(f"{page}pdf/").content == make.PDF


def test_an_applicant_sees_its_own_and_no_form(city):
    qiye = make.applicant()
    row = make.certificate(qiye.enterprise)
    shown = words(visitor(qiye).get(f"/certificates/{row.number}/"))
    assert "证书内容" in shown
    assert "登记证书事项" not in shown
    assert row.number in words(visitor(qiye).get("/workspace/"))
    other = Certificate.objects.exclude(pk=row.pk)
    assert not other.exists()


def test_what_is_due_is_counted_above_the_list_and_leads_to_it(city):
    with time_machine.travel(datetime(2025, 12, 20, 2, tzinfo=UTC), tick=False):
        city = visitor(make.account(Role.CITY_REVIEWER))
        near = make.certificate()
        far = make.certificate(issued_on="2025-11-15", expires_on="2028-11-14")
        said = words(city.get("/certificates/"))
        assert "监督审核或证书有效期： 90 天内到期 1 张 30 天内到期 1 张 7 天内到期 0 张".replace("： ", "：") in said
        narrowed = city.get("/certificates/?due_within=30")
        assert near.number in words(narrowed)
        assert far.number not in words(narrowed)
        assert "due_within=30" in narrowed.content.decode().split("/export")[-1]
        for nonsense in ("0", "-1", "abc", "99999999999999999999"):
            assert far.number in words(city.get("/certificates/", {"due_within": nonsense}))


def test_until_when_an_older_edition_is_converted_is_said_beforehand():
    with time_machine.travel(datetime(2025, 10, 12, 2, tzinfo=UTC), tick=False):
        qiye, city = make.applicant(), make.account(Role.CITY_REVIEWER)
        old = {"edition": "GB/T 29490-2013", "applied_on": "2024-10-01", "issued_on": "2025-02-01"}
        row = make.certificate(qiye.enterprise, **old, expires_on="2028-01-31")
        make.certificate()
        for account, pages in (
            (qiye, ["/workspace/", f"/certificates/{row.number}/", f"/enterprises/{row.enterprise.uscc}/"]),
            (city, ["/certificates/", "/certificates/?attention=converting"]),
        ):
            for page in pages:
                said = words(visitor(account).get(page))
                assert "2025-12-31" in said, page
                assert "还有 80 天" in said, page
        assert words(visitor(city).get("/certificates/")).count("换版截止 2025-12-31") == 1
        assert "随监督审核或再认证换版" in words(visitor(qiye).get("/workspace/"))
