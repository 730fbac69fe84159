"""What the public register says of certificates: number, body, scope, edition, days, how they stand today; no more."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.models import Document
from certification.services.certificate_events import Act, annul, suspend
from certification.services.document_events import happen
from tests import factories as make

from .visiting import visitor, words

pytestmark = pytest.mark.django_db
DAY = make.NOW.date()


@pytest.fixture(autouse=True)
def the_day(time_machine):
    time_machine.move_to(make.NOW, tick=False)


@pytest.fixture
def city():
    return make.account("city_reviewer")


@pytest.fixture
def paper():
    own, staff = make.applicant(), make.reviewers()
    make.achievement(own.enterprise, "guanbiao.cultivation", DAY - timedelta(days=400))
    row = make.approved(own, staff, stage="guanbiao.implementation")
    return Document.objects.select_related("application__enterprise").get(application=row, kind="certificate")


def file_of(enterprise):
    return words(Client().get(f"/enterprises/{enterprise.uscc}/"))


def linked(enterprise):
    said = json.loads(Client().get(f"/enterprises/{enterprise.uscc}/linked-data/").content)
    return {each.get("certificationIdentification"): each for each in said["hasCertification"]}


def standing_of(said):
    return next(each["value"] for each in said["identifier"] if each["propertyID"] == "standing")


def test_a_bodys_certificate_is_shown_with_its_public_facts_as_it_stands(city):
    row = make.certificate()
    shown = file_of(row.enterprise)
    for said in (row.number, row.body.name, row.scope_management, row.scope_links, row.edition, "2028-01-09", "有效"):
        assert said in shown
    assert row.holder_address not in shown
    suspend(row, Act(date(2025, 6, 1), "认证机构通知〔2025〕1 号", city, make.NOW))
    shown = file_of(row.enterprise)
    assert "暂停" in shown
    assert "自 2025-06-01 起" in shown
    assert "认证机构通知" not in shown
    said = linked(row.enterprise)[row.number]
    assert standing_of(said) == "suspended"
    assert said["certificationStatus"].endswith("CertificationInactive")
    assert (said["issuedBy"]["name"], said["validFrom"], said["expires"]) == (row.body.name, "2025-01-10", "2028-01-09")


def test_what_was_recorded_in_error_is_not_shown(city):
    row = make.certificate()
    annul(row, Act(date(2025, 6, 1), "录入错误", city, make.NOW))
    assert row.number not in file_of(row.enterprise)
    assert row.number not in linked(row.enterprise)


@pytest.mark.parametrize("event", ["suspended", "revoked", "superseded"])
def test_the_bureaus_certificate_stands_as_a_verification_says(paper, city, event):
    there = paper.application.enterprise
    happen(paper, event, ground="依据第一条", actor=city, at=make.NOW)
    word = {"suspended": "已暂停", "revoked": "已撤销", "superseded": "已换发"}[event]
    for shown in (file_of(there), words(Client().get(f"/verify/{paper.code}/"))):
        assert word in shown
        assert "依据第一条" not in shown
    assert standing_of(linked(there)[paper.number]) == event
    assert paper.code not in Client().get(f"/enterprises/{there.uscc}/").content.decode()


def test_letters_are_between_the_enterprise_and_the_bureau(paper):
    shown = file_of(paper.application.enterprise)
    letters = paper.application.documents.exclude(kind="certificate")
    assert letters
    assert not any(letter.number in shown for letter in letters)


def test_the_page_of_one_certificate_is_for_those_in_scope(paper):
    theirs = make.certificate(paper.application.enterprise)
    for number in (theirs.number, paper.number):
        for part in ("", "pdf/"):
            path = f"/certificates/{number}/{part}"
            answer = Client().get(path)
            assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")
        assert visitor(make.applicant()).get(f"/certificates/{number}/").status_code == 404


def test_a_file_asks_as_much_for_one_certificate_as_for_many(paper, city):
    there, by = paper.application.enterprise, make.body()

    def asked():
        with CaptureQueriesContext(connection) as caught:
            Client().get(f"/enterprises/{there.uscc}/")
        return len(caught)

    make.certificate(there, body=by)
    asked()
    few = asked()
    for month in (2, 3, 4):
        make.certificate(there, body=by, issued_on=f"2025-{month:02d}-10")
    happen(paper, "superseded", ground="更名", actor=city, at=make.NOW)
    assert asked() == few
