"""One enterprise whose every text is a word that stands nowhere else: planted through the services.

Each field has a word of its own, so that its owner can be asked whether it is shown at all. What is about the
enterprise and what is about the people behind it (accounts, ties) begin differently: officers see the second.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models

from certification.models import (
    Achievement,
    Batch,
    Certificate,
    CreditCheck,
    CreditPaper,
    EndReason,
    Expert,
    FigureValue,
    Finding,
    FindingAnswer,
    ImportFault,
    ImportFile,
    Job,
    Priority,
    PriorityPaper,
    ScoreSheet,
    TitleDocument,
    YearFigures,
)
from certification.models.history import ApplicationChange
from certification.models.saved_filter import FilteredList, SavedFilter
from certification.services.achievements import end_achievement
from certification.services.advising import end_advising
from certification.services.applications import save_draft
from certification.services.certificate_events import Act, suspend
from certification.services.certificate_files import look_up
from certification.services.credit import CREDIT
from certification.services.document_events import happen
from certification.services.door import Remark
from certification.services.evidence import attach
from certification.services.input_facts import annul
from certification.services.priorities import PRIORITY, end_priority
from enterprises.models import Account, Enterprise, EnterpriseChange, EventKind, HighTechPeriod, RoleGrant
from enterprises.services.amendments import amend, rename
from enterprises.services.grants import refuse_grant, request_role
from enterprises.services.interests import declare_interest
from enterprises.services.qualifications import end_high_tech, grant_high_tech
from enterprises.services.trail import note
from tests import factories, facts
from tests.factories import NOW, PDF
from tests.scene import Scene

ABOUT_THE_ENTERPRISE, ABOUT_PEOPLE = "鴍麣", "龗齉"
FIRST_LETTER = 0x8C48  # 豈 and what follows: letters that nobody writes
TODAY = NOW.date()
OURS = ("ledger", "enterprises", "certification", "api")

# What the bureau configures and publishes; nothing of it belongs to one enterprise.
PUBLIC_MODELS = {
    "Edition", "ModuleItem", "Rulebook", "StageRule", "WaitRule", "FieldRule", "EvidenceRule", "CalendarDay",
    "Plan", "OutcomeRow", "Indicator", "IndicatorVersion", "ReportingUnit", "Division", "Heartbeat", "NumberSeries",
    "Span", "Total", "DayTotal", "TotalsCheckpoint", "LedgerHead", "LedgerSubtree", "LedgerCheckpoint",
    "MessageWording", "Organisation", "EditionTerms", "Batch", "ScoreSheet", "SheetItem", "ExpertField", "PanelRule",
    "DocumentWording", "TitleTerms", "NoticeTerms", "CreditSource", "PriorityKind", "FigureItem", "BatchTerms",
}  # fmt: skip
# Codes, digests and secrets: nobody's words.
NOT_WORDS = {
    "LedgerEntry.actor", "LedgerEntry.role", "LedgerEntry.subject", "LedgerEntry.enterprise", "LedgerEntry.payload",
    "LedgerEntry.enterprise_prev", "LedgerEntry.prev", "LedgerEntry.hash",
    "Account.password", "DeclaredInterest.salt", "RoleGrant.password", "RoleGrant.scope", "RoleGrant.salt",
    "Enterprise.uscc", "Enterprise.contact_phone", "EnterpriseChange.field",
    "EnterpriseChange.address", "Decision.address", "ApplicationChange.address", "ApplicationChange.code",
    "ApplicationChange.item",
    "AuditEvent.method", "AuditEvent.request_id", "AuditEvent.detail",
    "Achievement.ended_salt", "Advising.ended_salt",
    "Certificate.number", "Certificate.edition", "CertificateEvent.edition", "CertificateEvent.salt",
    "CertificateEvent.address",
    "CertificateFile.media_type", "CertificateFile.sha256", "LookupCheck.salt",
    "Reexamination.salt", "Guidance.salt",
    "YearFigures.salt", "Priority.salt", "Priority.annulled_salt", "Priority.ended_salt", "PriorityPaper.media_type",
    "PriorityPaper.sha256",
    "CreditCheck.salt", "CreditCheck.annulled_salt", "CreditPaper.media_type", "CreditPaper.sha256",
    "Achievement.route", "Application.number", "Application.modules",
    "Decision.role", "Decision.snapshot", "Decision.salt", "Job.kind",
    "Document.number", "Document.code", "Document.uscc", "Document.salt", "Document.page_sha256", "Document.sha256",
    "Document.last_error", "DocumentEvent.salt",
    "Evidence.requirement", "Evidence.media_type", "Evidence.sha256",
    "ProposedFinding.module",
    "Finding.number", "Finding.module", "Finding.salt", "Finding.closing_salt", "Finding.evaluation",
    "FindingAnswer.media_type", "FindingAnswer.sha256", "FindingAnswer.salt", "FindingAnswer.refused_salt",
    "Message.source", "Message.about", "Message.params", "Delivery.sent_to", "Delivery.last_error",
    "SecondFactor.secret", "SecondFactor.next_secret", "RecoveryCode.digest",
    "Evaluation.salt", "SelfScore.salt", "SiteVisit.salt", "PublicNotice.number",
    "PublicNotice.basis", "PublicNotice.phone", "PublicNotice.supervision_phone",  # copied from what is configured
    "Expert.fields", "Expert.group", "Expert.employer_uscc",
    "ImportFile.sha256", "ImportRow.uscc", "ImportSum.unit", "ImportSum.stage",
    "FrozenCopy.content", "FrozenCopy.digest", "TriedSetting.content", "Seal.chosen", "Seal.salt",
    "KeptAnswer.key", "KeptAnswer.request", "KeptAnswer.headers", "KeptAnswer.body",
}  # fmt: skip

# What the public register says of every enterprise (README, 一企一档); before and after are names here.
PUBLISHED = {
    "Enterprise.name", "EnterpriseName.name", "EnterpriseSearch.text", "EnterpriseChange.before",
    "EnterpriseChange.after", "Enterprise.industry", "HighTechPeriod.certificate", "Achievement.certificate_number",
    "Certificate.scope_management", "Certificate.scope_links", "TitleDocument.document", "TitleDocument.issued_by",
}  # fmt: skip
# Kept, but shown on no page and in no answer, or in the administration only.
NOT_SHOWN = {
    "Account.email", "RoleGrant.email", "DeclaredInterest.reason", "Achievement.note", "EnterpriseChange.reason",
    "Job.arguments", "Evaluation.recused_for", "Expert.employer", "LateEntry.reason", "TriedSetting.name",
}  # fmt: skip


@dataclass
class Words:
    """The word of each field, made when it is first asked for."""

    given: dict[str, str] = field(default_factory=dict)

    def of(self, name: str, *, about: str = ABOUT_THE_ENTERPRISE) -> str:
        return self.given.setdefault(name, about + chr(FIRST_LETTER + len(self.given)))

    def of_people(self, name: str) -> str:
        return self.of(name, about=ABOUT_PEOPLE)


def text_fields() -> dict[str, type[models.Model]]:
    """Every text that the database keeps and no list of choices limits: `Model.field` -> its model."""
    return {
        f"{model.__name__}.{column.name}": model
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for column in model._meta.fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField) and not column.choices
    }


def plant(scene: Scene) -> Words:
    """Fill the scene's enterprise, its application and its people with words of their own."""
    words, enterprise = Words(), scene.application.enterprise
    city, own = scene.callers["city"], scene.callers["own"]
    assert city
    assert own
    _people(words, scene, own)
    _file(words, enterprise, city)
    _application(words, scene)
    _finding(words, city)
    _achievement(words, enterprise, city)
    _advising(words, enterprise, city)
    _certificate(words, scene, city)
    _title(words, scene, city)
    _inputs(words, scene, city)
    _around(words, scene, city)
    _import(words, scene)
    _panel(words, scene, city)
    return words


