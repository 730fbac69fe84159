"""What is kept of a move: the decision that people read, the achievement that it grants, the ledger's word of both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from enterprises.origin import origin
from ledger.prepared import Row, Statement
from ledger.record import Fact, record_along
from ledger.rows import insertion
from ledger.verbs import Verb

from ..models import Decision
from ..stages import Then
from .achievements import granted, recorded_fact
from .documents import Issuing
from .passage import Known, Passage
from .statements import committed_content, committed_words, submitted_content


@dataclass(frozen=True, slots=True)
class Before:
    """How an application stood before the move."""

    status: str
    turn: int
    level: str
    correct_by: date | None


def keep(passage: Passage, before: Before, known: Known, issuing: Issuing, *, changes: Sequence[Statement]) -> None:
    """Write the changes, the entries of the ledger, the decision, what it grants, and the papers that say so.

    Everything is ready before the ledger is asked for its numbers: until the commit it is locked for all.
    """
    decision = _decision(passage, before)
    facts = [_moved(passage, decision)]
    achievement = granted(passage.row, known.place, at=passage.at) if known.place else None
    if achievement:
        facts.append(recorded_fact(achievement, uscc=passage.row.enterprise.uscc))

    def numbered(numbers: Sequence[int]) -> Iterator[Statement]:
        for fact, number in zip((decision, achievement), numbers, strict=False):
            if fact:
                fact.ledger_number = number
                yield insertion(fact)
        granted_as = achievement.ledger_number if achievement else None
        yield from issuing.written(numbers, decision_id=decision.ledger_number, achievement_id=granted_as)

    def papers(answers: Sequence[list[Row]]) -> list[Fact]:
        issued_by = passage.actor.pk if passage.actor else None
        return issuing.facts(answers, issued_by_id=issued_by, issued_at=passage.at, next_at=passage.at)

    asked = [*changes, *issuing.asked()]
    record_along(facts, actor=passage.acting, at=passage.at, before=asked, after=numbered, further=papers)


def _decision(passage: Passage, before: Before) -> Decision:
    row, move, remark, whence = passage.row, passage.move, passage.remark, origin()
    entered = move.then is Then.ENTER
    return Decision(
        application=row,
        turn=row.turn if entered else before.turn,
        level=row.level if entered else before.level,
        action=move.action,
        decides=move.decides,
        from_status=before.status,
        to_status=move.target.value,
        actor=passage.actor,
        role=passage.acting.role,
        at=passage.at,
        comment=remark.comment.strip(),
        defects=list(remark.defects),
        correct_by=row.correct_by or (before.correct_by if move.by_itself else None),
        snapshot=submitted_content(row) if move.action == "submit" else {},
        channel=whence.channel.value,
        address=whence.address,
    )


def _moved(passage: Passage, decision: Decision) -> Fact:
    """What the ledger says of the move, codes and digests only; gives the decision their salt."""
    decision.salt, said = committed_words(decision.comment, decision.defects)
    payload = {
        "level": decision.level,
        "turn": decision.turn,
        "from": decision.from_status,
        "to": decision.to_status,
        "said": said,
        "content": committed_content(decision.snapshot, salt=decision.salt),
    }
    if decision.correct_by:  # older entries say nothing of it
        payload["correct_by"] = str(decision.correct_by)
    subject = f"application:{passage.row.number}"
    return Fact(Verb(passage.move.verb), subject, payload, enterprise=passage.row.enterprise.uscc)
