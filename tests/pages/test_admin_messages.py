"""Administration of messages: wordings with their preview, the record of deliveries."""

import pytest
from django.urls import reverse

from certification.configuration import configuration_faults
from certification.models import Delivery, Message, MessageWording
from certification.models.message import DeliveryState
from certification.notices.kinds import KINDS
from certification.notices.wordings import wording_refusals
from enterprises.roles import Role
from ledger.models import LedgerEntry
from ledger.verbs import Verb

from ..factories import NOW, account
from .reading import posted, text_of
from .world import sign_in

pytestmark = pytest.mark.django_db
KIND = "application.returned"


def address(kind=KIND):
    return reverse("admin:certification_messagewording_change", args=[kind])


def preview(kind=KIND):
    return reverse("admin:certification_messagewording_preview", args=[kind])


def test_every_kind_has_a_wording_that_could_be_typed():
    rows = {row.pk: row for row in MessageWording.objects.all()}
    assert set(rows) == set(KINDS)
    assert [refusal for row in rows.values() for refusal in wording_refusals(row)] == []
    assert LedgerEntry.objects.filter(verb=Verb.WORDING_CHANGED).count() == len(KINDS)


def test_the_city_changes_a_wording_on_record():
    client = sign_in(account(Role.CITY_REVIEWER))
    answer = client.post(address(), {**posted(client, address()), "subject_zh": "请补正“{stage}”申报 {number}"})
    assert answer.status_code == 302
    assert MessageWording.objects.get(pk=KIND).subject_zh == "请补正“{stage}”申报 {number}"
    entry = LedgerEntry.objects.latest("number")
    assert (entry.verb, entry.subject) == (Verb.WORDING_CHANGED, f"wording:{KIND}")
    assert list(configuration_faults()) == []
    MessageWording.objects.filter(pk=KIND).update(body_zh="改动")
    assert [fault.number for fault in configuration_faults()] == [entry.number]


@pytest.mark.parametrize(
    ("part", "typed", "told"),
    [
        ("body_zh", "请补正 {due_soon}", "占位符“{due_soon}”不可用于该事项；该事项可用的占位符：{number}"),
        ("body_zh", "请补正 {number.__class__}", "花括号不成对或其中不是占位符"),
        ("body_en", "See {number", "花括号不成对"),
        ("subject_zh", "补正\x07", "控制字符"),
        ("subject_en", "  ", "必填"),
    ],
)
def test_a_wording_that_cannot_be_filled_is_refused_where_it_is_typed(part, typed, told):
    client = sign_in(account(Role.CITY_REVIEWER))
    answer = client.post(address(), {**posted(client, address()), part: typed})
    assert answer.status_code == 200
    shown = text_of(answer)
    assert told in shown or (told == "必填" and "这个字段是必填项" in shown) or told in shown.replace(" ", "")
    assert LedgerEntry.objects.filter(subject=f"wording:{KIND}").count() == 1


def test_a_title_is_one_line():
    row = MessageWording.objects.get(pk=KIND)
    row.subject_zh = "补正\nBcc: all@city.example"
    assert [refusal.code for refusal in wording_refusals(row)] == ["wording_form"]


@pytest.mark.parametrize("role", [Role.PLAN_MANAGER, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_others_only_look(role):
    client = sign_in(account(role))
    assert client.get(address()).status_code == 200
    assert client.post(address(), {"subject_zh": "x"}).status_code == 403
    assert "请登录系统" in text_of(client.get(preview()))
    assert "我的话" not in text_of(client.post(preview(), {"subject_zh": "我的话"}))


def test_the_preview_shows_what_is_typed_in_both_languages_and_keeps_nothing():
    client = sign_in(account(Role.CITY_REVIEWER))
    typed = {
        "subject_zh": "补正<b>{stage}",
        "body_zh": "编号 {number}",
        "subject_en": "{stage}",
        "body_en": "{nothing}",
    }
    answer = client.post(preview(), typed)
    shown = answer.content.decode()
    assert "补正&lt;b&gt;贯标实施" in shown
    assert "编号 SQ2026000123" in shown
    assert "Implementation" in shown
    assert "Changzhou Intellectual Property" in shown
    assert "占位符“{nothing}”不可用于该事项" in shown
    assert MessageWording.objects.get(pk=KIND).subject_zh != typed["subject_zh"]
    assert client.get(preview("nothing")).status_code == 404


def test_the_preview_asks_for_the_forms_token():
    client = sign_in(account(Role.CITY_REVIEWER))
    client.handler.enforce_csrf_checks = True
    assert client.post(preview(), {}).status_code == 403


def test_deliveries_are_read_and_taken_up_again():
    system, reader = sign_in(account(Role.SYSTEM_ADMIN)), account(Role.PLAN_MANAGER)
    rows = []
    for number, state in enumerate((DeliveryState.GIVEN_UP, DeliveryState.WAITING)):
        message = Message.objects.create(
            recipient=reader, kind="job.done", source=f"job:{number}", params={"job": "recount"}, created_at=NOW
        )
        rows.append(Delivery.objects.create(message=message, state=state, next_at=NOW, last_error="no_address"))
    page = reverse("admin:certification_delivery_changelist")
    assert "账户没有登记电子邮箱" in text_of(system.get(page))
    assert system.get(reverse("admin:certification_delivery_change", args=[rows[0].pk])).status_code == 200
    chosen = {"action": "send_again", "_selected_action": [row.pk for row in rows]}
    shown = text_of(system.post(page, chosen, follow=True))
    assert "已安排重新发送 1 封" in shown
    assert "没有停止重试" in shown
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].retried_by.role) == (DeliveryState.WAITING, Role.SYSTEM_ADMIN)
    assert sign_in(account(Role.AUDITOR)).get(page).status_code == 403
