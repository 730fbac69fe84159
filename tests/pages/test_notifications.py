"""A person's messages: the bell counts them, the list words them, opening one has read it; nobody sees another's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.models import Message, MessageWording
from certification.notices.inbox import unread_count
from certification.notices.outbox import tell
from certification.services.door import Remark
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories as make
from tests.factories import NOW
from tests.scene import make_scene

from .visiting import visitor, words

pytestmark = pytest.mark.django_db
LIST = "/notifications/"


@pytest.fixture
def qiye() -> Account:
    return make.applicant()


def messages(account: Account, count: int = 1, **columns: object) -> list[Message]:
    begun = Message.objects.count()
    return [
        Message.objects.create(
            recipient=account,
            source=f"job:{begun + number}",
            created_at=NOW,
            **{"kind": "job.done", "params": {"job": "recount"}, **columns},
        )
        for number in range(count)
    ]


def returned(qiye: Account) -> Message:
    staff = make.reviewers()
    row = make.step(make.filled(qiye), "submit", qiye)
    make.step(row, "return", staff["township"], remark=Remark("请补正"))
    tell(at=NOW)
    return qiye.messages.get()


def test_the_bell_counts_what_is_unread(qiye: Account) -> None:
    client = visitor(qiye)
    assert "条未读" not in words(client.get("/"))
    messages(qiye, 3)
    assert "3 条未读" in words(client.get("/"))
    messages(qiye, 100)
    assert "99+ 条未读" in words(client.get("/"))
    assert unread_count(qiye) == 100
    assert 'class="bell"' not in Client().get("/").content.decode()


def test_a_message_reads_in_the_readers_language_and_leads_to_its_page(qiye: Account) -> None:
    message = returned(qiye)
    client, number = visitor(qiye), message.about.partition(":")[2]
    shown = words(client.get(LIST))
    assert "您的“入库培育”申报需要补正" in shown
    assert f"申报 {number} 已由乡镇（街道）一次性告知补正事项" in shown
    client.cookies["django_language"] = "en"
    assert "Your application for “Cultivation” needs correction" in words(client.get(LIST))
    assert client.head(f"{LIST}{message.pk}/").status_code == 302
    assert unread_count(qiye) == 1
    answer = client.get(f"{LIST}{message.pk}/")
    assert answer["Location"] == f"/applications/{number}/"
    assert unread_count(qiye) == 0


def test_what_is_out_of_sight_is_not_named_any_more() -> None:
    """Whoever has moved on to another post keeps the message, not the name."""
    scene = make_scene()
    town, name = scene.callers["town"], scene.application.enterprise.name
    assert name in words(visitor(town).get(LIST))
    town.role, town.scope_kind, town.township = Role.EXPERT, "none", None
    town.save()
    client = visitor(town)
    shown = words(client.get(LIST))
    assert name not in shown
    assert "（不在您的查看范围内）" in shown
    assert client.get(f"{LIST}{scene.message.pk}/")["Location"] == LIST


def test_marking_one_and_all_as_read(qiye: Account) -> None:
    first, *_ = messages(qiye, 3)
    [foreign] = messages(make.applicant())
    client = visitor(qiye)
    assert client.post(f"{LIST}{first.pk}/read/", {"show": "unread"})["Location"] == f"{LIST}?show=unread"
    assert unread_count(qiye) == 2
    assert "已将全部通知标为已读" in words(client.post(f"{LIST}read/", follow=True))
    assert unread_count(qiye) == 0
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert client.post(f"{LIST}{foreign.pk}/read/").status_code == 404
    first.refresh_from_db()
    when = first.read_at
    client.post(f"{LIST}{first.pk}/read/")
    first.refresh_from_db()
    assert first.read_at == when


def test_unread_only_and_turning_pages(qiye: Account) -> None:
    rows = messages(qiye, 45)
    Message.objects.filter(pk__in=[row.pk for row in rows[:20]]).update(read_at=NOW)
    client = visitor(qiye)
    assert client.get(LIST).content.decode().count("任务“全部指标复核”已完成</a>") == 20
    unread = client.get(f"{LIST}?show=unread").context["page"]
    assert unread.after
    last = client.get(f"{LIST}?show=unread&after={unread.after}").context["letters"]
    assert len(last) == 5
    assert client.get(f"{LIST}?after=x&before=99999999999999999999&show=nothing").status_code == 200


def test_there_is_nothing_yet(qiye: Account) -> None:
    assert "还没有通知" in words(visitor(qiye).get(LIST))
    messages(qiye, read_at=NOW + timedelta(minutes=1))
    assert "没有未读通知" in words(visitor(qiye).get(f"{LIST}?show=unread"))


def test_names_are_escaped_and_a_missing_wording_is_no_error(qiye: Account) -> None:
    message = returned(qiye)
    MessageWording.objects.filter(pk=message.kind).update(subject_zh="<b>{enterprise}", body_zh="")
    qiye.enterprise.name = "<script>常州"
    qiye.enterprise.save()
    client = visitor(qiye)
    assert "&lt;b&gt;&lt;script&gt;常州" in client.get(LIST).content.decode()
    MessageWording.objects.all().delete()
    assert "申报限期补正" in words(client.get(LIST))


def test_the_list_asks_the_same_for_one_message_and_for_many(qiye: Account) -> None:
    client = visitor(qiye)
    message = returned(qiye)
    client.get(LIST)  # as a process that has met the page before
    counts = []
    for number in range(3):
        columns = {"kind": message.kind, "about": message.about, "params": message.params}
        messages(qiye, 6 * number, **columns)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        counts.append(len(caught))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 7