def _people(words: Words, scene: Scene, own: Account) -> None:
    said = {name: words.of_people(f"Account.{name}") for name in ("username", "display_name")}
    Account.objects.filter(pk=own.pk).update(**said, email=f"{words.of_people('Account.email')}@example.cn")
    own.refresh_from_db()
    tied, grantee = factories.account("monitor"), factories.account("monitor")
    reason = words.of_people("DeclaredInterest.reason")
    declare_interest(tied, scene.application.enterprise, reason=reason, actor=scene.callers["security"], at=NOW)
    names = {name: words.of_people(f"RoleGrant.{name}") for name in ("username", "display_name")}
    Account.objects.filter(pk=grantee.pk).update(**names)
    grantee.refresh_from_db()
    asked = {"role": "plan_manager", "scope": "", "reason": words.of_people("RoleGrant.reason")}
    grant = request_role(grantee, **asked, actor=scene.callers["system"], at=NOW)
    RoleGrant.objects.filter(pk=grant.pk).update(email=f"{words.of_people('RoleGrant.email')}@example.cn")
    scene.placeholders["grants/<int:key>"] = f"grants/{grant.pk}"
    refuse_grant(grant, reason=words.of_people("RoleGrant.refused_for"), actor=scene.callers["security"], at=NOW)
    note(EventKind.REFUSED, request=None, account=own, at=NOW, path=f"/{words.of_people('AuditEvent.path')}/")


