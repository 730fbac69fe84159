"""An evaluation in a real browser, as everybody who has a part in it: from the application to a verified paper."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.db import connections
from django.utils import timezone

from certification.models import Application, Batch, Document, Evaluation, EvaluationState
from certification.services.rendering import render_due
from enterprises.models import Account
from tests import factories as make
from tests import panels
from tests.documents.drawing import cut_few
from tests.journeys.conftest import Arrive
from tests.journeys.test_casework import decide
from tests.journeys.visits import Visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CODE, DOTS_PER_POINT = "2026-A", 300 / 72
LATER = timedelta(days=20)


@pytest.fixture(autouse=True)
def few_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certification.papers.fonts.cut", cut_few)


@pytest.fixture
def days() -> Iterator[Any]:
    """Time goes on from a Friday in November; `days.shift` lets days pass."""
    with time_machine.travel(make.NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def staff(transactional_db: None, days: Any) -> dict[str, Account]:
    found = make.reviewers()
    for _ in range(3):
        panels.expert(found["city"])
    panels.batch(found["city"])
    return found


def apply(visit: Visit, paper: Path) -> Application:
    """The whole form by hand: values, papers, confirmation."""
    visit.go("/workspace/")
    visit.reads("下一步：绩效评价", "以后：国家认证")
    visit.is_sound_everywhere()
    visit.follow("button:has-text('申报绩效评价')")
    for code, value in make.VALUES[panels.STAGE].items():
        visit.page.fill(f"#id_{code}", str(value))
    visit.follow("text=保存并进入下一步")
    for upload in visit.page.locator("input[type=file]").all():
        upload.set_input_files(paper)
    visit.follow("text=上传所选文件")
    visit.is_sound_everywhere()
    visit.follow("a:has-text('下一步')")
    visit.page.check("#id_confirmed")
    visit.follow("text=提交申报")
    visit.reads("已提交，等待受理")
    return Application.objects.get()


def act(visit: Visit, name: str) -> None:
    """An act on the batch."""
    visit.go(f"/batches/{CODE}/")
    visit.follow(f"button:has-text('{name}')")


def fill(visit: Visit, rows: range, points: str = "8") -> None:
    """Points and reason of some items, by keyboard: Enter leads from one to the next."""
    for row in rows:
        visit.page.keyboard.type(points)
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.type(f"依据材料评定 {row + 1}")
        visit.page.keyboard.press("Enter")


def open_sheet(visit: Visit) -> int:
    """From the list into the sheet with the keyboard alone; how many items it has."""
    visit.go("/evaluations/")
    visit.page.locator("table tbody th a").focus()
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    visit.page.locator("input[data-points]").first.focus()
    return int(visit.page.locator("[data-item]").count())


def state(visit: Visit, words: str) -> None:
    visit.page.locator("[data-kept]", has_text=words).wait_for(timeout=20_000)


def score_with_a_break(visit: Visit) -> None:
    """Half of the sheet, the connection lost and back, the page loaded anew, then the rest."""
    items = open_sheet(visit)
    visit.reads(f"已评 0 / {items} 项", "还没有评完：")
    fill(visit, range(3))
    state(visit, "已自动保存")
    visit.reads(f"已评 3 / {items} 项，合计 24 分")
    assert "知识产权方针和目标" not in visit.page.inner_text("[data-lacking]")
    assert "实施成效" in visit.page.inner_text("[data-lacking]")
    visit.is_sound_everywhere()
    visit.context.set_offline(True)
    fill(visit, range(3, 4))
    state(visit, "连接中断")
    asked: list[str] = []
    visit.page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    visit.page.close(run_before_unload=True)
    visit.page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    visit.complaints.clear()  # the browser says that the connection is lost
    visit.context.set_offline(False)
    state(visit, "已自动保存")
    visit.page.reload()
    visit.reads(f"已评 4 / {items} 项，合计 32 分")
    visit.page.locator("input[data-points]").nth(4).focus()
    fill(visit, range(4, items))
    hand_in(visit)


def hand_in(visit: Visit) -> None:
    """The last Enter has led to the button."""
    assert visit.page.evaluate("document.activeElement.hasAttribute('data-hand-in')")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    visit.reads("评分已提交，不再更改", "没有待评分的申报")


def scored_by_all(person: Arrive) -> None:
    seats = list(Evaluation.objects.select_related("expert").order_by("place"))
    score_with_a_break(person(seats[0].expert))
    for seat in seats[1:]:
        visit = person(seat.expert)
        items = open_sheet(visit)
        fill(visit, range(items), "9")
        hand_in(visit)
    assert {row.state for row in Evaluation.objects.all()} == {EvaluationState.SCORED}


def made_public(person: Arrive, city: Account, row: Application) -> None:
    visit = person(city)
    act(visit, "确认并公示结果")
    visit.is_sound_everywhere()
    public = person(None)
    public.go("/notices/")
    public.reads(row.enterprise.name, "公示期")
    public.is_sound_everywhere()
    own = person(row.created_by)
    own.go(f"/applications/{row.number}/")
    own.reads("对评审结果提出申诉")
    own.is_sound_everywhere()
    own.follow("text=评审结果")
    own.reads("专家平均分", "依据材料评定 1")
    own.is_sound_everywhere()


def granted(person: Arrive, city: Account) -> None:
    act(person(city), "期满办结")
    assert Batch.objects.get().state == "finished"


def rendered() -> int:
    """In a thread of its own, as the worker does: signing runs a loop, and the browser's is running in this one."""
    try:
        return render_due(clock=timezone.now)
    finally:
        connections.close_all()


