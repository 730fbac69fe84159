"""Saved filters: kept from a list, shown on it, the default applied, nobody else's."""

from typing import Any

import pytest

from certification.errors import Refused
from certification.models import SavedFilter
from certification.services.filters import change_filter, save_filter
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories as make
from tests.api.asking import client_of, codes, patch, post
from tests.api.asking import get as asked
from tests.pages.visiting import visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Account:
    return make.account(Role.TOWNSHIP_REVIEWER)


def keep(account: Account, name: str = "超期", query: Any = None, of: str = "reviews", **more: Any) -> SavedFilter:
    return save_filter(account, of, name, query or {"overdue": "on"}, at=make.NOW, **more)


def test_a_filter_is_kept_from_the_list_and_shown_on_it(town: Account) -> None:
    client = visitor(town)
    sent = {"list": "reviews", "query": "queue=reviewing&overdue=on&page=3&stage=", "name": "本周要办"}
    answer = client.post("/filters/", sent)
    assert answer.status_code == 302
    assert SavedFilter.objects.get().query == {"queue": "reviewing", "overdue": "on"}
    page = client.get(answer["Location"])
    assert 'aria-current="true" href="/reviews/?queue=reviewing&amp;overdue=on"' in page.content.decode()
    assert "本周要办" in words(page)
    assert "本周要办" not in words(visitor(make.account(Role.TOWNSHIP_REVIEWER)).get("/reviews/"))


def test_the_default_is_where_the_list_opens(town: Account) -> None:
    client = visitor(town)
    first, second = keep(town, is_default=True), keep(town, "其他", {"queue": "closed"}, is_default=True)
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    assert client.get("/reviews/")["Location"] == "/reviews/?queue=closed"
    assert client.get("/reviews/?queue=pending").status_code == 200
    client.post(f"/filters/{second.pk}/", {"action": "plain"})
    assert client.get("/reviews/").status_code == 200
    keep(town, "高企", {"is_high_tech": "1"}, "enterprises", is_default=True)
    assert client.get("/enterprises/")["Location"] == "/enterprises/?is_high_tech=1"


def test_a_filter_is_renamed_and_removed(town: Account) -> None:
    client, row = visitor(town), keep(town)
    assert client.post(f"/filters/{row.pk}/", {"action": "rename", "name": "逾期件"}).status_code == 302
    assert "逾期件" in words(client.get("/filters/"))
    assert client.post(f"/filters/{row.pk}/", {"action": "rename", "name": " "}).status_code == 400
    assert client.post(f"/filters/{row.pk}/", {"action": "x"}).status_code == 400
    assert client.post(f"/filters/{row.pk}/", {"action": "remove"}).status_code == 302
    assert not SavedFilter.objects.exists()


def test_somebody_elses_is_as_absent(town: Account) -> None:
    row, other = keep(town), make.account(Role.TOWNSHIP_REVIEWER)
    there = visitor(other).post(f"/filters/{row.pk}/", {"action": "remove"})
    nowhere = visitor(other).post("/filters/999999/", {"action": "remove"})
    assert (there.status_code, words(there)) == (404, words(nowhere))
    client = client_of(other)
    hidden = patch(client, f"saved-filters/{row.pk}/", {"name": "x"}, 404)
    assert hidden == patch(client, "saved-filters/999999/", {"name": "x"}, 404)
    assert asked(client, "saved-filters/")["results"] == []


WRONG: list[dict[str, Any]] = [
    {"secret": "1"},
    {"stage": "x"},
    {"queue": "x"},
    {"overdue": "yes"},
    {"q": "x" * 61},
    {"q": "a\x00b"},
    {"page": "2"},
    {"q": 1},
    {"search": "x"},
]


@pytest.mark.parametrize("query", WRONG)
def test_parameters_that_the_list_does_not_read_are_refused(town: Account, query: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        keep(town, "x", query)
    row = keep(town)
    with pytest.raises(Refused):
        change_filter(row, query=query)
    assert SavedFilter.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 31, "a\u202eb"])
def test_a_name_that_cannot_be_is_told(town: Account, name: str) -> None:
    answer = visitor(town).post("/filters/", {"list": "reviews", "query": "", "name": name})
    assert answer.status_code == 400
    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once_and_their_number_is_limited(town: Account, settings: Any) -> None:
    settings.SAVED_FILTERS_MAX = 2
    keep(town)
    client = client_of(town)
    new = {"list": "reviews", "name": "超期", "query": {"queue": "closed"}}
    assert codes(post(client, "saved-filters/", new, 409)) == {"name_taken"}
    post(client, "saved-filters/", new | {"name": "办结"})
    assert codes(post(client, "saved-filters/", new | {"name": "第三"}, 400)) == {"too_many"}
    assert SavedFilter.objects.count() == 2
    keep(make.account(Role.TOWNSHIP_REVIEWER))  # another's are not counted
    keep(town, "高企", {"is_high_tech": "1"}, "enterprises")


def test_over_the_api_a_filter_is_kept_changed_and_removed(town: Account) -> None:
    client = client_of(town)
    made = post(client, "saved-filters/", {"list": "reviews", "name": "超期", "query": {"overdue": "on"}})
    path = f"saved-filters/{made['id']}/"
    changed = patch(client, path, {"name": "逾期", "is_default": True})
    assert (changed["name"], changed["is_default"], changed["query"]) == ("逾期", True, {"overdue": "on"})
    assert codes(patch(client, path, {"query": {"hidden": "1"}}, 400)) == {"unknown_parameter"}
    patch(client, path, {"owner": 1}, 400)
    assert [each["name"] for each in asked(client, "saved-filters/")["results"]] == ["逾期"]
    assert client.delete(f"/api/v1/{path}").status_code == 204
    assert not SavedFilter.objects.exists()


def test_lists_of_others_and_applicants(town: Account) -> None:
    monitor = client_of(make.account(Role.MONITOR))
    post(monitor, "saved-filters/", {"list": "reviews", "name": "x", "query": {}}, 403)
    post(monitor, "saved-filters/", {"list": "enterprises", "name": "x", "query": {"search": "机械"}})
    applicant = make.applicant()
    assert visitor(applicant).get("/filters/").status_code == 403
    assert "保存当前筛选" not in words(visitor(applicant).get("/enterprises/?search=机械"))
    assert "保存当前筛选" in words(visitor(town).get("/enterprises/?search=机械"))