def _file(words: Words, enterprise: Enterprise, city: Account) -> None:
    amend(enterprise, {"contact_name": words.of("Enterprise.contact_name")}, actor=city, at=NOW)
    for age, name in ((3, "EnterpriseChange.before"), (2, "EnterpriseChange.after"), (1, "Enterprise.name")):
        day = TODAY - timedelta(days=age)
        rename(enterprise, f"常州{words.of(name)}有限公司", since=day, actor=city, at=NOW)
    words.given["EnterpriseName.name"] = words.of("EnterpriseChange.before")
    words.given["EnterpriseSearch.text"] = words.of("Enterprise.name")
    industry, override = words.of("Enterprise.industry"), words.of("Enterprise.uscc_override_reason")
    Enterprise.objects.filter(pk=enterprise.pk).update(industry=industry, uscc_override_reason=override)
    days = {"valid_from": TODAY - timedelta(days=90), "valid_to": TODAY - timedelta(days=30)}
    period = grant_high_tech(enterprise, certificate="GR202632000001", **days, actor=city, at=NOW)
    end_high_tech(period, last_day=TODAY - timedelta(days=40), reason="取消", actor=city, at=NOW)
    EnterpriseChange.objects.filter(enterprise=enterprise).update(reason=words.of("EnterpriseChange.reason"))
    HighTechPeriod.objects.filter(pk=period.pk).update(certificate=words.of("HighTechPeriod.certificate"))


def _paper(words: Words, scene: Scene) -> None:
    """The letter that went with the return."""
    paper = scene.application.documents.latest("id")
    happen(paper, "suspended", ground=words.of("DocumentEvent.ground"), actor=scene.callers["city"], at=NOW)
    content = {**paper.content, "paragraphs": [words.of("Document.content")]}
    scene.application.documents.update(holder=words.of("Document.holder"), content=content)
    scene.placeholders["<document:document_number>"] = paper.number


def _application(words: Words, scene: Scene) -> None:
    own, town, row = scene.callers["own"], scene.callers["town"], scene.application
    assert own
    assert town
    points = [{"clause": words.of("Decision.defects"), "text": words.of("Decision.defects")}]
    remark = Remark(words.of("Decision.comment"), points)
    row = factories.step(row, "return", town, remark=remark)
    _paper(words, scene)
    answers = {"main_business": words.of("Application.fields"), "legal_representative": words.of("Application.fields")}
    row = save_draft(row, fields=answers, modules=None, actor=own, at=NOW)
    words.given["ApplicationChange.after"] = words.of("Application.fields")
    ApplicationChange.objects.filter(application=row).update(
        before=json.dumps(words.of("ApplicationChange.before"), ensure_ascii=False)
    )
    name = f"{words.of('Evidence.filename')}.pdf"
    scene.evidence = attach(row, requirement="commitment_letter", filename=name, content=PDF, actor=own, at=NOW)
    row.refresh_from_db()
    scene.application = factories.step(row, "submit", own)


