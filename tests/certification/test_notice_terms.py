"""What public notices say besides their lines: basis and phones, as data of the city."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from certification.audit import fact_faults
from certification.errors import NotAllowed, Refused
from certification.models import Application, Batch, NoticeTerms, PublicNotice
from certification.services.notice_terms import keep_notice_terms
from certification.services.public_notices import publish_results
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> dict[str, Account]:
    return make.reviewers()


@pytest.fixture
def scored(staff: dict[str, Account]) -> Batch:
    for _ in range(3):
        panels.expert(staff["city"])
    panels.batch(staff["city"])
    return panels.scored(panels.sent(panels.ready(), staff), staff["city"])


def set_to(city: Account, **values: Any) -> NoticeTerms:
    row = NoticeTerms.objects.get(pk=panels.STAGE)
    for name, value in values.items():
        setattr(row, name, value)
    return keep_notice_terms(row, actor=city, at=make.NOW)


def test_a_notice_says_what_was_set_that_day_and_keeps_it(scored: Batch, staff: dict[str, Account]) -> None:
    said = {"basis": "常知发〔2026〕1 号", "phone": "0519-85680001", "supervision_phone": "0519-85680002"}
    set_to(staff["city"], **said)
    notice = publish_results(scored, actor=staff["city"], at=panels.LATER)
    set_to(staff["city"], phone="0519-85680009", basis="")
    assert list(fact_faults(limit=3)) == []
    page = Client().get(reverse("notice", args=[notice.number])).content.decode()
    for text in (*said.values(), "监督电话", f"（{scored.notice_days} 个工作日）"):
        assert text in page
    assert "0519-85680009" not in page
    answered = Client().get(f"/api/v1/notices/{notice.number}/").json()
    assert {name: answered[name] for name in said} == said
    assert answered["notice_days"] == scored.notice_days


def test_the_basis_is_that_of_the_rule_where_none_is_set(scored: Batch, staff: dict[str, Account]) -> None:
    notice = publish_results(scored, actor=staff["city"], at=panels.LATER)
    rule = Application.objects.get().rule
    assert rule
    assert notice.basis == rule.basis != ""


def test_without_the_phones_that_it_must_carry_nothing_is_published(scored: Batch, staff: dict[str, Account]) -> None:
    NoticeTerms.objects.update(supervision_phone="")
    with pytest.raises(Refused) as refused:
        publish_results(scored, actor=staff["city"], at=panels.LATER)
    (refusal,) = refused.value.refusals
    assert refusal.code == "notice_phone_missing"
    assert "监督电话" in refusal.message
    assert "公示事项" in refusal.remedy
    assert not PublicNotice.objects.exists()
    NoticeTerms.objects.update(phones_required=False)
    assert publish_results(scored, actor=staff["city"], at=panels.LATER).supervision_phone == ""


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"phone": ""}, "phone_missing"),
        ({"phone": "无"}, "phone_form"),
        ({"phone": "0519-1", "supervision_phone": " 0519-1 "}, "phone_not_separate"),
    ],
)
def test_what_is_no_phone_of_its_own_is_refused(values: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        set_to(make.account(Role.CITY_REVIEWER), **values)
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    with pytest.raises(NotAllowed):
        set_to(make.account(Role.MONITOR))


@pytest.mark.parametrize("column", ["basis", "phone", "supervision_phone"])
def test_a_notice_or_terms_changed_past_the_services_are_found(
    scored: Batch, staff: dict[str, Account], column: str
) -> None:
    publish_results(scored, actor=staff["city"], at=panels.LATER)
    PublicNotice.objects.update(**{column: "0"})
    assert len(list(fact_faults(limit=3))) == 1
    NoticeTerms.objects.filter(pk=panels.STAGE).update(**{column: "0"})
    assert len(list(fact_faults(limit=3))) == 2
