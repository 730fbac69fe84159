"""Signing in by two steps: setting up a device, its codes, recovery codes, and what becomes of it when it is lost."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from enterprises.models import Account, AuditEvent, EventKind, RecoveryCode, SecondFactor
from enterprises.services import second_factors
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from tests.devices import code_at, with_device
from tests.factories import NOW, PASSWORD, account, applicant

from .reading import text_of

pytestmark = pytest.mark.django_db
LOGIN, CODE, OWN = "/accounts/login/", "/accounts/login/code/", "/accounts/second-factor/"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def password_given(person: Account, **more: str) -> Client:
    client = Client()
    answer = client.post(LOGIN, {"username": person.username, "password": PASSWORD, **more})
    assert (answer.status_code, answer.url) == (302, CODE)
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_password_alone_lets_nobody_in_who_has_a_device(clock: time_machine.Traveller) -> None:
    person = account("monitor")
    secret, _codes = with_device(person)
    client = password_given(person, next="/enterprises/")
    assert not is_in(client)
    assert client.get("/monitor/").status_code == 302
    clock.shift(timedelta(seconds=60))
    wrong = client.post(CODE, {"code": "000000" if code_at(secret, NOW + timedelta(seconds=60)) != "000000" else "1"})
    assert wrong.status_code == 400
    assert "验证码不正确或已用过" in text_of(wrong)
    right = client.post(CODE, {"code": code_at(secret, NOW + timedelta(seconds=60))})
    assert (right.status_code, right.url) == (302, "/enterprises/")
    assert is_in(client)


def test_goal_elsewhere_is_not_gone_to(clock: time_machine.Traveller) -> None:
    person = account("monitor")
    _secret, codes = with_device(person)
    client = password_given(person, next="https://example.org/")
    assert client.post(CODE, {"code": codes[0]}).url == "/monitor/"


def test_code_works_once_and_neither_does_an_earlier_one(clock: time_machine.Traveller) -> None:
    person = account("monitor")
    secret, _codes = with_device(person)
    later = NOW + timedelta(seconds=90)
    clock.move_to(later)
    assert password_given(person).post(CODE, {"code": code_at(secret, later)}).status_code == 302
    for at in (later, later - timedelta(seconds=30)):
        assert password_given(person).post(CODE, {"code": code_at(secret, at)}).status_code == 400


@pytest.mark.parametrize(("seconds", "taken"), [(-30, True), (30, True), (-60, False), (60, False)])
def test_clock_may_be_a_step_off(seconds: int, taken: bool) -> None:
    person, later = account("monitor"), NOW + timedelta(minutes=10)
    secret, _codes = with_device(person)
    shown = code_at(secret, later + timedelta(seconds=seconds))
    assert (second_factors.code_refusals(person, shown, at=later) == []) is taken


def test_recovery_code_works_once_and_only_its_digest_is_kept(clock: time_machine.Traveller) -> None:
    person = account("monitor")
    _secret, codes = with_device(person)
    assert len(set(codes)) == 10
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not kept & {each for code in codes for each in (code, code.replace("-", ""))}
    client = password_given(person)
    assert client.post(CODE, {"code": codes[3].upper()}).status_code == 302
    assert "9" in client.get(OWN).content.decode().split("未用的备用码")[1][:60]
    assert password_given(person).post(CODE, {"code": codes[3]}).status_code == 400
    assert AuditEvent.objects.filter(kind=EventKind.SECOND_FACTOR, detail__by="recovery_code_used").count() == 1


def test_too_many_wrong_codes_lock_and_a_right_one_is_not_looked_at(clock: time_machine.Traveller) -> None:
    person = account("monitor")
    _secret, codes = with_device(person)
    answers = [password_given(person).post(CODE, {"code": "nonsense"}).status_code for _ in range(5)]
    assert answers == [400, 400, 400, 400, 429]
    elsewhere = second_factors.code_refusals(person, codes[0], at=NOW)
    assert [refusal.code for refusal in elsewhere] == ["second_factor_paused"]
    clock.shift(timedelta(minutes=16))
    assert password_given(person).post(CODE, {"code": codes[0]}).status_code == 302


def test_first_step_is_soon_forgotten_and_ends_with_another_password(clock: time_machine.Traveller) -> None:
    person = account("monitor")
    _secret, codes = with_device(person)
    late = password_given(person)
    clock.shift(timedelta(minutes=6))
    assert late.post(CODE, {"code": codes[0]}).url == LOGIN
    stale = password_given(person)
    person.set_password("another-Long-Passw0rd")
    person.save()
    assert stale.post(CODE, {"code": codes[0]}).url == LOGIN
    assert not RecoveryCode.objects.filter(used_at__isnull=False).exists()


def test_device_is_set_up_on_the_page(clock: time_machine.Traveller, client: Client) -> None:
    person = account("monitor")
    client.force_login(person)
    shown = client.post(f"{OWN}new/")
    assert "data:image/svg+xml" in shown.content.decode()
    secret = SecondFactor.objects.get(account=person).next_secret
    assert secret in text_of(shown).replace(" ", "")
    assert client.post(f"{OWN}confirm/", {"code": "12"}).status_code == 400
    assert second_factors.device_of(person) is None
    told = client.post(f"{OWN}confirm/", {"code": code_at(secret, NOW)})
    assert len(re.findall(r"<li>[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}</li>", told.content.decode())) == 10
    assert "no-store" in told["Cache-Control"]
    assert second_factors.device_of(person) is not None
    row = SecondFactor.objects.filter(account=person).values_list("secret").get()
    assert row[0] == secret


def test_another_device_is_bound_only_with_a_code_of_the_present_one(
    clock: time_machine.Traveller, client: Client
) -> None:
    person = account("monitor")
    secret, codes = with_device(person)
    client.force_login(person)
    assert client.post(f"{OWN}new/", {"code": "000"}).status_code == 400
    assert client.post(f"{OWN}new/", {"code": codes[0]}).status_code == 200
    assert second_factors.device_of(person).secret == secret
    assert client.post(f"{OWN}recovery-codes/", {"code": codes[1]}).status_code == 200
    assert client.post(f"{OWN}recovery-codes/", {"code": codes[2]}).status_code == 400


def test_staff_must_set_one_up_before_anything_else(clock: time_machine.Traveller, settings, client: Client) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    person = account("monitor")
    client.force_login(person)
    for address in ("/monitor/", "/api/v1/totals/", "/"):
        assert client.get(address).url == OWN
    assert "须先绑定验证器" in text_of(client.get(OWN))
    client.post(f"{OWN}new/")
    secret = SecondFactor.objects.get(account=person).next_secret
    client.post(f"{OWN}confirm/", {"code": code_at(secret, NOW)})
    assert client.get("/monitor/").status_code == 200
    clock.shift(timedelta(seconds=90))
    refused = client.post(f"{OWN}off/", {"code": code_at(secret, NOW + timedelta(seconds=90))})
    assert "须使用两步验证" in text_of(refused)
    assert second_factors.device_of(person) is not None


def test_enterprises_and_demo_accounts_need_none(settings, client: Client) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    shown = account("monitor")
    Account.objects.filter(pk=shown.pk).update(is_demo=True)
    for person, page in ((applicant(), "/workspace/"), (shown, "/monitor/")):
        client.force_login(person)
        assert client.get(page).status_code == 200


def test_who_chose_one_may_give_it_up(client: Client) -> None:
    person = applicant()
    _secret, codes = with_device(person)
    client.force_login(person)
    assert client.post(f"{OWN}off/", {"code": codes[0]}).status_code == 302
    assert second_factors.device_of(person) is None


def test_lost_device_is_let_go_of_by_the_security_officer_on_record(client: Client) -> None:
    person, officer = account("monitor"), account("security_admin")
    with_device(person)
    inside = Client()
    inside.force_login(person)
    client.force_login(officer)
    answer = client.post("/officers/second-factors/", {"username": person.username})
    assert answer.status_code == 302
    assert second_factors.device_of(person) is None
    assert inside.get("/monitor/").status_code == 302
    entry = LedgerEntry.objects.get(verb=Verb.ACCOUNT_SECOND_FACTOR_RESET)
    assert (entry.subject, entry.actor) == (person.code, officer.code)
    again = client.post("/officers/second-factors/", {"username": person.username})
    assert (again.status_code, "没有设置两步验证" in text_of(again)) == (409, True)


def test_officers_devices_are_let_go_of_on_the_server_only(client: Client) -> None:
    other, officer = account("auditor"), account("security_admin")
    with_device(other)
    client.force_login(officer)
    assert client.post("/officers/second-factors/", {"username": other.username}).status_code == 403
    assert second_factors.device_of(other) is not None
    call_command("account", "second-factor", other.username)
    assert second_factors.device_of(other) is None
