"""Changes of settings and accounts on the audit trail: one event each, with the names of what changed, or no change."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from certification.models import CalendarDay, Edition, Indicator, Plan, Rulebook
from certification.services.calendar_days import drop_day, keep_day
from certification.services.editions import keep_edition
from certification.services.plan_marks import set_marks
from certification.services.plans import revise_indicator
from certification.services.rulebook_changes import copy_rulebook
from enterprises.errors import NotAllowed
from enterprises.models import Account, AuditEvent, Division, EventKind
from enterprises.roles import Role
from enterprises.services.accounts import deactivate, describe_account, reset_password
from enterprises.services.divisions import keep_division
from enterprises.services.grants import NewAccount, confirm_grant, open_account, refuse_grant, request_reset
from enterprises.services.trail import MOST_VALUES
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from tests import factories as make
from tests.architecture.tree import python_files, source
from tests.pages.visiting import visitor

pytestmark = pytest.mark.django_db


def last(kind: EventKind) -> AuditEvent:
    found = AuditEvent.objects.filter(kind=kind).order_by("pk").last()
    assert found is not None
    return found


def recorded(verb: Verb) -> LedgerEntry:
    return LedgerEntry.objects.filter(verb=verb).latest("number")


def test_each_configured_fact_leaves_its_event_beside_its_entry() -> None:
    city, manager = make.account(Role.CITY_REVIEWER), make.account(Role.PLAN_MANAGER)
    division = Division.objects.get(pk=make.TOWN)
    division.name = "新名称"
    plan, book = Plan.objects.get(pk="13th"), Rulebook.objects.latest("in_force_from")
    edition = Edition.objects.create(code="GB 9-2026", title="x", in_force_from=date(2027, 1, 1))
    edition.title = "y"
    coming = timezone.localdate(make.NOW) + timedelta(days=400)
    said = {"actor": city, "at": make.NOW}
    changes: list[tuple[Verb, Any, list[str]]] = [
        (Verb.DIVISION_CHANGED, lambda: keep_division(division, **said), ["name"]),
        (
            Verb.CALENDAR_CHANGED,
            lambda: keep_day(CalendarDay(day=date(2026, 12, 31), is_working=False, name="休"), **said),
            ["is_working", "name"],
        ),
        (Verb.EDITION_CHANGED, lambda: keep_edition(edition, **said), ["title"]),
        (Verb.RULEBOOK_CHANGED, lambda: copy_rulebook(book, in_force_from=coming, **said), ["copied"]),
        (
            Verb.PLAN_MARKED,
            lambda: set_marks(plan, at_risk_below=Decimal("0.31"), is_closed=False, actor=manager, at=make.NOW),
            ["at_risk_below"],
        ),
    ]
    for verb, change, fields in changes:
        change()
        event, entry = last(EventKind.SETTING_CHANGED), recorded(verb)
        assert event.detail["fields"] == fields, verb
        assert event.detail["number"] == entry.number
        assert (event.account, event.at) == (manager if verb == Verb.PLAN_MARKED else city, entry.at)
    assert AuditEvent.objects.filter(kind=EventKind.SETTING_CHANGED).count() == len(changes)
    drop_day(CalendarDay.objects.get(day=date(2026, 12, 31)), **said)
    assert last(EventKind.SETTING_CHANGED).detail["about"] == "2026-12-31"


def test_no_service_changes_a_configured_fact_without_its_event() -> None:
    writers = [name for name in python_files() if re.search(r"[^_\w]record_content\(\n?", source(name))]
    assert [name for name in writers if name != "ledger/contents.py" and "note_change(" not in source(name)] == []
    assert len(writers) >= 7


def test_a_revised_indicator_names_what_was_revised() -> None:
    indicator = Indicator.objects.get(plan="13th", code="guanbiao_enterprises")
    day = timezone.localdate(make.NOW)
    revise_indicator(
        indicator, {"target": Decimal(510)}, in_force_from=day, actor=make.account(Role.PLAN_MANAGER), at=make.NOW
    )
    assert last(EventKind.SETTING_CHANGED).detail["fields"] == ["target"]


def test_a_change_whose_event_cannot_be_written_does_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    division, count = Division.objects.get(pk=make.TOWN), LedgerEntry.objects.count()
    name, division.name = division.name, "新名称"
    actor = make.account(Role.CITY_REVIEWER)
    count = LedgerEntry.objects.count()
    monkeypatch.setattr(AuditEvent, "save", fail)
    with pytest.raises(DatabaseError, match="disk full"):
        keep_division(division, actor=actor, at=make.NOW)
    assert Division.objects.get(pk=make.TOWN).name == name
    assert LedgerEntry.objects.count() == count


def test_accounts_roles_and_passwords(sysadmin: Any, secadmin: Any) -> None:
    said = {"actor": sysadmin, "at": make.NOW}
    grant = open_account(NewAccount("someone", Role.MONITOR, "", make.PASSWORD), reason="需要", **said)
    assert last(EventKind.ACCOUNT_CHANGED).detail["verb"] == Verb.ACCOUNT_GRANT_REQUESTED
    account = confirm_grant(grant, actor=secadmin, at=make.NOW)
    event = last(EventKind.ACCOUNT_CHANGED)
    assert (event.account, event.detail["subject"]) == (secadmin, account.code)
    asked = request_reset(account, password="Another-Passw0rd", reason="忘记", **said)
    confirm_grant(asked, actor=secadmin, at=make.NOW)
    assert last(EventKind.PASSWORD_CHANGED).detail["subject"] == account.code
    again = request_reset(account, password="Another-Passw0rd", reason="忘记", **said)
    refuse_grant(again, reason="不需要", actor=secadmin, at=make.NOW)
    assert last(EventKind.ACCOUNT_CHANGED).detail["about"] == account.code
    deactivate(account, **said)
    assert last(EventKind.ACCOUNT_CHANGED).detail["verb"] == Verb.ACCOUNT_DEACTIVATED
    applicant = make.applicant()
    reset_password(applicant, "Another-Passw0rd", **said)
    assert (last(EventKind.PASSWORD_CHANGED).account, last(EventKind.PASSWORD_CHANGED).detail["subject"]) == (
        sysadmin,
        applicant.code,
    )
    kept = " ".join(map(str, AuditEvent.objects.values_list("detail", flat=True)))
    assert "someone" not in kept
    assert "需要" not in kept


def test_name_and_address_of_an_account_are_written_by_a_service_and_told_by_name_only(sysadmin: Any) -> None:
    account = make.account(Role.MONITOR)
    account.display_name, account.role = "张三", Role.CITY_REVIEWER
    describe_account(account, actor=sysadmin, at=make.NOW)
    assert last(EventKind.ACCOUNT_CHANGED).detail == {"about": account.code, "fields": ["display_name"]}
    stored = Account.objects.get(pk=account.pk)
    assert (stored.display_name, stored.role) == ("张三", Role.MONITOR)
    describe_account(stored, actor=sysadmin, at=make.NOW)
    assert AuditEvent.objects.filter(kind=EventKind.ACCOUNT_CHANGED).count() == 1
    with pytest.raises(NotAllowed):
        describe_account(account, actor=make.account(Role.AUDITOR), at=make.NOW)


def test_ones_own_password(client: Any) -> None:
    person = make.account(Role.MONITOR)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    fresh = "Quite-Another-9"
    said = {"old_password": make.PASSWORD, "new_password1": fresh, "new_password2": fresh}
    client.post(reverse("password-change"), said, REMOTE_ADDR="192.0.2.9")
    event = last(EventKind.PASSWORD_CHANGED)
    assert (event.account, event.detail) == (person, {"about": person.code, "by": "own"})
    assert (event.address, event.path) == ("192.0.2.9", reverse("password-change"))


def test_a_change_in_the_admin_says_from_where_it_came() -> None:
    city = make.account(Role.CITY_REVIEWER)
    page = reverse("admin:certification_calendarday_add")
    said = {"day": "2027-01-04", "is_working": "on", "name": "调休", "source": ""}
    assert visitor(city).post(page, said, REMOTE_ADDR="192.0.2.8").status_code == 302
    event = last(EventKind.SETTING_CHANGED)
    assert (event.account, event.address, event.path) == (city, "192.0.2.8", page)


def test_a_long_list_of_names_is_cut_and_an_edition_with_a_blank_has_a_code() -> None:
    edition = Edition.objects.get(code="GB/T 29490-2023")
    edition.code, edition.pk = "GB/T 29490-2099", "GB/T 29490-2099"
    keep_edition(edition, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    detail = last(EventKind.SETTING_CHANGED).detail
    assert detail["subject"] == "edition:GB/T_29490-2099"
    assert len(detail["fields"]) <= MOST_VALUES
