"""Striking out enterprises that an import brought in by mistake: the file goes, the ledger keeps that it was there.

Only for enterprises on which nothing has been built; the database refuses to let go of one that anything refers to.
"""

from collections.abc import Sequence
from datetime import datetime

from ledger.bulk import delete_among, rows_among
from ledger.record import Actor, Fact
from ledger.stream import drafted, record_stream
from ledger.verbs import Verb

from ..search import unindex

PART = 10_000
FILES = (
    "enterprises_enterprisechange",
    "enterprises_hightechperiod",
    "enterprises_enterpriselocation",
    "enterprises_enterprisename",
)


def strike(registered: Sequence[tuple[str, int]], *, because: str, actor: Actor, at: datetime) -> None:
    """Take enterprises (credit code, number of the entry that registered each) out of the register.

    One ledger entry each, which supersedes that of the registration; inside the caller's transaction.
    `because`: a code without free text. IntegrityError, at the latest at the commit, if one is referred to.
    """
    for first in range(0, len(registered), PART):
        codes = [code for code, _number in registered[first : first + PART]]
        ids = [pk for (pk,) in rows_among("enterprises_enterprise", ("id",), "uscc", codes)]
        for table in FILES:
            delete_among(table, "enterprise_id", ids)
        unindex(ids)
        delete_among("enterprises_enterprise", "id", ids)
    facts = (
        Fact(Verb.ENTERPRISE_STRUCK, f"enterprise:{code}", {"because": because}, enterprise=code, supersedes=number)
        for code, number in registered
    )
    record_stream(map(drafted, facts), chains=[code for code, _number in registered], actor=actor, at=at)
