"""The ledger and jobs as they are answered."""

import json
from typing import Any

from certification.models import Job
from ledger.canonical import timestamp
from ledger.models import LedgerEntry
from ledger.verify import Fault

from ..labels import moment


def entry(row: LedgerEntry) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": timestamp(row.at),
        "actor": row.actor,
        "role": row.role,
        "verb": row.verb,
        "verb_display": row.get_verb_display(),
        "subject": row.subject,
        "enterprise": row.enterprise,
        "enterprise_seq": row.enterprise_seq,
        "payload": json.loads(row.payload),
        "supersedes": row.supersedes,
        "prev": row.prev,
        "hash": row.hash,
    }


def verification(checked: int, faults: list[Fault]) -> dict[str, Any]:
    return {
        "ok": not faults,
        "checked": checked,
        "faults": [{"number": fault.number, "reason": fault.reason} for fault in faults],
    }


def job(row: Job) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "state": row.state,
        "state_display": row.get_state_display(),
        "done": row.done,
        "total": row.total,
        "message": row.message,
        "result": row.result,
        "created_at": moment(row.created_at),
        "started_at": moment(row.started_at),
        "finished_at": moment(row.finished_at),
    }
