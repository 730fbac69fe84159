"""Which entry of the ledger tells whom (通知规则): the one table of it, beside stages.py. Pure but for the verbs.

The ledger is the outbox: a move writes its entry in its own transaction, so whoever is to be told of it is told sooner
or later, whatever is down meanwhile (outbox.py follows the ledger, as the totals do). Nobody is told of their own act.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ledger.verbs import Verb

Payload = Mapping[str, Any]


class Whom(StrEnum):
    """Who is told; each names one question of audience.py."""

    APPLICANTS = "applicants"  # of the enterprise
    REVIEWERS = "reviewers"  # of the level that the entry names, in the application's place, if they may decide
    NEXT_REVIEWERS = "next_reviewers"  # of the level that it reaches
    EXPERTS = "experts"  # whom the entry names: drawn, or let go of
    EXPERT_GONE = "expert_gone"  # who sits no longer
    CITY = "city"  # who may confirm the result of the application
    CLOSERS = "closers"  # who may close the finding that the entry is about: its unit, and who raised it
    CONFIRMERS = "confirmers"  # who confirm requests for roles
    REQUESTER = "requester"  # who asked for a role
    ACCOUNT = "account"  # whose account it is


def _always(payload: Payload) -> bool:
    return True


def _from_draft(payload: Payload) -> bool:
    return str(payload["from"]) == "draft"


def _is_limited(payload: Payload) -> bool:
    return bool(payload.get("correct_by"))


def _is_unlimited(payload: Payload) -> bool:
    return not _is_limited(payload)


def _after_correction(payload: Payload) -> bool:
    return str(payload["from"]) == "returned"


def _after_appeal(payload: Payload) -> bool:
    return str(payload["from"]) == "objected"


def _before_appeal(payload: Payload) -> bool:
    return not _after_appeal(payload)


def _by_two_officers(payload: Payload) -> bool:
    return bool(payload.get("requested_by"))


def _has_passed(payload: Payload) -> bool:
    """A title that failed is revoked by an entry of its own."""
    return payload["passed"] is True


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with this verb, if `when` is true of its payload, tells these people by a message of this kind."""

    verb: Verb
    kind: str
    whom: Whom
    when: Callable[[Payload], bool] = _always


