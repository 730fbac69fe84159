"""What a move brings with it besides decision and achievement, in the door's transaction."""

from ..stages import Status
from .certificates import of_application
from .panels import release_panel
from .passage import Passage
from .proposals import drop_findings, lock_findings
from .titles import title_of_grant


def lock_ahead(passage: Passage) -> None:
    """The rows that follow() will write, before the ledger's head is locked: whoever closes a finding locks so too."""
    if passage.move.source is Status.OBJECTED and passage.move.target is Status.EVALUATING:
        lock_findings(passage.row)


def follow(passage: Passage) -> None:
    """Certificate or title of a grant; experts let go by a withdrawal; findings dropped with what is appealed away."""
    row, move, actor, at = passage.row, passage.move, passage.actor, passage.at
    if actor is None:  # what the registry does by itself ends an application, and brings nothing else with it
        return
    if move.grants:
        of_application(row, actor=actor, at=at)
        title_of_grant(row, actor=actor, at=at)
    match move.source, move.target:
        case Status.EVALUATING, Status.WITHDRAWN:
            release_panel(row, actor=actor, at=at)
        case Status.OBJECTED, Status.EVALUATING:
            drop_findings(row, reason=passage.remark.comment, actor=actor, at=at)
