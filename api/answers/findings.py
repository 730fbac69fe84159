"""Findings as they are answered."""

from typing import Any

from django.urls import reverse

from certification.models import Application, Finding, FindingAnswer
from certification.querysets import FindingQuerySet
from certification.services.findings import carried_into
from enterprises.models import Account

from ..labels import moment, stage_name


def listed(rows: FindingQuerySet) -> FindingQuerySet:
    return rows.with_file().prefetch_related("answers")


def of_round(row: Application, account: Account) -> dict[str, Any]:
    """What was raised in an application's round and carried into it."""
    raised = Finding.objects.visible_to(account).filter(application=row)
    carried = carried_into(row).visible_to(account)
    return {
        "raised": [shown(each) for each in listed(raised)],
        "carried": [shown(each) for each in listed(carried)],
    }


def shown(row: Finding) -> dict[str, Any]:
    return {
        "number": row.number,
        "enterprise": row.enterprise.uscc,
        "enterprise_display": row.enterprise.name,
        "application": row.application.number,
        "stage": row.application.stage,
        "stage_display": stage_name(row.application.stage),
        "round": row.round,
        "module": row.module,
        "clause": row.clause,
        "text": row.text,
        "severity": row.severity,
        "severity_display": row.get_severity_display(),
        "status": row.status,
        "status_display": row.get_status_display(),
        "due_on": row.due_on,
        "raised_at": moment(row.raised_at),
        "ledger_number": row.ledger_number,
        "closed_at": moment(row.closed_at),
        "closed_in": row.closed_in.number if row.closed_in else None,
        "closing_reason": row.closing_reason,
        "answers": [answer(each) for each in row.answers.all()],
    }


def answer(row: FindingAnswer) -> dict[str, Any]:
    return {
        "id": row.pk,
        "text": row.text,
        "filename": row.filename,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "at": moment(row.at),
        "url": reverse("api-finding-file", args=[row.pk]),
        "ledger_number": row.ledger_number,
        "refused_at": moment(row.refused_at),
        "refused_for": row.refused_for,
    }