TABLE: tuple[Told, ...] = (
    Told(Verb.APPLICATION_SUBMITTED, "application.submitted", Whom.REVIEWERS, _from_draft),
    Told(Verb.APPLICATION_SUBMITTED, "application.resubmitted", Whom.REVIEWERS, _after_correction),
    Told(Verb.APPLICATION_ACCEPTED, "application.accepted", Whom.APPLICANTS),
    Told(Verb.APPLICATION_RETURNED, "application.returned", Whom.APPLICANTS, _is_unlimited),
    Told(Verb.APPLICATION_RETURNED, "application.returned_until", Whom.APPLICANTS, _is_limited),
    Told(Verb.APPLICATION_RECOMMENDED, "application.recommended", Whom.APPLICANTS),
    Told(Verb.APPLICATION_RECOMMENDED, "application.arrived", Whom.NEXT_REVIEWERS),
    Told(Verb.APPLICATION_APPROVED, "application.approved", Whom.APPLICANTS),
    Told(Verb.APPLICATION_REJECTED, "application.rejected", Whom.APPLICANTS),
    Told(Verb.APPLICATION_SENT_TO_PANEL, "application.evaluating", Whom.APPLICANTS, _before_appeal),
    Told(Verb.APPLICATION_SENT_TO_PANEL, "application.appeal_granted", Whom.APPLICANTS, _after_appeal),
    Told(Verb.APPLICATION_NOTICED, "application.noticed", Whom.APPLICANTS),
    Told(Verb.APPLICATION_OBJECTED, "application.objected", Whom.REVIEWERS),
    Told(Verb.APPLICATION_APPEAL_DISMISSED, "application.appeal_dismissed", Whom.APPLICANTS),
    Told(Verb.APPLICATION_GRANTED, "application.approved", Whom.APPLICANTS),
    Told(Verb.EXPERTS_DRAWN, "evaluation.assigned", Whom.EXPERTS),
    Told(Verb.EXPERTS_RELEASED, "evaluation.released", Whom.EXPERTS),
    Told(Verb.EXPERT_RECUSED, "evaluation.replaced", Whom.EXPERT_GONE),
    Told(Verb.EXPERT_RECUSED, "evaluation.stepped_back", Whom.CITY),
    Told(Verb.PANEL_CONCLUDED, "evaluation.concluded", Whom.CITY),
    Told(Verb.APPLICATION_WITHDRAWN, "application.withdrawn", Whom.REVIEWERS),
    Told(Verb.APPLICATION_LAPSED, "application.lapsed", Whom.APPLICANTS),
    Told(Verb.APPLICATION_LAPSED, "application.lapsed", Whom.REVIEWERS),
    Told(Verb.FINDING_RAISED, "finding.raised", Whom.APPLICANTS),
    Told(Verb.FINDING_ANSWERED, "finding.answered", Whom.CLOSERS),
    Told(Verb.FINDING_REFUSED, "finding.answer_refused", Whom.APPLICANTS),
    Told(Verb.FINDING_CLOSED, "finding.closed", Whom.APPLICANTS),
    Told(Verb.FINDING_DROPPED, "finding.dropped", Whom.APPLICANTS),
    Told(Verb.ACHIEVEMENT_ENDED, "achievement.ended", Whom.APPLICANTS),
    Told(Verb.ACHIEVEMENT_REVOKED, "achievement.ended", Whom.APPLICANTS),
    Told(Verb.ACHIEVEMENT_ANNULLED, "achievement.ended", Whom.APPLICANTS),
    Told(Verb.ACHIEVEMENT_REINSTATED, "achievement.reinstated", Whom.APPLICANTS),
    Told(Verb.TITLE_RECORDED, "title.recorded", Whom.APPLICANTS),
    Told(Verb.TITLE_REEXAMINED, "title.passed", Whom.APPLICANTS, _has_passed),
    Told(Verb.TITLE_GUIDED, "title.guided", Whom.APPLICANTS),
    Told(Verb.DOCUMENT_SUSPENDED, "document.changed", Whom.APPLICANTS),
    Told(Verb.DOCUMENT_RESTORED, "document.changed", Whom.APPLICANTS),
    Told(Verb.DOCUMENT_REVOKED, "document.changed", Whom.APPLICANTS),
    Told(Verb.DOCUMENT_SUPERSEDED, "document.changed", Whom.APPLICANTS),
    Told(Verb.ACCOUNT_GRANT_REQUESTED, "grant.requested", Whom.CONFIRMERS),
    Told(Verb.ACCOUNT_GRANT_REFUSED, "grant.refused", Whom.REQUESTER),
    Told(Verb.ACCOUNT_GRANTED, "grant.confirmed", Whom.REQUESTER, _by_two_officers),
    Told(Verb.ACCOUNT_GRANTED, "account.granted", Whom.ACCOUNT, _by_two_officers),
    Told(Verb.ACCOUNT_REACTIVATED, "grant.confirmed", Whom.REQUESTER, _by_two_officers),
    Told(Verb.ACCOUNT_REACTIVATED, "account.granted", Whom.ACCOUNT),
    Told(Verb.ACCOUNT_PASSWORD_RESET, "grant.confirmed", Whom.REQUESTER, _by_two_officers),
    Told(Verb.ACCOUNT_PASSWORD_RESET, "account.password_reset", Whom.ACCOUNT),
)
VERBS = tuple(sorted({row.verb.value for row in TABLE}))


def told_by(verb: str, payload: Payload) -> list[Told]:
    """The rows of the table that an entry meets."""
    return [row for row in TABLE if row.verb == verb and row.when(payload)]