def _achievement(words: Words, enterprise: Enterprise, city: Account) -> None:
    number, remark = words.of("Achievement.certificate_number"), words.of("Achievement.note")
    days = {"certificate_number": number, "note": remark}
    factories.achievement(enterprise, "guanbiao.certification", date(2020, 1, 1), **days)
    ended = factories.achievement(enterprise, "guanbiao.evaluation", date(2019, 1, 1), **days)
    ground = words.of("Achievement.ended_ground")
    said = {"reason": EndReason.REVOKED, "ended_on": date(2021, 1, 1), "ground": ground}
    end_achievement(Achievement.objects.get(pk=ended.pk), **said, actor=city, at=NOW)


def _advising(words: Words, enterprise: Enterprise, city: Account) -> None:
    row = factories.advising(enterprise)
    said = {"last_day": TODAY, "reason": words.of("Advising.ended_reason")}
    end_advising(row, **said, actor=city, at=NOW)


def _certificate(words: Words, scene: Scene, city: Account) -> None:
    texts = ("holder", "holder_reason", "holder_address", "scope_management", "scope_links")
    row = scene.lookup.certificate
    Certificate.objects.filter(pk=row.pk).update(**{name: words.of(f"Certificate.{name}") for name in texts})
    row.refresh_from_db()
    suspend(row, Act(TODAY, words.of("CertificateEvent.reason"), city, NOW))
    shown = ContentFile(PDF, f"{words.of('CertificateFile.filename')}.pdf")
    look_up(row, "matches", shown, note=words.of("LookupCheck.note"), actor=city, at=NOW)
    scene.lookup.certificate = row


def _title(words: Words, scene: Scene, city: Account) -> None:
    """Its document, a re-examination that it passed, and a step of guidance as a row alone."""
    said = {name: words.of(f"Reexamination.{name}") for name in ("words", "document")}
    factories.reexamination(scene.title, by=city, **said)
    texts = {name: words.of(f"TitleDocument.{name}") for name in ("document", "issued_by")}
    TitleDocument.objects.filter(achievement=scene.title).update(**texts)
    done = {name: words.of(f"Guidance.{name}") for name in ("by", "done", "achieved")}
    kept = {"recorded_at": NOW, "recorded_by": city, "ledger_number": 1, "salt": ""}
    scene.title.guidance.create(on=TODAY, **done, **kept)


def _inputs(words: Words, scene: Scene, city: Account) -> None:
    """An adverse check with its document, which was annulled."""
    annul(CREDIT, scene.check, facts.act(city, words.of("CreditCheck.annulled_ground")))
    CreditCheck.objects.filter(pk=scene.check.pk).update(result="adverse", ground=words.of("CreditCheck.ground"))
    texts = ("value", "document", "ended_ground")
    end_priority(scene.priority, TODAY, facts.act(city, "移出名单"))
    annul(PRIORITY, scene.priority, facts.act(city, words.of("Priority.annulled_ground")))
    Priority.objects.filter(pk=scene.priority.pk).update(**{name: words.of(f"Priority.{name}") for name in texts})
    PriorityPaper.objects.update(filename=f"{words.of('PriorityPaper.filename')}.pdf")
    YearFigures.objects.update(why=words.of("YearFigures.why"))
    FigureValue.objects.update(explained=words.of("FigureValue.explained"))
    CreditPaper.objects.update(filename=f"{words.of('CreditPaper.filename')}.pdf")


