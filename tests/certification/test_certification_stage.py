"""The stage 国家认证: what is submitted is judged as a recorded certificate is, and holds from its day of issue."""

from datetime import date

import pytest

from certification.audit import fact_faults
from certification.errors import Refused
from certification.models import Certificate, StageRule
from certification.reference import load_rulebooks
from certification.services.applications import save_draft
from certification.services.certificate_files import scan_of
from certification.services.rulebook_changes import keep_stage_rule
from enterprises.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
STAGE = "guanbiao.certification"


@pytest.fixture(autouse=True)
def any_system(db):
    """Without a menu there is nothing that the rounds would have to cover first (test_rounds has that)."""
    city = make.account(Role.CITY_REVIEWER)
    for rule in StageRule.objects.filter(stage=STAGE):
        rule.edition = None
        keep_stage_rule(rule, actor=city, at=make.NOW)


@pytest.fixture
def qiye():
    make.body(name="示例认证有限公司")
    return make.applicant()


def test_approval_makes_certificate_and_achievement_of_the_day_of_issue(qiye):
    row = make.approved(qiye, make.reviewers(), stage=STAGE)
    certificate = Certificate.objects.get()
    fact = certificate.achievement
    assert (certificate.number, certificate.enterprise) == ("CERT-SQ-01", qiye.enterprise)
    assert (fact.application, fact.effective_on, fact.certificate_number) == (row, date(2025, 1, 10), "CERT-SQ-01")
    assert (scan_of(certificate).application, scan_of(certificate).requirement) == (row, "certificate_scan")
    assert list(fact_faults(limit=3)) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"edition": "GB/T 29490-2013", "applied_on": "2025-01-01"}, "edition_closed"),
        ({"system_since": "2024-12-01"}, "system_too_young"),
        ({"expires_on": "2025-01-01"}, "expires_before_issue"),
        ({"body": "无名认证"}, "body_unknown"),
    ],
)
def test_what_cannot_be_is_not_submitted(qiye, said, code):
    row = save_draft(make.filled(qiye, stage=STAGE), fields=said, actor=qiye, at=make.NOW)
    with pytest.raises(Refused) as refused:
        make.step(row, "submit", qiye)
    assert [refusal.code for refusal in refused.value.refusals] == [code]


def test_a_number_recorded_meanwhile_stands_against_the_approval(qiye):
    staff = make.reviewers()
    row = make.step(make.filled(qiye, stage=STAGE), "submit", qiye)
    for level in ("township", "district"):
        row = make.step(make.step(row, "accept", staff[level]), "recommend", staff[level])
    row = make.step(row, "accept", staff["city"])
    make.certificate(number="CERT-SQ-01", body=make.Organisation.objects.get(name="示例认证有限公司"))
    with pytest.raises(Refused) as refused:
        make.step(row, "approve", staff["city"])
    assert [refusal.code for refusal in refused.value.refusals] == ["number_used"]


def test_a_stage_that_came_later_is_added_to_rulebooks_that_are_not_frozen(qiye):
    before = StageRule.objects.filter(stage=STAGE).count()
    StageRule.objects.filter(stage=STAGE).delete()
    load_rulebooks(at=make.NOW)
    assert StageRule.objects.filter(stage=STAGE).count() == before == 2
    assert list(fact_faults(limit=3)) == []
