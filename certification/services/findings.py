"""Findings (不符合项): raised in a round, answered by the enterprise, closed by district or city, all on record.

A finding that is open when a later round is applied for is carried into it: nothing is copied, `carried_into` asks.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment
from ledger.record import Fact, record

from ..errors import NotAllowed, NotPossible, Refusal, Refused, refuse
from ..messages import ring
from ..models import Application, Finding, FindingAnswer, FindingStatus, Severity
from ..numbering import FINDING_SERIES, finding_number
from ..papers import store
from ..papers.uploads import CheckedFile, check_size, check_upload
from ..querysets import FindingQuerySet
from ..remedies import of_finding
from ..rights import applicant_of, may_close_finding, may_raise_finding
from ..stages import CLOSED_STATUSES
from .findings_said import answered_fact, closed_fact, raised_fact, refused_fact
from .rulebooks import rules_of
from .series import next_serial
from .standing import standing_of, tie_refusals

MAX_TEXT, MAX_CLAUSE = 2000, 40


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody found; `module` is empty where it is about the system as a whole."""

    clause: str
    text: str
    severity: str
    due_on: date
    module: str = ""


@transaction.atomic
def raise_finding(application: Application, found: Found, *, actor: Account, at: datetime) -> Finding:
    """Put a finding on record in a review. Raises NotAllowed (person, or not at this point), Refused."""
    row = Application.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=application.pk)
    if not may_raise_finding(actor, row):
        raise NotAllowed([Refusal("not_allowed", _("您的账户不能在该申报的当前环节提出不符合项"))])
    _check_ties(row, actor)
    return record_finding(row, found, actor=actor, at=at)


@transaction.atomic
def record_finding(
    application: Application, found: Found, *, actor: Account, at: datetime, evaluation: str = ""
) -> Finding:
    """As raise_finding, for a service that has made sure who may: an evaluation's (`evaluation` is its code)."""
    _check(application, found, on=timezone.localdate(at))
    year = timezone.localdate(at).year
    row = Finding(
        number=finding_number(year, next_serial(FINDING_SERIES, year)),
        enterprise=application.enterprise,
        application=application,
        round=application.round,
        evaluation=evaluation,
        module=found.module,
        clause=found.clause.strip(),
        text=found.text.strip(),
        severity=found.severity,
        due_on=found.due_on,
        raised_at=at,
        raised_by=actor,
    )
    row.salt, said = commitment(f"{row.clause}\n{row.text}")
    row.ledger_number = _recorded(raised_fact(row, said), actor, at)
    row.save(force_insert=True)
    return row


def answer_upload(finding: Finding, *, text: str, upload: "File[bytes]", actor: Account, at: datetime) -> FindingAnswer:
    """As answer_finding; a file that is too large is refused before it is read."""
    name = upload.name or ""
    check_size(name, upload.size, max_bytes=settings.EVIDENCE_MAX_BYTES)
    return answer_finding(finding, text=text, filename=name, content=upload.read(), actor=actor, at=at)


def answer_finding(
    finding: Finding, *, text: str, filename: str, content: bytes, actor: Account, at: datetime
) -> FindingAnswer:
    """What the enterprise did about it, with its evidence. Raises NotAllowed, NotPossible (not open), Refused."""
    if not applicant_of(actor, finding.application):
        raise NotAllowed([Refusal("not_allowed", _("只有企业本人的账户可以答复不符合项"))])
    _check_words("text", text, missing=_("请写明整改措施"))
    checked = check_upload(filename, content, max_bytes=settings.EVIDENCE_MAX_BYTES)
    key = uuid.uuid4()
    store.write(key, checked.content)
    try:
        return _answered(finding, key, text.strip(), checked, actor, at)
    except Exception:
        store.discard(key)
        raise


@transaction.atomic
def _answered(
    finding: Finding, key: uuid.UUID, text: str, checked: CheckedFile, actor: Account, at: datetime
) -> FindingAnswer:
    row = _locked(finding, FindingStatus.OPEN)
    salt, said = commitment(text)
    digest = hashlib.sha256(checked.content).hexdigest()
    answer = FindingAnswer(
        id=key,
        finding=row,
        text=text,
        filename=checked.filename,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=digest,
        at=at,
        by=actor,
        salt=salt,
    )
    answer.ledger_number = _recorded(answered_fact(answer, said), actor, at)
    answer.save(force_insert=True)
    Finding.objects.filter(pk=row.pk).update(status=FindingStatus.ANSWERED)
    return answer