def _finding(words: Words, city: Account) -> None:
    texts = {name: words.of(f"Finding.{name}") for name in ("clause", "text", "closing_reason")}
    Finding.objects.update(**texts, status="closed", closed_at=NOW, closing_number=1, closed_by=city)
    said = {name: words.of(f"FindingAnswer.{name}") for name in ("text", "refused_for")}
    name = f"{words.of('FindingAnswer.filename')}.pdf"
    FindingAnswer.objects.update(**said, filename=name, refused_at=NOW, refused_number=1, refused_by=city)


def _around(words: Words, scene: Scene, city: Account) -> None:
    said: dict[str, Any] = {
        "message": words.of("Job.message"),
        "arguments": {"file": words.of("Job.arguments")},
        "result": {"seen": words.of("Job.result")},
    }
    scene.job = Job.objects.create(kind="recount", owner=city, created_at=NOW, touched_at=NOW, **said)
    for kind in FilteredList.values:
        kept = {"name": words.of("SavedFilter.name"), "query": {"search": words.of("SavedFilter.query")}}
        SavedFilter.objects.create(owner=city, list=kind, created_at=NOW, **kept)


def _import(words: Words, scene: Scene) -> None:
    """An import of the city's, which the auditor may read."""
    said = [{"code": "a", "message": words.of_people(f"ImportFile.{name}"), "field": "", "remedy": ""}
            for name in ("remarks", "refusals")]  # fmt: skip
    filename = f"{words.of_people('ImportFile.filename')}.xlsx"
    ImportFile.objects.filter(pk=scene.file.pk).update(filename=filename, remarks=said[:1], refusals=said[1:])
    texts = {name: words.of_people(f"ImportFault.{name}") for name in ("column", "value", "reason")}
    ImportFault.objects.create(file=scene.file, line=2, **texts)


def _panel(words: Words, scene: Scene, city: Account) -> None:
    """An evaluation of the application, as rows alone: by an expert who is none of the callers."""
    row, sheet = scene.application, ScoreSheet.objects.get(pk="sample-2026")
    numbers = dict.fromkeys(("experts", "scoring_days", "notice_days", "appeal_days"), 3)
    days = {"opens_on": TODAY, "closes_on": TODAY, "created_at": NOW, "created_by": city}
    row.batch = Batch.objects.create(code="B1", title="批次", stage=row.stage, sheet=sheet, **days, **numbers)
    row.save(update_fields=["batch"])
    granted = {"until": TODAY, "granted_at": NOW, "granted_by": city}
    row.batch.late_entries.create(enterprise=row.enterprise, reason=words.of("LateEntry.reason"), **granted)
    copy = row.batch.copies.create(content=[], digest="", made_at=NOW, made_by=city)
    copy.settings.create(name=words.of("TriedSetting.name"), content={}, kept_at=NOW, kept_by=city)
    seats = {"sitting": 1, "assigned_at": NOW, "due_on": TODAY, "salt": ""}
    expert, gone = factories.account("expert"), factories.account("expert")
    Expert.objects.create(account=expert, employer=words.of_people("Expert.employer"))
    seat = row.evaluations.create(expert=expert, place=1, state="scored", scored_at=NOW, **seats)
    away = {"state": "recused", "recused_for": words.of("Evaluation.recused_for")}
    row.evaluations.create(expert=gone, place=2, **away, **seats)
    item = sheet.items.all()[0]
    said = {name: words.of(f"Score.{name}") for name in ("reason", "advice")}
    seat.scores.create(item=item, points=1, **said)
    marked = {name: words.of(f"ProposedFinding.{name}") for name in ("clause", "text")}
    seat.proposals.create(item=item, severity="minor", **marked)
    row.self_scores.create(item=item, points=1, remark=words.of("SelfScore.remark"), salt="")
    reached = {"total": 1, "spread": 0, "is_disputed": False, "grade": "failed", "passed": False}
    row.panel_results.create(sitting=1, concluded_at=NOW, **reached)
    seen = {name: words.of(f"SiteVisit.{name}") for name in ("visitors", "findings")}
    row.visits.create(visited_on=TODAY, recorded_at=NOW, recorded_by=city, salt="", **seen)
