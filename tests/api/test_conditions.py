"""ETag and If-Match: a stale change is 412 and nothing changes; a race without a condition is 409."""

import pytest

from certification.errors import Refusal, StaleStage
from certification.models import Application
from enterprises.models import Enterprise, EnterpriseChange
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories

from .asking import V1, act, codes, get, patch
from .conftest import As

pytestmark = pytest.mark.django_db


def test_change_of_what_was_read_is_made_and_has_a_new_etag(as_: As) -> None:
    applicant = factories.applicant()
    client, path = as_(applicant), f"enterprises/{applicant.enterprise.uscc}/"
    tag = client.get(f"{V1}/{path}")["ETag"]
    assert tag == '"1"'
    body = {"industry": "C3979"}
    answer = client.patch(f"{V1}/{path}", body, format="json", headers={"If-Match": tag})
    assert (answer.status_code, answer["ETag"], answer.json()["version"]) == (200, '"2"', 2)


@pytest.mark.parametrize("tag", ['"0"', '"2"', "nonsense", 'W/"1"', '"v1"', ""])
def test_stale_change_of_an_enterprise_is_412_and_nothing_changes(as_: As, tag: str) -> None:
    applicant = factories.applicant()
    entries = LedgerEntry.objects.count()
    body = {"industry": "C3979", "name": "常州新名有限公司"}
    problem = patch(as_(applicant), f"enterprises/{applicant.enterprise.uscc}/", body, 412, **{"If-Match": tag})
    assert codes(problem) == {"stale"}
    assert Enterprise.objects.get().industry == ""
    assert LedgerEntry.objects.count() == entries
    assert not EnterpriseChange.objects.exists()


@pytest.mark.parametrize("tag", ["*", '"7", "1"'])
def test_any_fitting_tag_is_enough(as_: As, tag: str) -> None:
    applicant = factories.applicant()
    path = f"enterprises/{applicant.enterprise.uscc}/"
    assert patch(as_(applicant), path, {"industry": "C3979"}, **{"If-Match": tag})["version"] == 2


def test_stale_draft_is_412_and_keeps_what_was_there(as_: As) -> None:
    applicant = factories.applicant()
    client, row = as_(applicant), factories.draft(applicant)
    path = f"applications/{row.number}/"
    tag = client.get(f"{V1}/{path}")["ETag"]
    patch(client, path, {"fields": {"employees": 5}}, **{"If-Match": tag})
    patch(client, path, {"fields": {"employees": 6}}, 412, **{"If-Match": tag})
    assert get(client, path)["fields"] == {"employees": 5}


def test_decision_on_a_stale_page_is_412(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    client = as_(staff["township"])
    tag = client.get(f"{V1}/applications/{row.number}/")["ETag"]
    answer = client.post(
        f"{V1}/applications/{row.number}/actions/", {"action": "accept"}, format="json", headers={"If-Match": tag}
    )
    assert answer.status_code == 200
    assert answer["ETag"] != tag
    stale = client.post(
        f"{V1}/applications/{row.number}/actions/", {"action": "recommend"}, format="json", headers={"If-Match": tag}
    )
    assert stale.status_code == 412
    assert Application.objects.get().status == "accepted"


def test_second_of_two_decisions_without_a_condition_is_409(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    client = as_(staff["township"])
    act(client, row.number, "accept")
    assert codes(act(client, row.number, "accept", 409)) == {"not_possible"}


def test_race_lost_inside_the_door_is_409_and_with_a_condition_412(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)

    def lost(*args: object, **kwargs: object) -> None:
        raise StaleStage([Refusal("stale", "该申报已被他人处理")])

    monkeypatch.setattr("api.views.applications.move", lost)
    client = as_(staff["township"])
    act(client, row.number, "accept", 409)
    path = f"{V1}/applications/{row.number}/actions/"
    tag = client.get(f"{V1}/applications/{row.number}/")["ETag"]
    assert client.post(path, {"action": "accept"}, format="json", headers={"If-Match": tag}).status_code == 412


def test_city_registration_carries_location_and_etag(as_: As) -> None:
    client = as_(factories.account(Role.CITY_REVIEWER))
    body = {"uscc": factories.credit_code(), "name": "常州星河有限公司", "township": factories.TOWN}
    answer = client.post(f"{V1}/enterprises/", body, format="json")
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    assert client.get(answer["Location"]).json()["uscc"] == body["uscc"]
