"""Credit in the terms of a ranked batch: asked at submission and again at the grant, with source, day and remedy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from certification.errors import Refused
from certification.models import Achievement, Application
from certification.selection.eligibility import Asked, Kind
from certification.services.door import obstacles
from certification.services.public_notices import publish_results, recognise
from certification.services.sealing import seal
from tests import factories as make
from tests import facts, panels, ranked
from tests.ranked import RULES

pytestmark = pytest.mark.django_db
BOTH = ("credit_china", "market_regulator")
TERMS = replace(RULES, eligibility=(*RULES.eligibility, Asked(Kind.CREDIT, basis="公告第三条")))
OVER = make.NOW + timedelta(days=30)
ON = make.NOW.date() - timedelta(9)


@pytest.fixture
def staff():
    return make.reviewers()


def clear(person, *, of=BOTH, **said):
    for source in of:
        facts.check(person.enterprise, source=source, **{"checked_on": ON, **said})


def barring(person):
    """What bars the submission of its application."""
    return obstacles(make.filled(person, stage=ranked.STAGE), "submit", actor=person, at=make.NOW)


def test_without_a_check_of_every_needed_source_nobody_submits(staff):
    ranked.opened(staff["city"], terms=TERMS)
    person = ranked.ready()
    clear(person, of=BOTH[:1])
    (refusal,) = barring(person)
    assert (refusal.code, refusal.rule, refusal.field) == ("not_eligible_credit_check", "公告第三条", "eligibility")
    assert refusal.message == f"{make.NOW.date()} 没有 国家企业信用信息公示系统 的信用核查结果"
    assert "国家企业信用信息公示系统" in refusal.remedy
    assert str(make.NOW.date()) in refusal.remedy
    clear(person, of=BOTH[1:])
    assert make.step(Application.objects.get(), "submit", person).batch.code == "2026-M"


def test_an_expired_check_is_named_with_its_last_day(staff):
    ranked.opened(staff["city"], terms=TERMS)
    person = ranked.ready()
    clear(person)
    facts.check(person.enterprise, source=BOTH[0], checked_on=ON + timedelta(1), valid_until=ON + timedelta(2))
    (refusal,) = barring(person)
    assert refusal.message == f"信用核查（信用中国，{ON + timedelta(1)}）已于 {ON + timedelta(2)} 到期"
    assert "信用中国" in refusal.remedy


def test_an_adverse_check_outweighs_the_others(staff):
    ranked.opened(staff["city"], terms=TERMS)
    person = ranked.ready()
    clear(person)
    facts.check(person.enterprise, source="ip_office", result="adverse", ground="失信名单 1 号", checked_on=ON)
    (refusal,) = barring(person)
    assert refusal.message == f"信用核查（知识产权失信名单，{ON}）有失信记录"
    assert refusal.remedy == f"请修复 知识产权失信名单 于 {ON} 查得的失信记录，修复后申请重新核查"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"result": "adverse", "ground": "罚〔2026〕1号"}, "有失信记录"),
        ({"valid_until": panels.LATER.date()}, f"已于 {panels.LATER.date()} 到期"),
    ],
)
def test_credit_is_asked_again_at_the_grant(staff, said, words):
    batch, rows = ranked.frozen(staff, "0.9", "0.8", terms=TERMS, before=clear)
    seal(batch, ranked.tried(batch, staff["city"]).pk, actor=staff["city"], at=panels.LATER)
    publish_results(batch, actor=staff["city"], at=panels.LATER)
    facts.check(rows[0].enterprise, checked_on=make.NOW.date(), **said)
    with pytest.raises(Refused) as refused:
        recognise(batch, actor=staff["city"], at=OVER)
    (refusal,) = refused.value.refusals
    assert refusal.code == "not_eligible_credit_check"
    assert rows[0].number in refusal.message
    assert f"信用中国，{make.NOW.date()}" in refusal.message
    assert words in refusal.message
    assert "信用中国" in refusal.remedy
    assert not Achievement.objects.filter(stage=ranked.STAGE).exists()
