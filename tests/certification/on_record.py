"""Rows of every table that the ledger holds, for the inventory of what it holds.

Of most facts there are two: one that something happened to afterwards, and one that nothing did.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from certification.marks import MINOR, Mark
from certification.models import Application, Document, Finding, Indicator
from certification.services import rendering
from certification.services.achievements import end_achievement
from certification.services.advising import end_advising
from certification.services.assessments import Visit, assess_oneself, record_visit, sheet_to_assess
from certification.services.batches import close_batch
from certification.services.certificate_events import Act, suspend
from certification.services.credit import correct_check
from certification.services.document_events import happen
from certification.services.findings import Found, answer_finding, close_finding, record_finding, refuse_answer
from certification.services.panels import draw_panels
from certification.services.plans import revise_indicator
from certification.services.priorities import correct_priority, end_priority
from certification.services.public_notices import publish_results, recognise
from certification.services.scores import keep_scores
from certification.services.sealing import seal
from enterprises.models import Account
from enterprises.roles import Role
from enterprises.services.grants import request_role
from enterprises.services.interests import declare_interest
from enterprises.services.qualifications import grant_high_tech
from tests import factories as make
from tests import facts, panels, ranked
from tests.scene import make_scene

DAY = make.NOW.date()
OVER = make.NOW + timedelta(days=30)


def everything() -> None:
    scene, staff = make_scene(), make.reviewers()
    case = _evaluated(staff)
    _ranked(staff)
    _papers(staff["city"])
    _findings(case, staff["city"])
    suspend(scene.lookup.certificate, Act(date(2025, 12, 1), "通知〔2025〕1 号", staff["city"], make.NOW))
    make.certificate()
    end_advising(make.advising(case.enterprise), last_day=DAY, reason="合同期满", actor=staff["city"], at=make.NOW)
    make.advising(make.enterprise())
    ended = make.achievement(make.enterprise(), "guanbiao.cultivation", date(2024, 1, 5))
    end_achievement(ended, reason="revoked", ended_on=DAY, ground="弄虚作假", actor=staff["city"], at=make.NOW)
    _enterprise_facts(staff["city"])
    _titles(staff["city"])
    _inputs(staff["city"])
    said: dict[str, Any] = {"in_force_from": date(2018, 1, 1), "actor": make.account(Role.PLAN_MANAGER), "at": make.NOW}
    revise_indicator(Indicator.objects.get(code="evaluation_passed"), {"target": 30}, **said)


def _evaluated(staff: dict[str, Account]) -> Application:
    """Assessed by itself, visited, scored with a finding, made public, granted."""
    city, person = staff["city"], panels.ready()
    for _ in range(4):
        panels.expert(city, employer_uscc=make.credit_code(), organisation=make.organisation())
    panels.batch(city)
    row = make.filled(person, stage=panels.STAGE)
    sheet = sheet_to_assess(row, on=DAY)
    own = {item.code: (int(item.maximum), "见材料") for item in sheet.items.all()}
    assess_oneself(row, own, actor=person, at=make.NOW)
    row = make.step(Application.objects.get(pk=row.pk), "submit", person)
    for level in ("township", "district", "city"):
        row = make.step(row, "accept", staff[level])
        if level == "city":
            record_visit(row, Visit(DAY, "市局审核员", "体系在用"), actor=city, at=make.NOW)
            row.refresh_from_db()
        row = make.step(row, "recommend", staff[level])
    held = row.batch
    assert held is not None
    held = close_batch(held, actor=city, at=make.NOW)
    draw_panels(held, actor=city, at=make.NOW)
    for seat in row.evaluations.select_related("application__batch__sheet", "expert"):
        given = panels.points(seat)
        code = next(iter(given))
        given[code] = replace(given[code], finding=Mark("7.1", "未建立专利检索记录", MINOR, "7.1"))
        keep_scores(seat, given, hand_in=True, actor=seat.expert, at=panels.LATER)
    publish_results(held, actor=city, at=panels.LATER)
    return recognise(held, actor=city, at=OVER)[0]


def _ranked(staff: dict[str, Account]) -> None:
    """One batch of two candidates, sealed and made public, with a late entry."""
    batch, _rows = ranked.frozen(staff, "0.7", "0.9")
    ranked.tried(batch, staff["city"], "乙", quota=1)
    seal(batch, ranked.tried(batch, staff["city"]).pk, actor=staff["city"], at=panels.LATER)
    publish_results(batch, actor=staff["city"], at=panels.LATER)


def _papers(city: Account) -> None:
    """One with its file, suspended; one replaced; the others waiting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "pages_of", lambda printing: f"{printing.content}".encode())
        patch.setattr(rendering, "signed", lambda pages, proof, **said: pages + proof)
        rendering.render_due(clock=lambda: OVER)
    rows = list(Document.objects.order_by("pk"))
    happen(rows[0], "suspended", ground="依据第一条", actor=city, at=OVER)
    happen(rows[-1], "superseded", ground="依据第二条", actor=city, at=OVER)


def _findings(case: Application, city: Account) -> None:
    """One closed after a refusal, one open."""
    person, first = case.created_by, Finding.objects.filter(application=case)[0]
    for last in (False, True):
        answer_finding(first, text="已补", filename="补.pdf", content=make.PDF, actor=person, at=OVER)
        (close_finding if last else refuse_answer)(first, reason="已核实", actor=city, at=OVER)
    record_finding(case, Found("9.2", "内审未覆盖", "minor", OVER.date() + timedelta(9)), actor=city, at=OVER)


def _enterprise_facts(city: Account) -> None:
    days = {"valid_from": date(2024, 1, 1), "valid_to": date(2026, 12, 31)}
    grant_high_tech(make.enterprise(), certificate="GR202432000001", **days, actor=city, at=make.NOW)
    declare_interest(city, make.enterprise(), reason="亲属任职", actor=make.account(Role.SECURITY_ADMIN), at=make.NOW)
    with transaction.atomic():
        told: dict[str, Any] = {"reason": "岗位调整", "actor": make.account(Role.SYSTEM_ADMIN), "at": make.NOW}
        request_role(make.account(Role.MONITOR), role=Role.DISTRICT_REVIEWER, scope="wujin", **told)


def _inputs(city: Account) -> None:
    """Of each kind one that is corrected and one that stands, each with a document."""
    screenshot = ContentFile(make.PDF, "截图.pdf")
    first = facts.check(by=city, upload=screenshot)
    right = facts.StatedCheck(**{**facts.CHECK, "result": "adverse", "ground": "行政处罚"})
    stated = facts.figures()
    facts.figures(stated.enterprise, staff="230", why="更正", explained={"staff": "合并"})
    mark = facts.priority(by=city, upload=ContentFile(make.PDF, "名单.pdf"))
    correct_priority(mark, facts.StatedPriority(**facts.PRIORITY), facts.act(city, "文号有误"))
    end_priority(facts.priority(by=city), DAY, facts.act(city, "移出名单"))
    correct_check(first, right, facts.act(city, "结果抄错"), ContentFile(make.PDF, "决定书.pdf"))


def _titles(city: Account) -> None:
    make.reexamination(make.title(by=city), by=city, document="国知办〔2026〕12号", valid_until=date(2029, 12, 31))
    adviser = make.organisation()
    make.guidance(make.guided(by=city), by=city, organisation=adviser.pk)
    make.guidance(make.guided(by=city), by=city, on=date(2026, 7, 1))
