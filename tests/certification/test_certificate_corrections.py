"""Errors of recording undone: a certificate that never was, an event that was not; facts, totals and ledger agree."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from certification.audit import fact_faults
from certification.certificate_checks import stated
from certification.certificate_life import Standing
from certification.errors import NotPossible, Refused, StaleStage
from certification.models import Achievement, Certificate, CertificateEvent, Message, Span
from certification.notices.outbox import tell
from certification.services import certificate_corrections
from certification.services import certificate_events as events
from certification.services.certificate_events import Act
from certification.services.certificate_expiry import expire_certificates
from certification.services.certificate_facts import state_of
from certification.totals.checkpoint import fold
from certification.totals.recount import recount
from enterprises.roles import Role
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests import factories as make

pytestmark = pytest.mark.django_db
D = date.fromisoformat
TODAY = make.NOW.date()
LATER = datetime(2028, 3, 1, 2, 0, tzinfo=UTC)  # the first certificate has run out
OLD = {"edition": "GB/T 29490-2013", "applied_on": "2023-10-01", "system_since": "2023-01-01",
       "issued_on": "2023-11-01", "expires_on": "2026-10-31"}  # fmt: skip


@pytest.fixture
def city():
    return make.account(Role.CITY_REVIEWER)


def act(city, day: str = "2026-11-20", *, at: datetime = make.NOW) -> Act:
    return Act(D(day), "录入时看错证书", city, at)


def renewed(city, row: Certificate, *, day: str = "2026-11-01", number: str = "CERT-R1", at=make.NOW) -> Certificate:
    said = {"number": number, "holder": row.holder, "body": row.body_id, "issued_on": day, "applied_on": "2026-09-01",
            "expires_on": f"{int(day[:4]) + 3}-10-31"}  # fmt: skip
    return events.renew(row, stated({**make.CERTIFICATE, **said}), act(city, at=at))


def again(row: Certificate) -> Certificate:
    return Certificate.objects.select_related("achievement").get(pk=row.pk)


def stands(row: Certificate, on: date = TODAY) -> str:
    """As the rules say and as SQL says."""
    found = state_of(again(row), on=on).standing
    assert Standing(Certificate.objects.standing(on=on).get(pk=row.pk).standing) is found
    return found.value


def ending(row: Certificate) -> tuple[str, date | None]:
    fact = again(row).achievement
    return fact.ended_reason, fact.ended_on


def valid(enterprise) -> list[tuple[int, int | None]]:
    """When the enterprise is certified and valid, from the stored totals."""
    rows = Span.objects.filter(enterprise=enterprise, indicator="nationally_certified", aspect="valid")
    return list(rows.order_by("start").values_list("start", "stop"))


def sound(at: datetime = make.NOW) -> None:
    """Rows, ledger and totals agree, however the totals came about."""
    fold(at=at)
    assert recount(at=at, repair=False, thorough=True).is_clean
    assert list(fact_faults(limit=3)) == []
    assert verify().fault is None


def test_annulling_a_renewal_lets_the_old_certificate_stand_again(city):
    row = make.certificate()
    new = renewed(city, row)
    sound()
    assert valid(row.enterprise) == [(20250110, 20261101), (20261101, None)]
    events.annul(new, act(city))
    assert (stands(row), stands(row, D("2026-11-10")), stands(new)) == ("valid", "valid", "annulled")
    assert (ending(row), ending(new)) == (("", None), ("annulled", TODAY))
    sound()
    assert valid(row.enterprise) == [(20250110, None)]
    verbs = list(LedgerEntry.objects.order_by("-number").values_list("verb", "supersedes")[:4])
    renewal = CertificateEvent.objects.get(kind="renew")
    assert verbs == [
        ("achievement.reinstated", row.achievement.ledger_number),
        ("certificate.corrected", renewal.ledger_number),
        ("certificate.annulled", new.ledger_number),
        ("achievement.annulled", new.achievement.ledger_number),
    ]
    assert (renewal.is_corrected, renewal.reason) == (True, "录入时看错证书")


def test_the_number_is_free_and_everything_may_happen_again(city):
    row = make.certificate()
    events.annul(renewed(city, row), act(city))
    new = renewed(city, row, day="2026-11-02")
    assert (stands(row), stands(new), new.number) == ("superseded", "valid", "CERT-R1")
    assert ending(row) == ("expired", D("2026-11-02"))
    events.annul(new, act(city))
    events.suspend(row, act(city))
    events.restore(row, act(city))
    assert stands(row) == "valid"
    sound()


def test_an_old_certificate_that_ran_out_meanwhile_ends_by_its_own_expiry(city):
    row = make.certificate()
    new = renewed(city, row)
    events.annul(new, act(city, "2028-03-01", at=LATER))
    assert (stands(row, LATER.date()), ending(row)) == ("expired", ("expired", D("2028-01-10")))
    assert expire_certificates(at=LATER) == 0
    sound(LATER)


@pytest.mark.parametrize("how", ["expire", "withdraw", "surrender", "renew"])
def test_a_certificate_that_has_ended_is_annulled_and_no_longer_counts(city, how):
    row = make.certificate(**OLD) if how == "expire" else make.certificate()
    if how == "expire":
        assert expire_certificates(at=make.NOW) == 1
    elif how == "renew":
        renewed(city, row)
    else:
        getattr(events, how)(row, act(city, "2026-11-01"))
    events.annul(row, act(city))
    assert (stands(row), ending(row)[0]) == ("annulled", "annulled")
    counting = Achievement.objects.counting(on=TODAY).filter(enterprise=row.enterprise)
    assert counting.count() == (1 if how == "renew" else 0)
    sound()
    with pytest.raises(NotPossible):
        events.annul(row, act(city))
    number = row.number
    anew = {"number": number, "body": row.body, "issued_on": "2025-03-01"}
    assert stands(make.certificate(row.enterprise, **anew)) == "valid"


def test_one_between_two_others_goes_last_first(city):
    row = make.certificate()
    new = renewed(city, row)
    last = renewed(city, new, day="2026-11-10", number="CERT-R2")
    with pytest.raises(NotPossible) as refused:
        events.annul(new, act(city))
    (refusal,) = refused.value.refusals
    assert refusal.code == "followed"
    assert "CERT-R2" in refusal.message
    assert "CERT-R2" in refusal.remedy
    for each in (last, new):
        events.annul(each, act(city))
    assert stands(row) == "valid"
    sound()


@pytest.mark.parametrize(
    ("how", "before"), [("survey", ()), ("suspend", ()), ("restore", ("suspend",)), ("withdraw", ()), ("surrender", ())]
)
def test_an_event_recorded_in_error_falls_away_and_is_recorded_anew(city, how, before):
    row = make.certificate()
    for name in before:
        getattr(events, name)(row, act(city, "2026-06-01"))
    was, due = stands(row), state_of(again(row), on=TODAY).due_on
    wrong = getattr(events, how)(row, act(city, "2026-07-01"))
    made = events.correct(row, wrong.ledger_number, act(city))
    assert (stands(row), state_of(again(row), on=TODAY).due_on, ending(row)) == (was, due, ("", None))
    assert made.corrects == wrong
    sound()
    right = getattr(events, how)(row, act(city, "2026-07-01"))
    assert right.pk != wrong.pk
    sound()


def test_a_conversion_recorded_in_error_gives_the_edition_back(city):
    row = make.certificate(edition="GB/T 29490-2013", applied_on="2024-10-01")
    wrong = events.convert(row, "GB/T 29490-2023", act(city))
    events.correct(row, wrong.ledger_number, act(city))
    found = state_of(again(row), on=TODAY)
    assert (found.edition, found.is_unconverted) == ("GB/T 29490-2013", True)


def test_what_a_correction_is_refused_for(city):
    row, other = make.certificate(), make.certificate()
    first = events.suspend(row, act(city, "2026-06-01"))
    events.restore(row, act(city, "2026-07-01"))
    elsewhere = events.suspend(other, act(city, "2026-06-01"))
    new = renewed(city, row)
    renewal = row.events.get(kind="renew")
    annulment = events.annul(other, act(city))
    cases = [
        (row, first.ledger_number, "later_event"),
        (row, elsewhere.ledger_number, "event_unknown"),
        (row, None, "event_unknown"),
        (row, renewal.ledger_number, "renewed"),
        (other, annulment.ledger_number, "not_possible"),
    ]
    before = LedgerEntry.objects.count()
    for of, number, code in cases:
        with pytest.raises(Refused) as refused:
            events.correct(of, number, act(city))
        assert [each.code for each in refused.value.refusals] == [code]
        assert refused.value.refusals[0].remedy
    for wrong, code in ((Act(D("2026-11-21"), "x", city, make.NOW), "event_day"),
                        (Act(TODAY, " ", city, make.NOW), "reason_missing")):  # fmt: skip
        for service in (lambda said: events.annul(new, said), lambda said: events.correct(row, first.pk, said)):
            with pytest.raises(Refused) as refused:
                service(wrong)
            assert [each.code for each in refused.value.refusals] == [code]
    assert LedgerEntry.objects.count() == before


def test_a_corrected_event_is_not_corrected_twice(city):
    row = make.certificate()
    wrong = events.suspend(row, act(city, "2026-06-01"))
    events.correct(row, wrong.ledger_number, act(city))
    with pytest.raises(Refused) as refused:
        events.correct(row, wrong.ledger_number, act(city))
    assert [each.code for each in refused.value.refusals] == ["event_unknown"]


def test_a_withdrawal_heard_of_after_the_last_day_takes_the_place_of_the_expiry(city):
    row = make.certificate(**OLD)
    expire_certificates(at=make.NOW)
    events.withdraw(row, act(city, "2026-10-31"))
    assert (stands(row), ending(row)) == ("withdrawn", ("revoked", D("2026-10-31")))
    sound()
    assert expire_certificates(at=make.NOW) == 0


def test_people_are_told_that_the_achievement_stands_again(city):
    qiye = make.applicant()
    row = make.certificate(qiye.enterprise)
    new = renewed(city, row)
    later = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    events.annul(new, act(city, at=later))
    while tell(at=later):
        pass
    kinds = list(Message.objects.filter(recipient=qiye).order_by("pk").values_list("kind", flat=True))
    assert kinds[-1] == "achievement.reinstated"


def test_somebody_elses_correction_meanwhile_is_stale(city, monkeypatch):
    row = make.certificate()
    wrong = events.suspend(row, act(city, "2026-06-01"))

    def late(*args, **options):
        raise IntegrityError

    monkeypatch.setattr(certificate_corrections, "write", late)
    for service in (lambda: events.annul(row, act(city)), lambda: events.correct(row, wrong.ledger_number, act(city))):
        with pytest.raises(StaleStage):
            service()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE certification_certificateevent SET is_corrected = FALSE WHERE kind = 'suspend'",
        "UPDATE certification_certificateevent SET is_corrected = TRUE WHERE kind = 'surveillance'",
        "UPDATE certification_achievement SET ended_on = NULL, ended_reason = ''",
    ],
)
def test_a_correction_undone_behind_the_ledger_is_named(city, change):
    row = make.certificate()
    events.survey(row, act(city, "2026-05-01"))
    for name in ("suspend", "withdraw"):
        wrong = getattr(events, name)(row, act(city, "2026-06-01"))
        events.correct(row, wrong.ledger_number, act(city))
    events.withdraw(row, act(city, "2026-06-02"))
    assert list(fact_faults(limit=3)) == []
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert list(fact_faults(limit=3))


def test_the_database_holds_to_one_follower_one_ending_and_one_annulment(city):
    row = make.certificate()
    new = renewed(city, row)
    rival = make.certificate(row.enterprise, issued_on="2026-11-05", expires_on="2029-11-04")
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=rival.pk).update(replaces=row)
    wrong = events.suspend(new, act(city, "2026-11-02"))
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateEvent.objects.filter(pk=wrong.pk).update(kind="correct")
