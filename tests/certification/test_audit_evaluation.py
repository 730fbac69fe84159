"""What is altered with SQL around notices, certificates and papers is named: whose, by whom, when, on what ground."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from certification.audit import fact_faults
from certification.models import (
    CertificateEvent,
    CertificateFile,
    Document,
    Evaluation,
    LookupCheck,
    NoticeLine,
    PublicNotice,
)
from certification.models.certificate import Certificate
from certification.services.certificate_events import Act, suspend
from certification.services.certificate_files import file_scan
from certification.services.public_notices import publish_results
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
ANOTHER_DAY = make.NOW - timedelta(days=3)


def named() -> list[int]:
    return [fault.number for fault in fact_faults(limit=9)]


@pytest.fixture
def certificate():
    row = make.certificate()
    city = make.account("city_reviewer")
    suspend(row, Act(date(2025, 12, 1), "认证机构通知〔2025〕1 号", city, make.NOW))
    make.lookup(row)
    file_scan(row, ContentFile(make.PDF, "证书.pdf"), actor=city, at=make.NOW)
    assert named() == []
    return row


def test_a_certificate_given_to_another_enterprise_or_day_is_named(certificate):
    mine = certificate.enterprise
    Certificate.objects.update(enterprise=make.enterprise())
    assert certificate.ledger_number in named()
    Certificate.objects.update(enterprise=mine, recorded_at=ANOTHER_DAY)
    assert named() == [certificate.ledger_number]


@pytest.mark.parametrize("model", [CertificateEvent, CertificateFile])
def test_an_event_or_a_file_of_another_person_or_moment_is_named(certificate, model):
    row = model.objects.order_by("ledger_number").first()
    who, when = ("actor", "at") if model is CertificateEvent else ("uploaded_by", "uploaded_at")
    model.objects.filter(pk=row.pk).update(**{who: make.account("city_reviewer")})
    assert row.ledger_number in named()
    model.objects.filter(pk=row.pk).update(**{who: getattr(row, who), when: ANOTHER_DAY})
    assert row.ledger_number in named()


@pytest.mark.parametrize("column", ["actor", "at", "certificate"])
def test_a_look_up_of_another_person_moment_or_certificate_is_named(certificate, column):
    other = {"actor": lambda: make.account("city_reviewer"), "at": lambda: ANOTHER_DAY, "certificate": make.certificate}
    LookupCheck.objects.update(**{column: other[column]()})
    assert named() == [LookupCheck.objects.get().screenshot.ledger_number]


def test_a_notice_with_a_result_of_somebody_else_is_named():
    staff = make.reviewers()
    city = staff["city"]
    for _ in range(3):
        panels.expert(city)
    held = panels.batch(city)
    good, bad = (panels.sent(panels.ready(), staff) for _ in range(2))
    panels.drawn(held, city)
    for row in Evaluation.objects.select_related("application__batch__sheet", "expert"):
        panels.score(row, "0.9" if row.application_id == good.pk else "0.2")
    notice = publish_results(held, actor=city, at=panels.LATER)
    assert named() == []
    passed, failed = NoticeLine.objects.order_by("application_id")
    results = passed.result_id, failed.result_id
    NoticeLine.objects.filter(pk=failed.pk).delete()
    NoticeLine.objects.filter(pk=passed.pk).update(result=results[1])
    NoticeLine.objects.create(pk=failed.pk, notice=notice, application=bad, result_id=results[0])
    assert named() == [notice.ledger_number]
    NoticeLine.objects.filter(pk=failed.pk).delete()
    NoticeLine.objects.filter(pk=passed.pk).update(result=results[0])
    NoticeLine.objects.create(pk=failed.pk, notice=notice, application=bad, result_id=results[1])
    PublicNotice.objects.update(ledger_number=1)
    assert named() == [1]


@pytest.mark.parametrize("column", ["decision", "achievement"])
def test_a_paper_that_rests_on_somebody_elses_decision_is_named(column):
    staff = make.reviewers()
    people = [make.applicant() for _ in range(2)]
    for person in people:
        make.achievement(person.enterprise, "guanbiao.cultivation", date(2026, 1, 5))
    mine, other = (make.approved(person, staff, stage="guanbiao.implementation") for person in people)
    papers = Document.objects.filter(application=mine, kind="certificate")
    assert papers.exists()
    assert named() == []
    ground = Document.objects.get(application=other, kind="certificate")
    papers.update(**{column: getattr(ground, f"{column}_id")})
    assert named() == [papers.get().ledger_number]
    if column == "achievement":
        papers.update(achievement=None)
        assert named() == [papers.get().ledger_number]
