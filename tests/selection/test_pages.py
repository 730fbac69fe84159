"""Pages of a ranked batch: terms, late entry, recommendation, ranking, seal."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from certification.models import Batch, Seal
from certification.services.batches import open_batch
from tests import factories as make
from tests import panels, ranked

pytestmark = pytest.mark.django_db
TYPED = {
    **{f"weights.{code}": str(weight) for code, weight in ranked.WEIGHTS.items()},
    "quota": "2",
    "reached": ["guanbiao.evaluation"],
    "high_tech": "shown",
    "credit": "required",
    "ties": "item:use，earlier、lot",
    "recommended.wujin": "4",
    "basis": "公告第二条",
}


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(panels.LATER, tick=False):
        yield


@pytest.fixture
def staff():
    return make.reviewers()


def visitor(account: Any) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_terms_are_set_on_their_page_and_what_is_wrong_stands_beside_its_field(staff):
    row, client = ranked.planned(staff["city"], terms=None), visitor(staff["city"])
    path = f"/batches/{row.code}/terms/"
    page = client.get(path).content.decode()
    assert 'value="25"' in page  # as the maxima say, until somebody says otherwise
    wrong = client.post(path, {**TYPED, "weights.use": "41", "ties": "earlier"})
    assert wrong.status_code == 400
    assert "权重合计 101" in wrong.content.decode()
    assert "请把 lot 放在最后" in wrong.content.decode()
    assert client.post(path, TYPED).status_code == 302
    (kept,) = row.terms.all()
    assert kept.content["ties"] == ["item:use", "earlier", "lot"]
    rules = {rule["kind"]: rule["required"] for rule in kept.content["eligibility"]}
    assert rules == {"reached": True, "not_holding": True, "high_tech": False, "credit_check": True}
    again = client.get(path).content.decode()
    assert again.count('<option value="required" selected>') == again.count('<option value="shown" selected>') == 1
    open_batch(row, actor=staff["city"], at=make.NOW)
    assert client.post(path, {**TYPED, "quota": "3"}).status_code == 400
    assert client.post(path, {**TYPED, "quota": "3", "reason": "会议纪要"}).status_code == 302
    assert "会议纪要" in client.get(path).content.decode()


def test_a_late_entry_is_granted_on_the_page(staff):
    row, of = ranked.opened(staff["city"]), make.enterprise()
    client, path = visitor(staff["city"]), f"/batches/{row.code}/late-entries/"
    said = {"uscc": of.uscc, "until": "2027-01-15", "reason": "系统故障，有记录"}
    assert client.post(path, {**said, "until": "2026-11-01"}).status_code == 400
    assert client.post(path, said).status_code == 302
    assert client.post(path, said).status_code == 409
    assert of.name in client.get(f"/batches/{row.code}/terms/").content.decode()
    assert client.post(path, {**said, "uscc": make.credit_code()}).status_code == 404


def test_a_unit_ranks_what_it_recommends_on_its_page(staff):
    batch, client = ranked.opened(staff["city"]), visitor(staff["district"])
    assert "没有待推荐的申报" in client.get("/recommendations/").content.decode()
    one, two = [ranked.at_unit(ranked.ready(), staff) for _ in range(2)]
    said = {"batch": batch.code, f"rank.{one.number}": "2", f"rank.{two.number}": "1"}
    assert client.post("/recommendations/", said).status_code == 302
    assert list(batch.recommended.values_list("application", flat=True)) == [two.pk, one.pk]
    make.step(two, "recommend", staff["district"])
    page = client.get("/recommendations/").content.decode()
    assert page.index("已上报") < page.index(two.number) < page.index(one.number)
    assert client.get(f"/batches/{batch.code}/ranking/").status_code == 403


def test_settings_are_tried_side_by_side_and_one_is_sealed(staff):
    batch, rows = ranked.frozen(staff, "0.7", "0.9", "0.8")
    client, path = visitor(staff["city"]), f"/batches/{batch.code}/ranking/"
    assert rows[1].number in client.get(path).content.decode()
    tried = {key: value for key, value in TYPED.items() if key.startswith("weights.")} | {"quota": "1", "name": "一家"}
    assert client.post(path, {**tried, "name": ""}).status_code == 400
    assert client.post(path, tried).status_code == 302
    assert client.post(path, tried).status_code == 409
    page = client.get(path).content.decode()
    assert "总名额已满" in page
    assert "有 1 家在各方案间结果不同" in page
    key = batch.copies.get().settings.get().pk
    sealing = f"/batches/{batch.code}/seal/"
    unchosen = client.post(sealing, {})
    assert unchosen.status_code == 400
    assert "errorlist" in unchosen.content.decode()
    assert client.post(sealing, {"setting": key}).status_code == 400
    assert client.post(sealing, {"setting": key, "reason": "专题会议"}).status_code == 302
    assert client.post(sealing, {"setting": key, "reason": "专题会议"}).status_code == 409
    assert Seal.objects.get().chosen == [rows[1].number]
    assert client.post(f"/batches/{batch.code}/actions/", {"action": "publish"}).status_code == 302
    notice = client.get(f"/notices/{batch.notices.get().number}/").content.decode()
    assert rows[1].enterprise.name in notice
    assert rows[2].enterprise.name not in notice


def test_a_batch_without_ranking_has_none_of_these_pages(staff):
    panels.batch(staff["city"])
    client = visitor(staff["city"])
    assert client.get("/batches/2026-A/terms/").status_code == 404
    assert client.get("/batches/2026-A/ranking/").status_code == 404
    assert "按排序认定" not in client.get("/batches/2026-A/").content.decode()
    assert Batch.objects.get().code == "2026-A"
