"""What the ledger says of a finding: codes, days and digests. audit_findings.py holds the rows against the same."""

from ledger.canonical import commitment
from ledger.record import Fact
from ledger.verbs import Verb

from ..models import Finding, FindingAnswer


def raised_fact(row: Finding, said: str) -> Fact:
    payload: dict[str, str | int] = {
        "application": row.application.number,
        "round": row.round,
        "module": row.module,
        "severity": str(row.severity),
        "due_on": str(row.due_on),
        "said": said,
    }
    if row.evaluation:
        payload["evaluation"] = row.evaluation
    return _fact(Verb.FINDING_RAISED, row, payload)


def answered_fact(answer: FindingAnswer, said: str) -> Fact:
    file = commitment(f"{answer.filename}\n{answer.media_type}\n{answer.size}", salt=answer.salt)[1]
    return _fact(Verb.FINDING_ANSWERED, answer.finding, {"said": said, "sha256": answer.sha256, "file": file})


def refused_fact(row: Finding, said: str) -> Fact:
    return _fact(Verb.FINDING_REFUSED, row, {"said": said})


def closed_fact(row: Finding, said: str, application: str) -> Fact:
    """`application`: the later round in which it was closed; empty: in none."""
    return _fact(Verb.FINDING_CLOSED, row, {"said": said, "application": application})


def dropped_fact(row: Finding, said: str) -> Fact:
    """The result of the evaluation that found it no longer stands."""
    return _fact(Verb.FINDING_DROPPED, row, {"said": said, "evaluation": row.evaluation})


def _fact(verb: Verb, row: Finding, payload: dict[str, str | int]) -> Fact:
    return Fact(verb, f"finding:{row.number}", payload, enterprise=row.enterprise.uscc)