def downloaded(person: Arrive, row: Application, folder: Path) -> Path:
    """The worker has made the paper, and the enterprise takes it home."""
    with ThreadPoolExecutor(1) as worker:
        assert worker.submit(rendered).result()
    paper = Document.objects.get(application=row, kind="certificate")
    visit = person(row.created_by)
    visit.go(f"/certificates/{paper.number}/")
    visit.reads("贯标绩效评价", "下载 PDF")
    visit.is_sound_everywhere()
    with visit.page.expect_download() as taken:
        visit.page.click("text=下载 PDF")
    target = folder / "paper.pdf"
    taken.value.save_as(target)
    return target


def scanned(file: Path) -> str:
    """What a telephone reads from the printed page: the address in its QR code."""
    page = pypdfium2.PdfDocument(file)[0].render(scale=DOTS_PER_POINT).to_pil()
    (found,) = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
    return str(urlsplit(found.text).path)


def verified(person: Arrive, path: str, words: str, holder: str) -> None:
    visit = person(None)
    visit.go(path)
    visit.reads(words, holder)
    visit.is_sound_everywhere()


def revoked(person: Arrive, city: Account, number: str) -> None:
    visit = person(city)
    visit.go(f"/certificates/{number}/")
    visit.page.check("input[name=event][value=revoked]")
    visit.page.fill("textarea[name=ground]", "以虚假材料取得，依法撤销")
    visit.follow("main button:has-text('记入台账')")
    visit.reads("已记入台账")


def test_an_evaluation_from_the_application_to_a_verified_paper(
    person: Arrive, staff: dict[str, Account], days: Any, tmp_path: Path
) -> None:
    file = tmp_path / "材料.pdf"
    file.write_bytes(make.PDF)
    applicant = panels.ready()
    assert applicant.enterprise
    make.achievement(applicant.enterprise, "guanbiao.cultivation", date(2023, 6, 1))
    row = apply(person(applicant), file)
    for level in ("township", "district", "city"):
        visit = person(staff[level])
        decide(visit, f"/applications/{row.number}/", "accept")
        decide(visit, f"/applications/{row.number}/", "recommend")
    act(visit, "截止申报")
    act(visit, "抽取专家")
    visit.is_sound_everywhere()
    scored_by_all(person)
    made_public(person, staff["city"], row)
    days.shift(LATER)
    granted(person, staff["city"])
    address = scanned(downloaded(person, row, tmp_path))
    assert re.fullmatch(r"/verify/[0-9A-Z]{24}/", address)
    verified(person, address, "目前有效", row.enterprise.name)
    revoked(person, staff["city"], Document.objects.get(application=row, kind="certificate").number)
    verified(person, address, "已被撤销", row.enterprise.name)
