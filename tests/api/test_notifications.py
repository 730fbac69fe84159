"""Messages over the API: one's own, filtered, in pages, marked as read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.models import Message
from enterprises.models import Account
from tests.factories import NOW
from tests.scene import Scene, make_scene

from .asking import V1, client_of, codes, get, post
from .conftest import As

pytestmark = pytest.mark.django_db
PATH = "notifications/"


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def more(account: Account, count: int, like: Message) -> None:
    said = {"kind": like.kind, "about": like.about, "params": like.params, "created_at": NOW}
    Message.objects.bulk_create(Message(recipient=account, source=f"x:{number}", **said) for number in range(count))


def test_a_message_says_what_and_leads_where(scene: Scene) -> None:
    client, row = client_of(scene.callers["town"]), scene.application
    [said] = get(client, PATH)["results"]
    assert said == {
        "id": scene.message.pk,
        "kind": "application.submitted",
        "kind_display": "新申报待受理",
        "title": f"{row.enterprise.name}提交“入库培育”申报，待受理",
        "text": f"申报 {row.number} 已提交至乡镇（街道），请在承诺时限内办理受理。",
        "about": f"application:{row.number}",
        "page": f"/applications/{row.number}/",
        "created_at": "2026-11-20T10:00:00+08:00",
        "read_at": None,
    }
    english = client.get(f"{V1}/{PATH}", HTTP_ACCEPT_LANGUAGE="en").json()["results"][0]
    assert english["title"] == f"{row.enterprise.name} submitted an application for “Cultivation”"
    for name in ("own", "other town", "city", "auditor"):
        assert get(client_of(scene.callers[name]), PATH)["results"] == []


def test_reading_is_noted_once_and_filters_find_it(scene: Scene) -> None:
    client, town = client_of(scene.callers["town"]), scene.callers["town"]
    assert town is not None
    more(town, 2, scene.message)
    read = post(client, f"{PATH}{scene.message.pk}/read/", {}, 200)
    assert read["read_at"]
    assert post(client, f"{PATH}{scene.message.pk}/read/", {}, 200) == read
    assert len(get(client, f"{PATH}?unread=true")["results"]) == 2
    assert [row["id"] for row in get(client, f"{PATH}?unread=false")["results"]] == [scene.message.pk]
    assert get(client, f"{PATH}?kind=job.done")["results"] == []
    assert post(client, f"{PATH}read/", {}, 200) == {"read": 2}
    assert post(client, f"{PATH}read/", {}, 200) == {"read": 0}
    strange = post(client, f"{PATH}read/", {"all": True}, 400)
    assert codes(strange) == {"unknown_field"}
    assert client.get(f"{V1}/{PATH}?kind=nothing").status_code == 400


def test_nobody_marks_anothers_message(scene: Scene) -> None:
    client = client_of(scene.callers["other town"])
    foreign = post(client, f"{PATH}{scene.message.pk}/read/", {}, 404)
    assert foreign == post(client, f"{PATH}999999999/read/", {}, 404)
    scene.message.refresh_from_db()
    assert scene.message.read_at is None


def test_a_long_page_asks_no_more_than_a_short_one(scene: Scene, as_: As) -> None:
    town = scene.callers["town"]
    assert town is not None
    client = as_(town)
    more(town, 60, scene.message)
    asked = []
    for size in (1, 50):
        with CaptureQueriesContext(connection) as caught:
            assert len(get(client, f"{PATH}?page_size={size}")["results"]) == size
        asked.append(len(caught))
    assert asked == [4, 4]  # the token, the messages, their wordings, their applications
