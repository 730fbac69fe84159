"""The public page of an enterprise: a stable address, and linked data that say what the page says and no more."""

import json
from datetime import date

import pytest
from django.test import Client

from enterprises.services.amendments import rename
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    row = make.enterprise(name="常州云河</script>科技有限公司")
    make.achievement(row, "guanbiao.implementation", date(2019, 3, 1))
    make.achievement(row, "guanbiao.implementation", date(2021, 3, 1), round=2)
    make.achievement(
        row, "guanbiao.certification", date(2019, 6, 1), certificate_number="IPMS-1", ended_on=date(2022, 5, 31),
        ended_reason="expired",
    )  # fmt: skip
    rename(
        row, "常州云河知识产权科技有限公司", since=date(2025, 1, 1), actor=make.account("city_reviewer"), at=make.NOW
    )
    row.refresh_from_db()
    return row


def test_linked_data_say_what_the_page_says(enterprise):
    answer = Client().get(f"/enterprises/{enterprise.uscc}/linked-data/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    said = json.loads(answer.content)
    assert said["@id"] == f"http://testserver/enterprises/{enterprise.uscc}/"
    assert (said["@type"], said["name"]) == ("Organization", enterprise.name)
    assert said["alternateName"] == ["常州云河</script>科技有限公司"]
    assert said["identifier"]["value"] == enterprise.uscc
    facts = [
        (each["name"], each["validFrom"], each["certificationStatus"].rpartition("/")[2], each.get("expires"))
        for each in said["hasCertification"]
    ]
    assert facts == [
        ("贯标实施", "2021-03-01", "CertificationActive", None),
        ("国家认证", "2019-06-01", "CertificationInactive", "2022-05-31"),
        ("贯标实施", "2019-03-01", "CertificationActive", None),
    ]
    text = answer.content.decode()
    assert "13800000000" not in text
    assert "王五" not in text


def test_the_page_names_its_one_address_and_its_data(enterprise):
    code = enterprise.uscc
    for asked in (f"/enterprises/{code}/", f"/enterprises/{code.lower()}/?lang=x"):
        page = Client().get(asked).content.decode()
        assert f'<link rel="canonical" href="http://testserver/enterprises/{code}/">' in page
        assert f'type="application/ld+json" href="http://testserver/enterprises/{code}/linked-data/"' in page
    assert "第 2 轮" in page


def test_an_unknown_enterprise_has_no_data(db):
    assert Client().get("/enterprises/91350100M000100Y43/linked-data/").status_code == 404
