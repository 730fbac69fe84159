"""What everybody sees of an enterprise's third-party certificates: how each stands today, and nothing of the work."""

import json

import pytest
from django.test import Client

from certification.services.certificate_events import Act, annul, suspend
from enterprises.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def act(reason: str = "认证机构通知 7 号") -> Act:
    return Act(make.NOW.date(), reason, make.account(Role.CITY_REVIEWER), make.NOW)


def page(uscc: str) -> str:
    return Client().get(f"/enterprises/{uscc}/").content.decode()


def status(uscc: str) -> list[str]:
    said = json.loads(Client().get(f"/enterprises/{uscc}/linked-data/").content)
    return [each["certificationStatus"].rpartition("/")[2] for each in said["hasCertification"]]


def test_a_suspended_certificate_is_suspended_in_the_public_register_and_its_data() -> None:
    row = make.certificate()
    uscc = row.enterprise.uscc
    assert (row.number in page(uscc), "暂停" in page(uscc)) == (True, False)
    assert status(uscc) == ["CertificationActive"]
    suspend(row, act())
    assert "暂停" in page(uscc)
    assert "认证机构通知" not in page(uscc)
    assert status(uscc) == ["CertificationInactive"]


def test_a_certificate_recorded_in_error_is_not_public() -> None:
    row = make.certificate()
    annul(row, act("录错企业"))
    assert row.number not in page(row.enterprise.uscc)
    assert status(row.enterprise.uscc) == []
