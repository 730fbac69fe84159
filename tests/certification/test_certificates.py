"""Third-party certificates through their services: recording, events, who may, what is refused, what is on record."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from certification.audit import fact_faults
from certification.certificate_checks import stated
from certification.certificate_life import Standing
from certification.errors import NotAllowed, NotPossible, Refused, StaleStage
from certification.models import Achievement, Certificate, CertificateEvent
from certification.services import certificate_events as events
from certification.services.achievements import end_achievement
from certification.services.certificate_events import Act
from certification.services.certificate_expiry import expire_certificates
from certification.services.certificate_facts import state_of
from certification.services.certificate_files import file_scan, look_up, scan_of
from certification.services.certificates import record_certificate
from enterprises.roles import Role
from enterprises.services.amendments import rename
from enterprises.services.interests import declare_interest
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def city():
    return make.account(Role.CITY_REVIEWER)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def act(city, day: str = "2025-12-01", reason: str = "认证机构通知〔2025〕1 号") -> Act:
    return Act(date.fromisoformat(day), reason, city, make.NOW)


def standing(row: Certificate, on: date = TODAY) -> str:
    return state_of(Certificate.objects.get(pk=row.pk), on=on).standing.value


def test_recording_makes_certificate_achievement_and_entries_together():
    row = make.certificate()
    fact = row.achievement
    assert (fact.stage, fact.effective_on, fact.certificate_number) == (
        "guanbiao.certification",
        date(2025, 1, 10),
        row.number,
    )
    assert [entry.verb for entry in LedgerEntry.objects.order_by("-number")[:2]] == [
        "certificate.recorded",
        "achievement.recorded",
    ]
    assert list(fact_faults(limit=3)) == []


def test_an_imported_achievement_of_that_day_is_the_certificates():
    there = make.enterprise()
    fact = make.achievement(there, "guanbiao.certification", date(2025, 1, 10))
    assert make.certificate(there).achievement == fact
    assert Achievement.objects.filter(enterprise=there).count() == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"applied_on": "2025-01-01", "edition": "GB/T 29490-2013"}, "edition_closed"),
        ({"system_since": "2024-10-11"}, "system_too_young"),
        ({"expires_on": "2025-01-10"}, "expires_before_issue"),
        ({"body_of": "nobody"}, "body_unknown"),
        ({"body_of": "too late"}, "body_not_approved"),
        ({"body_of": "adviser"}, "body_advised"),
        ({"number": "used"}, "number_used"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(city, said, code):
    there, by = make.enterprise(), make.body(is_adviser=True)
    if said.get("body_of") == "adviser":
        make.advising(there, by, since=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    elif said.get("body_of") == "too late":
        by = make.body(approved_from=date(2025, 1, 11))
    elif said.get("number"):
        said = {"number": make.certificate(body=by).number}
    asked = {**make.CERTIFICATE, "number": "CERT-NEW", "holder": there.name, "body": by.name, **said}
    if said.get("body_of") == "nobody":
        asked["body"] = "某认证公司"
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused) as refused:
        record_certificate(there, stated(asked), actor=city, at=make.NOW)
    assert codes(refused) == [code]
    assert LedgerEntry.objects.count() == before
    assert not Certificate.objects.filter(enterprise=there).exists()


def test_only_the_city_and_nobody_tied_records_or_restores(city):
    row = make.certificate()
    events.suspend(row, act(city))
    for role in set(Role) - {Role.CITY_REVIEWER}:
        with pytest.raises(NotAllowed):
            events.restore(row, act(make.account(role)))
    declare_interest(city, row.enterprise, reason="亲属", actor=city, at=make.NOW)
    with pytest.raises(NotAllowed) as refused:
        events.restore(row, act(city, "2025-12-02"))
    assert codes(refused) == ["own_interest"]
    events.restore(row, act(make.account(Role.CITY_REVIEWER), "2025-12-02"))
    assert standing(row) == "valid"


@pytest.mark.parametrize(
    ("how", "reason", "counts"),
    [("withdraw", "revoked", False), ("surrender", "withdrawn", True), ("annul", "annulled", False)],
)
def test_an_end_ends_the_achievement_by_its_own_reason(city, how, reason, counts):
    row = make.certificate()
    getattr(events, how)(row, act(city))
    fact = Achievement.objects.get(pk=row.achievement_id)
    assert (fact.ended_reason, fact.ended_on) == (reason, date(2025, 12, 1))
    assert Achievement.objects.counting(on=TODAY).filter(pk=fact.pk).exists() is counts
    with pytest.raises(NotPossible):
        getattr(events, how)(row, act(city, "2025-12-02"))
    assert list(fact_faults(limit=3)) == []


def test_suspension_ends_nothing(city):
    row = make.certificate()
    events.suspend(row, act(city))
    assert standing(row) == "suspended"
    assert standing(row, date(2025, 11, 30)) == "valid"
    assert Achievement.objects.get(pk=row.achievement_id).ended_reason == ""


def test_a_number_recorded_in_error_may_be_recorded_anew(city):
    row = make.certificate()
    events.annul(row, act(city))
    again = make.certificate(row.enterprise, number=row.number, body=row.body, issued_on="2025-02-10")
    assert (standing(row), standing(again)) == ("annulled", "valid")


def test_renewal_begins_new_years_and_ends_the_old_certificate(city):
    there, by = make.enterprise(), make.body()
    row = make.certificate(there, body=by)
    said = stated({**make.CERTIFICATE, "number": "CERT-R1", "holder": there.name, "body": by.pk,
                   "issued_on": "2026-11-01", "applied_on": "2026-09-01", "expires_on": "2029-10-31"})  # fmt: skip
    new = events.renew(row, said, act(city))
    old = Achievement.objects.get(pk=row.achievement_id)
    assert (standing(row), standing(new), new.replaces) == ("superseded", "valid", row)
    assert (old.ended_reason, old.ended_on) == ("expired", date(2026, 11, 1))
    assert Achievement.objects.in_force(on=date(2026, 11, 1)).filter(enterprise=there).count() == 1
    assert list(fact_faults(limit=3)) == []


def test_conversion_keeps_the_expiry_and_goes_to_a_later_edition_only(city):
    said = {"edition": "GB/T 29490-2013", "applied_on": "2024-10-01"}
    row = make.certificate(**said)
    assert state_of(row, on=TODAY).is_unconverted
    with pytest.raises(Refused) as refused:
        events.convert(row, "GB/T 29490-2013", act(city))
    assert codes(refused) == ["edition_unknown"]
    events.convert(row, "GB/T 29490-2023", act(city))
    row = Certificate.objects.get(pk=row.pk)
    found = state_of(row, on=TODAY)
    assert (found.edition, found.is_unconverted, row.expires_on) == ("GB/T 29490-2023", False, date(2028, 1, 9))
    assert found.due_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [
        ("2025-01-09", "通知", "event_day"),
        ("2026-11-21", "通知", "event_day"),
        ("2025-12-01", " ", "reason_missing"),
        ("2025-12-01", "字" * 301, "reason_too_long"),
    ],
)
def test_an_event_needs_its_day_and_reason(city, day, reason, code):
    with pytest.raises(Refused) as refused:
        events.withdraw(make.certificate(), act(city, day, reason))
    assert codes(refused) == [code]


def test_events_come_in_their_order(city):
    row = make.certificate()
    events.survey(row, act(city, "2025-12-01"))
    with pytest.raises(Refused) as refused:
        events.suspend(row, act(city, "2025-11-30"))
    assert codes(refused) == ["event_day"]


def test_an_achievement_with_a_certificate_ends_with_it_only(city):
    row = make.certificate()
    asked = {"reason": "revoked", "ended_on": TODAY, "ground": "撤销"}
    with pytest.raises(NotPossible) as refused:
        end_achievement(row.achievement, **asked, actor=city, at=make.NOW)
    assert codes(refused) == ["has_certificate"]


def test_what_is_over_ends_once_by_the_registry_itself(city):
    said = {"issued_on": "2023-11-20", "expires_on": "2026-11-19", "applied_on": "2023-10-01"}
    old = {"edition": "GB/T 29490-2013", "system_since": "2023-01-01"}
    over, lasting = make.certificate(**said, **old), make.certificate(**{**said, **old, "expires_on": "2026-11-20"})
    assert (expire_certificates(at=make.NOW), expire_certificates(at=make.NOW)) == (1, 0)
    fact = Achievement.objects.get(pk=over.achievement_id)
    assert (fact.ended_reason, fact.ended_on) == ("expired", date(2026, 11, 20))
    assert Achievement.objects.get(pk=lasting.achievement_id).ended_reason == ""
    assert LedgerEntry.objects.order_by("-number")[0].actor == "system"
    assert list(fact_faults(limit=3)) == []


def test_status_in_sql_is_the_status_of_the_rules(city):
    ways = [(), ("suspend",), ("suspend", "restore"), ("withdraw",), ("surrender",), ("annul",), ("survey",)]
    for way in ways:
        row = make.certificate()
        for number, name in enumerate(way):
            getattr(events, name)(row, act(city, f"2025-06-{10 + number}"))
    days = [
        date(2025, 1, 9),
        date(2025, 6, 9),
        date(2025, 6, 10),
        date(2025, 6, 11),
        date(2028, 1, 9),
        date(2028, 1, 10),
    ]
    for day in days:
        for row in Certificate.objects.standing(on=day):
            assert Standing(row.standing) is state_of(row, on=day).standing, (row.pk, day)


def test_look_up_keeps_who_when_and_the_screenshot(city):
    row = make.certificate()
    with pytest.raises(Refused) as refused:
        look_up(row, "maybe", None, note="", actor=city, at=make.NOW)
    assert codes(refused) == ["result_unknown", "file_missing"]
    check = look_up(row, "matches", ContentFile(PNG, "查询.png"), note="一致", actor=city, at=make.NOW)
    assert (check.actor, check.at, check.screenshot.media_type) == (city, make.NOW, "image/png")
    with pytest.raises(Refused):
        file_scan(row, ContentFile(PNG, "证书.png"), actor=city, at=make.NOW)
    assert scan_of(row) is None
    scan = file_scan(row, ContentFile(make.PDF, "证书.pdf"), actor=city, at=make.NOW)
    assert scan_of(row) == scan
    assert list(fact_faults(limit=3)) == []


@pytest.mark.parametrize(
    "values",
    [
        {"expires_on": date(2025, 1, 10)},
        {"applied_on": date(2025, 1, 11)},
        {"system_since": date(2025, 1, 11)},
        {"number": "TAKEN"},
    ],
)
def test_the_database_refuses_what_the_services_refuse(values):
    by = make.body()
    row, _other = make.certificate(body=by), make.certificate(body=by, number="TAKEN")
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=row.pk).update(**values)


def test_a_certificate_ends_once_in_the_database_too(city):
    row = make.certificate()
    first = events.withdraw(row, act(city))
    first.pk, first.ledger_number = None, first.ledger_number + 1000
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateEvent(**{f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields}).save()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE certification_certificate SET expires_on = '2028-01-01'",
        "UPDATE certification_certificate SET holder = '别家公司'",
        "UPDATE certification_certificate SET is_annulled = TRUE",
        "UPDATE certification_certificateevent SET reason = '改过'",
        "UPDATE certification_certificateevent SET kind = 'withdraw'",
        "DELETE FROM certification_certificateevent",
    ],
)
def test_a_certificate_changed_behind_the_ledger_is_named(city, change):
    row = make.certificate()
    event = events.suspend(row, act(city))
    with connection.cursor() as cursor:
        cursor.execute(change)
    named = {fault.number for fault in fact_faults(limit=5)}
    assert named == {event.ledger_number if "event" in change else row.ledger_number}


def test_somebody_elses_renewal_meanwhile_is_stale_not_an_error(city, monkeypatch):
    row = make.certificate()

    def late(*args, **options):
        raise IntegrityError

    monkeypatch.setattr(events, "write", late)
    with pytest.raises(StaleStage):
        events.withdraw(row, act(city))


def test_day_after_the_term_is_not_valid():
    row = make.certificate()
    assert standing(row, row.expires_on) == "valid"
    assert standing(row, row.expires_on + timedelta(days=1)) == "expired"


def test_the_holder_is_a_name_of_the_day_of_issue(city):
    there = make.enterprise(name="常州旧名有限公司", at=datetime(2024, 1, 1, 2, 0, tzinfo=UTC))
    rename(there, "常州新名有限公司", since=date(2025, 6, 1), actor=city, at=make.NOW)
    for day, holder in (("2025-01-10", "常州新名有限公司"), ("2025-06-10", "常州旧名有限公司")):
        with pytest.raises(Refused) as refused:
            make.certificate(there, holder=holder, issued_on=day)
        assert codes(refused) == ["holder_differs"]
    make.certificate(there, holder="常州旧名有限公司", issued_on="2025-01-10")
    make.certificate(there, holder="常州新名有限公司", issued_on="2025-06-10")
    branch = make.certificate(
        there, holder="常州新名有限公司分公司", holder_reason="分公司持证", issued_on="2025-07-10"
    )
    assert branch.holder_reason == "分公司持证"
    assert list(fact_faults(limit=3)) == []
    Certificate.objects.filter(pk=branch.pk).update(holder_reason="改过")
    assert [fault.number for fault in fact_faults(limit=3)] == [branch.ledger_number]


def test_conversion_at_recertification_starts_three_new_years(city):
    row = make.certificate(edition="GB/T 29490-2013", applied_on="2024-10-01")
    said = {"number": "CERT-N3", "holder": row.holder, "body": row.body_id, "issued_on": "2026-11-01",
            "applied_on": "2026-09-01", "expires_on": "2029-10-31"}  # fmt: skip
    new = events.renew(row, stated({**make.CERTIFICATE, **said}), act(city))
    assert (state_of(new, on=TODAY).edition, new.expires_on) == ("GB/T 29490-2023", date(2029, 10, 31))
    assert standing(row) == "superseded"