@transaction.atomic
def close_finding(finding: Finding, *, reason: str, actor: Account, at: datetime) -> Finding:
    """Close an answered finding. Raises NotAllowed, NotPossible (no answer to it, closed), Refused (no reason)."""
    _check_closer(finding, actor)
    _check_words("reason", reason, missing=_("请写明核实情况"))
    row = _locked(finding, FindingStatus.ANSWERED)
    salt, said = commitment(reason.strip())
    later = _later_round(row)
    number = _recorded(closed_fact(row, said, later.number if later else ""), actor, at)
    row.status, row.closed_at, row.closed_by, row.closed_in = FindingStatus.CLOSED, at, actor, later
    row.closing_reason, row.closing_salt, row.closing_number = reason.strip(), salt, number
    row.save()
    return row


@transaction.atomic
def refuse_answer(finding: Finding, *, reason: str, actor: Account, at: datetime) -> Finding:
    """Not accept the last answer: the enterprise answers again. Raises as close_finding."""
    _check_closer(finding, actor)
    _check_words("reason", reason, missing=_("请写明未通过的理由"))
    row = _locked(finding, FindingStatus.ANSWERED)
    answer = row.answers.latest("ledger_number")
    salt, said = commitment(reason.strip())
    number = _recorded(refused_fact(row, said), actor, at)
    said_to_it = {"refused_for": reason.strip(), "refused_salt": salt, "refused_number": number}
    FindingAnswer.objects.filter(pk=answer.pk).update(refused_at=at, refused_by=actor, **said_to_it)
    row.status = FindingStatus.OPEN
    row.save(update_fields=["status"])
    return row


def carried_into(application: Application) -> FindingQuerySet:
    """The findings of earlier rounds that were still open when this round was begun: they are to be closed in it."""
    standing = Q(closed_at__isnull=True) | Q(closed_at__gte=application.created_at)
    return Finding.objects.filter(standing, enterprise=application.enterprise_id, round__lt=application.round)


def _later_round(row: Finding) -> Application | None:
    """The application of a later round that is under way."""
    later = Application.objects.filter(enterprise=row.enterprise_id, round__gt=row.round, submitted_at__isnull=False)
    return later.exclude(status__in=[status.value for status in CLOSED_STATUSES]).order_by("-id").first()


def _recorded(fact: Fact, actor: Account, at: datetime) -> int:
    transaction.on_commit(ring)
    return record(fact, actor=actor.as_actor(), at=at).number


def _locked(finding: Finding, status: FindingStatus) -> Finding:
    row = Finding.objects.select_for_update(of=("self",)).select_related("application", "enterprise").get(pk=finding.pk)
    if row.status != status:
        message = _("不符合项 %(number)s 现为“%(status)s”，不能进行此操作")
        words = {"number": row.number, "status": row.get_status_display()}
        raise NotPossible([Refusal("finding_state", message % words, remedy=of_finding(row.status))])
    return row


def _check_closer(finding: Finding, actor: Account) -> None:
    if not may_close_finding(actor, finding.application):
        raise NotAllowed([Refusal("not_allowed", _("不符合项由所在辖市区或市局核实关闭"))])
    _check_ties(finding.application, actor)


def _check_ties(application: Application, actor: Account) -> None:
    if found := tie_refusals(standing_of(application, actor)):
        raise NotAllowed(found)


def _check(application: Application, found: Found, *, on: date) -> None:
    refusals = [
        *_word_refusals("clause", found.clause, MAX_CLAUSE, _("请写明条款")),
        *_word_refusals("text", found.text, MAX_TEXT, _("请写明不符合事实")),
    ]
    menu = {module.code for module in rules_of(application.rule_id).rule.modules}
    if found.module and found.module not in menu:
        message = _("模块“%(code)s”不在菜单中") % {"code": found.module}
        refusals.append(Refusal("module_unknown", message, field="module", remedy=_("请从菜单中选择")))
    if found.severity not in Severity.values:
        message = _("严重程度“%(code)s”不存在") % {"code": found.severity}
        refusals.append(Refusal("severity_unknown", message, field="severity", remedy=_("请选择一般或严重")))
    if found.due_on < on:
        message = _("整改期限 %(day)s 早于今天") % {"day": found.due_on}
        refusals.append(Refusal("due_in_past", message, field="due_on", remedy=_("请填今天或以后的日期")))
    if refusals:
        raise Refused(refusals)


def _check_words(field: str, text: str, *, missing: str) -> None:
    if found := _word_refusals(field, text, MAX_TEXT, missing):
        raise refuse(found[0].code, found[0].message, field=field)


def _word_refusals(field: str, text: str, longest: int, missing: str) -> list[Refusal]:
    if not text.strip():
        return [Refusal("words_missing", missing, field=field)]
    if len(text.strip()) > longest:
        said = {"limit": longest, "count": len(text.strip())}
        return [Refusal("words_too_long", _("最多 %(limit)s 字，现 %(count)s 字") % said, field=field)]
    return []


# What is to become of an answered finding, by the name under which pages and API ask for it.
SETTLE = {"close": close_finding, "refuse": refuse_answer}
