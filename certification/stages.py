"""The shape of every flow (阶段与流转): every way into and out of a status, of every stage. Pure.

This is the one file that lists the moves; the stages themselves are rows of programmes.py, and `docs/stages.md` is
generated from both. What a stage asks for (fields, evidence, waits, route, time limits) is data of the rulebook.
"""

from dataclasses import dataclass
from enum import StrEnum

from .programmes import PROGRAMME_NAMES as PROGRAMME_NAMES
from .programmes import STAGES as STAGES
from .programmes import Programme as Programme
from .programmes import Stage as Stage


class Status(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    EVALUATING = "evaluating"
    NOTICED = "noticed"
    OBJECTED = "objected"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STATUS_NAMES: dict[Status, tuple[str, str]] = {
    Status.DRAFT: ("草稿", "Draft"),
    Status.SUBMITTED: ("待受理", "Awaiting acceptance"),
    Status.ACCEPTED: ("审核中", "Under review"),
    Status.RETURNED: ("待补正", "Returned for correction"),
    Status.EVALUATING: ("评审中", "With the experts"),
    Status.NOTICED: ("公示中", "Result made public"),
    Status.OBJECTED: ("申诉处理中", "Under appeal"),
    Status.APPROVED: ("已核准", "Approved"),
    Status.REJECTED: ("不予通过", "Rejected"),
    Status.WITHDRAWN: ("已撤回", "Withdrawn"),
}

WITH_PANEL = (Status.EVALUATING, Status.NOTICED, Status.OBJECTED)
OPEN_STATUSES = (Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED, Status.RETURNED, *WITH_PANEL)
WITH_APPLICANT = (Status.DRAFT, Status.RETURNED)
WITH_REVIEWER = (Status.SUBMITTED, Status.ACCEPTED)
# The level's time limit stands: the applicant, the experts or the public have the word.
CLOCK_STANDS = (Status.RETURNED, *WITH_PANEL)
CLOSED_STATUSES = (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)


class Level(StrEnum):
    """A level of review; a rulebook's route names the levels of a stage in order."""

    TOWNSHIP = "township"
    DISTRICT = "district"
    CITY = "city"


LEVEL_NAMES: dict[Level, tuple[str, str]] = {
    Level.TOWNSHIP: ("乡镇（街道）", "Township"),
    Level.DISTRICT: ("辖市区", "Reporting unit"),
    Level.CITY: ("市局", "City"),
}


class Who(StrEnum):
    """Who may make a move; each names one predicate of rights.py."""

    APPLICANT = "applicant_of"
    REVIEWER = "reviewer_at_level"
    CITY = "city_reviewer"


class At(StrEnum):
    """At which levels of the route a move exists."""

    ANY = "any"
    NOT_LAST = "not_last"
    LAST = "last"


class Then(StrEnum):
    """What the move does to the level: nothing, enters the first, goes on to the next, or leaves."""

    STAY = "stay"
    ENTER = "enter"
    NEXT = "next"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Move:
    """A move (流转): one way out of a status into another.

    `accepted`: only if the level has (True) or has not (False) accepted before; None: either.
    `panel`: only for stages with (True) or without (False) a panel of experts; None: either.
    `decides`: an effective decision, at most one per application and turn.
    `in_batch`: made with all of a batch, and not offered alone.
    `by_itself`: made by the registry itself too, once its day has come; a person need not wait for that.
    `gates`: names in gates.py that must all be met. `verb`: the ledger's word for it.
    """

    action: str
    source: Status
    target: Status
    who: Who
    verb: str
    name_zh: str
    name_en: str
    at: At = At.ANY
    then: Then = Then.STAY
    accepted: bool | None = None
    panel: bool | None = None
    decides: bool = False
    needs_comment: bool = False
    grants: bool = False
    in_batch: bool = False
    by_itself: bool = False
    gates: tuple[str, ...] = ()


SUBMISSION_GATES = (
    "enterprise_file_complete",
    "not_already_achieved",
    "prerequisites_met",
    "waits_over",
    "fields_complete",
    "modules_chosen",
    "evidence_complete",
)
# A resubmission answers the defects; what was checked on the first day is not asked again.
RESUBMISSION_GATES = ("correction_in_time", "fields_complete", "modules_chosen", "evidence_complete")
# Between submission and decision the stage may have been reached another way (an import, a paper file), or
# what it rests on may have been revoked.
GRANT_GATES = ("not_already_achieved", "prerequisites_met")
# Of a stage with a panel besides, when one is submitted.
WINDOW_GATES = ("window_open", "self_assessment_fits")
# Of a stage with rounds besides, when one is granted.
ROUND_GATES = ("not_achieved_today", "findings_closed")
# Of a stage that is decided by rank besides, when a reporting unit sends one on.
RANKED_GATES = ("ranked_by_unit",)

MOVES: tuple[Move, ...] = (
    Move(
        "submit", Status.DRAFT, Status.SUBMITTED, Who.APPLICANT, "application.submitted", "提交", "Submit",
        then=Then.ENTER, gates=SUBMISSION_GATES,
    ),
    Move(
        "submit", Status.RETURNED, Status.SUBMITTED, Who.APPLICANT, "application.submitted", "补正后提交", "Resubmit",
        accepted=False, gates=RESUBMISSION_GATES,
    ),
    Move(
        "submit", Status.RETURNED, Status.ACCEPTED, Who.APPLICANT, "application.submitted", "补正后提交", "Resubmit",
        accepted=True, gates=RESUBMISSION_GATES,
    ),
    Move(
        "accept", Status.SUBMITTED, Status.ACCEPTED, Who.REVIEWER, "application.accepted", "受理", "Accept",
    ),
    Move(
        "return", Status.SUBMITTED, Status.RETURNED, Who.REVIEWER, "application.returned",
        "退回补正", "Return for correction", needs_comment=True,
    ),
    Move(
        "return", Status.ACCEPTED, Status.RETURNED, Who.REVIEWER, "application.returned",
        "退回补正", "Return for correction", needs_comment=True,
    ),
    Move(
        "recommend", Status.ACCEPTED, Status.SUBMITTED, Who.REVIEWER, "application.recommended",
        "审核通过并上报", "Recommend", at=At.NOT_LAST, then=Then.NEXT, decides=True,
    ),
    Move(
        "approve", Status.ACCEPTED, Status.APPROVED, Who.REVIEWER, "application.approved", "核准", "Approve",
        at=At.LAST, then=Then.LEAVE, panel=False, decides=True, grants=True, gates=GRANT_GATES,
    ),
    Move("recommend", Status.ACCEPTED, Status.EVALUATING, Who.REVIEWER, "application.sent_to_panel",
         "审核通过，提交评审", "Send to the experts", at=At.LAST, panel=True),
    Move("publish_notice", Status.EVALUATING, Status.NOTICED, Who.REVIEWER, "application.noticed",
         "公示评审结果", "Make the result public", at=At.LAST, in_batch=True, gates=("result_on_notice",)),
    Move("object", Status.NOTICED, Status.OBJECTED, Who.APPLICANT, "application.objected", "提出申诉", "Appeal",
         needs_comment=True, gates=("appeal_open",)),
    Move("close_notice", Status.OBJECTED, Status.NOTICED, Who.REVIEWER, "application.appeal_dismissed",
         "申诉不成立，维持结果", "Dismiss the appeal", at=At.LAST, needs_comment=True),
    Move("recommend", Status.OBJECTED, Status.EVALUATING, Who.REVIEWER, "application.sent_to_panel",
         "申诉成立，重新评审", "Grant the appeal: evaluate again", at=At.LAST, needs_comment=True),
    Move("grant", Status.NOTICED, Status.APPROVED, Who.REVIEWER, "application.granted", "公示无异议，予以认定",
         "Grant after the notice", at=At.LAST, then=Then.LEAVE, decides=True, grants=True,
         gates=("notice_over", "result_passed", *GRANT_GATES)),
    Move("reject", Status.NOTICED, Status.REJECTED, Who.REVIEWER, "application.rejected", "不予通过", "Reject",
         at=At.LAST, then=Then.LEAVE, decides=True, needs_comment=True, gates=("notice_over", "result_failed")),
    Move(
        "reject", Status.ACCEPTED, Status.REJECTED, Who.REVIEWER, "application.rejected", "不予通过", "Reject",
        then=Then.LEAVE, decides=True, needs_comment=True,
    ),
    Move(
        "withdraw", Status.DRAFT, Status.WITHDRAWN, Who.APPLICANT, "application.withdrawn", "撤销草稿", "Discard draft",
    ),
    Move(
        "withdraw", Status.SUBMITTED, Status.WITHDRAWN, Who.APPLICANT, "application.withdrawn", "撤回申报", "Withdraw",
        then=Then.LEAVE,
    ),
    Move(
        "withdraw", Status.ACCEPTED, Status.WITHDRAWN, Who.APPLICANT, "application.withdrawn", "撤回申报", "Withdraw",
        then=Then.LEAVE,
    ),
    Move(
        "withdraw", Status.RETURNED, Status.WITHDRAWN, Who.APPLICANT, "application.withdrawn", "撤回申报", "Withdraw",
        then=Then.LEAVE,
    ),
    # Nobody answered a return in time (docs/decisions/0019): treated as withdrawn, which is no decision on it.
    Move(
        "lapse", Status.RETURNED, Status.WITHDRAWN, Who.CITY, "application.lapsed", "逾期未补正，按撤回处理",
        "Treat as withdrawn: not corrected in time", then=Then.LEAVE, by_itself=True, gates=("correction_over",),
    ),
    # Until its result is public; from then on there is the appeal (docs/decisions/0015).
    Move(
        "withdraw", Status.EVALUATING, Status.WITHDRAWN, Who.APPLICANT, "application.withdrawn", "撤回申报", "Withdraw",
        then=Then.LEAVE, panel=True,
    ),
)  # fmt: skip


def submission_gates(stage: str) -> tuple[str, ...]:
    """What a stage asks before it is submitted for the first time."""
    return SUBMISSION_GATES + STAGES[stage].gates + (WINDOW_GATES if STAGES[stage].has_panel else ())


def resubmission_gates(stage: str) -> tuple[str, ...]:
    """What a stage asks again after a correction."""
    return RESUBMISSION_GATES + (("certificate_sound",) if STAGES[stage].has_certificate else ())


def gates_of(move: Move, stage: str) -> tuple[str, ...]:
    """What a move asks in an application for a stage."""
    if move.gates == SUBMISSION_GATES:
        return submission_gates(stage)
    if move.gates == RESUBMISSION_GATES:
        return resubmission_gates(stage)
    if not move.grants:
        return move.gates + (RANKED_GATES if STAGES[stage].has_ranking and move.then is Then.NEXT else ())
    return move.gates + STAGES[stage].gates + (ROUND_GATES if STAGES[stage].has_rounds else ())


ACTIONS: tuple[str, ...] = tuple(dict.fromkeys(move.action for move in MOVES))


def moves_from(status: Status, *, is_last_level: bool, was_accepted: bool, has_panel: bool = False) -> tuple[Move, ...]:
    """Every move that leads out of a status at such a level."""
    return tuple(
        move
        for move in MOVES
        if move.source is status
        and (move.at is At.ANY or (move.at is At.LAST) is is_last_level)
        and (move.accepted is None or move.accepted is was_accepted)
        and (move.panel is None or move.panel is has_panel)
    )
