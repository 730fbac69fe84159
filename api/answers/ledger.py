"""The ledger and jobs as they are answered."""

from dataclasses import asdict
from typing import Any

from certification.ledger_words import ROLES
from certification.models import Job
from certification.services.verification import Answer
from ledger.canonical import timestamp
from ledger.models import LedgerCheckpoint, LedgerEntry
from ledger.reading import canonical_of, content_of, neighbours

from ..labels import JOB_KIND_NAMES, moment


def entry(row: LedgerEntry) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": timestamp(row.at),
        "actor": row.actor,
        "role": row.role,
        "role_display": str(ROLES.get(row.role, row.role)),
        "verb": row.verb,
        "verb_display": row.get_verb_display(),
        "subject": row.subject,
        "enterprise": row.enterprise,
        "enterprise_seq": row.enterprise_seq,
        "payload": content_of(row.payload),
        "supersedes": row.supersedes,
        "prev": row.prev,
        "hash": row.hash,
    }


def entry_with_neighbours(row: LedgerEntry) -> dict[str, Any]:
    around = asdict(neighbours(row))
    return entry(row) | around | {"canonical": canonical_of(row), "enterprise_prev": row.enterprise_prev}


def checkpoint(row: LedgerCheckpoint) -> dict[str, Any]:
    return {"size": row.size, "at": timestamp(row.at), "root": row.root, "note": row.note}


def verification(answer: Answer) -> dict[str, Any]:
    found = answer.found
    return {
        "ok": None if found is None else not found.faults,
        "checked": found.checked if found else 0,
        "faults": [{"number": fault.number, "reason": fault.reason} for fault in (found.faults if found else ())],
        "verified_at": moment(answer.at),
        "job": answer.job.pk if answer.job else None,
    }


def job(row: Job) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "kind_display": str(JOB_KIND_NAMES.get(row.kind, row.kind)),
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
