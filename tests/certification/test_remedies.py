"""What is refused because of how things stand says what may be done instead."""

import pytest

from certification import remedies
from certification.errors import NotPossible
from certification.models import Batch, CertificateEvent, Document
from certification.services import batches, certificate_events, document_events
from certification.services.certificate_acts import Act
from certification.services.door import Remark, move
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
DAY = make.NOW.date()


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def city(staff):
    return staff["city"]


def remedy_of(attempt):
    with pytest.raises(NotPossible) as refused:
        attempt()
    (refusal,) = refused.value.refusals
    assert refusal.code == "not_possible"
    assert "刷新" not in refusal.remedy
    return refusal.remedy


def test_a_certificate_names_what_may_be_recorded(city):
    row = make.certificate()

    def happen(kind, **more):
        return certificate_events.happen(row, kind, Act(DAY, "认证机构通知", city, make.NOW), **more)

    assert remedy_of(lambda: happen("restore")).startswith("现在可以办理：监督审核通过、暂停、撤销")
    happen("annul")
    assert CertificateEvent.objects.get().kind == "annul"
    assert remedy_of(lambda: happen("restore")) == "录入错误的证书不再变更；请照实重新登记"


def test_a_paper_names_what_may_be_done(city, staff):
    person = make.applicant()
    make.step(make.step(make.filled(person), "submit", person), "accept", staff["township"])
    paper = Document.objects.get()

    def happen(event):
        return document_events.happen(paper, event, ground="依据", actor=city, at=make.NOW)

    assert remedy_of(lambda: happen("restored")).startswith("现在可以办理：")
    happen("revoked")
    assert remedy_of(lambda: happen("suspended")) == "该文书不再变更；已换发的，请在新文书上办理"


def test_an_application_names_what_this_person_may_do(staff):
    person = make.applicant()
    row = make.step(make.filled(person), "submit", person)

    def attempt(action, who):
        return lambda: move(row, action, actor=who, at=make.NOW, remark=Remark("理由"))

    assert remedy_of(attempt("approve", staff["township"])) == "现在可以办理：受理、退回补正"
    assert remedy_of(attempt("submit", person)) == "现在可以办理：撤回申报"
    assert remedy_of(attempt("approve", staff["city"])) == "现在由其他人员办理或按批次办理，请等待下一步"
    row = make.step(row, "withdraw", person)
    assert remedy_of(attempt("accept", staff["township"])) == "该申报已经结束；需要时请重新申报"


def test_a_batch_names_the_step_before_or_after(city):
    held = panels.batch(city)
    assert "另行拟定批次" in remedy_of(lambda: batches.cancel_batch(held, comment="理由", actor=city, at=make.NOW))
    assert remedies.of_batch("open", "closed") == "请先截止申报"
    batches.close_batch(held, actor=city, at=make.NOW)
    assert remedy_of(lambda: batches.close_batch(held, actor=city, at=make.NOW)) == "该步已经办过，请接着办理下一步"
    planned = batches.plan_batch(batches.Plan("B", "乙", panels.STAGE, DAY, DAY, panels.SHEET), actor=city, at=make.NOW)
    assert remedy_of(lambda: batches.close_batch(planned, actor=city, at=make.NOW)) == "请先开放申报"
    batches.cancel_batch(planned, comment="理由", actor=city, at=make.NOW)
    assert remedy_of(lambda: batches.open_batch(planned, actor=city, at=make.NOW)) == (
        "该批次不再变更；需要时请另行拟定批次"
    )
    assert Batch.objects.get(code="B").state == "cancelled"


@pytest.mark.parametrize(
    ("status", "said"),
    [("open", "企业提交整改"), ("answered", "审核人员核实"), ("closed", "另行提出"), ("dropped", "另行提出")],
)
def test_a_finding_says_whose_turn_it_is(status, said):
    assert said in remedies.of_finding(status)
