"""An event recorded in error is undone with the form of the certificate's page; what cannot be is told there."""

import pytest

from certification.models import Achievement, CertificateEvent
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories as make

from .visiting import visitor, words

pytestmark = pytest.mark.django_db
CORRECTION = {"kind": "correct", "on": "2026-11-20", "reason": "误记到别家证书"}


@pytest.fixture(autouse=True)
def the_day(time_machine):
    time_machine.move_to(make.NOW, tick=False)


@pytest.fixture
def city():
    return visitor(make.account(Role.CITY_REVIEWER))


@pytest.fixture
def page(city):
    """Of a certificate that was suspended, and restored."""
    found = f"/certificates/{make.certificate().number}/"
    for kind, on in (("suspend", "2025-06-01"), ("restore", "2025-07-01")):
        assert city.post(f"{found}events/", {"kind": kind, "on": on, "reason": "认证机构通知"}).status_code == 302
    return found


def numbers():
    return dict(CertificateEvent.objects.values_list("kind", "ledger_number"))


def facts():
    models = (CertificateEvent, Achievement)
    return [list(model.objects.order_by("pk").values()) for model in models], LedgerEntry.objects.count()


def test_what_did_not_happen_falls_away_and_stays_to_be_read(city, page):
    assert "填发现之日" in words(city.get(page))
    wrong = numbers()["restore"]
    assert city.post(f"{page}events/", CORRECTION | {"corrects": wrong}).status_code == 302
    undone = CertificateEvent.objects.get(ledger_number=wrong)
    made = CertificateEvent.objects.get(kind="correct")
    assert (undone.is_corrected, made.corrects) == (True, undone)
    assert LedgerEntry.objects.get(number=made.ledger_number).supersedes == wrong
    shown = city.get(page)
    assert "误记到别家证书" in words(shown)
    assert "暂停" in words(shown)
    assert f'<option value="{wrong}"' not in shown.content.decode()
    assert f'<option value="{numbers()["suspend"]}"' in shown.content.decode()


def test_what_rested_on_it_is_to_be_corrected_first(city, page):
    before = facts()
    refused = city.post(f"{page}events/", CORRECTION | {"corrects": numbers()["suspend"]})
    assert refused.status_code == 409
    assert "请先更正 2025-07-01 的“恢复”" in words(refused)
    assert facts() == before
    for kind in ("restore", "suspend"):
        assert city.post(f"{page}events/", CORRECTION | {"corrects": numbers()[kind]}).status_code == 302
    assert "有效" in words(city.get(page))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"corrects": ""}, "可以更正的事项"),
        ({"corrects": "9" * 30}, "可以更正的事项"),
        ({"corrects": "一"}, "可以更正的事项"),
        ({"on": "2026-11-30"}, "请填写发现误记之日"),
        ({"on": ""}, "请填写日期"),
        ({"reason": " "}, "理由"),
    ],
)
def test_what_is_missing_is_told_and_nothing_changes(city, page, wrong, told):
    before = facts()
    refused = city.post(f"{page}events/", CORRECTION | {"corrects": numbers()["restore"]} | wrong)
    assert refused.status_code == 400
    assert told in words(refused)
    assert facts() == before


def test_an_event_of_another_certificate_is_none_of_this_one(city, page):
    other, before = make.certificate(), numbers()["restore"]
    refused = city.post(f"/certificates/{other.number}/events/", CORRECTION | {"corrects": before})
    assert refused.status_code == 400
    assert not CertificateEvent.objects.filter(kind="correct").exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MONITOR, 403), (Role.AUDITOR, 404), (Role.PLAN_MANAGER, 403), (Role.SYSTEM_ADMIN, 404), (Role.EXPERT, 404)],
)
def test_other_roles_undo_nothing(page, role, status):
    client, said = visitor(make.account(role)), CORRECTION | {"corrects": numbers()["restore"]}
    before = facts()
    assert client.post(f"{page}events/", said).status_code == status
    assert facts() == before
