"""What the register already holds about the enterprises of a file."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ledger.bulk import rows_among


@dataclass(slots=True)
class Existing:
    """Every value that an enterprise's file has, or had at an earlier time."""

    names: set[str] = field(default_factory=set)
    townships: set[str] = field(default_factory=set)
    tiers: set[str] = field(default_factory=set)
    industries: set[str] = field(default_factory=set)
    established: set[str] = field(default_factory=set)
    rd: set[str] = field(default_factory=set)
    certificates: set[str] = field(default_factory=set)


def existing_enterprises(codes: Iterable[str]) -> dict[str, Existing]:
    """credit code -> what is kept, for those of the codes that are registered."""
    columns = ("id", "uscc", "innovation_tier", "industry", "established_on", "has_rd_institution")
    code_of: dict[int, str] = {}
    kept: dict[int, Existing] = defaultdict(Existing)
    for pk, uscc, tier, industry, established, rd in rows_among("enterprises_enterprise", columns, "uscc", codes):
        code_of[pk] = uscc
        entry = kept[pk]
        entry.tiers.add(tier)
        entry.industries.add(industry)
        entry.established.add(str(established or ""))
        entry.rd.add(str(bool(rd)))
    if code_of:
        _dated_rows(list(code_of), kept)
        _earlier_values(list(code_of), kept)
    return {code_of[pk]: entry for pk, entry in kept.items()}


def _dated_rows(ids: list[int], kept: dict[int, Existing]) -> None:
    where = "enterprise_id"
    for pk, name in rows_among("enterprises_enterprisename", (where, "name"), where, ids):
        kept[pk].names.add(name)
    for pk, township in rows_among("enterprises_enterpriselocation", (where, "township_id"), where, ids):
        kept[pk].townships.add(township)
    for pk, certificate in rows_among("enterprises_hightechperiod", (where, "certificate"), where, ids):
        kept[pk].certificates.add(certificate)


_SETS: dict[str, Callable[[Existing], set[str]]] = {
    "innovation_tier": lambda entry: entry.tiers,
    "industry": lambda entry: entry.industries,
    "established_on": lambda entry: entry.established,
    "has_rd_institution": lambda entry: entry.rd,
}


def _earlier_values(ids: list[int], kept: dict[int, Existing]) -> None:
    """What a field was before it was amended: a file that was imported then is still no contradiction."""
    columns = ("enterprise_id", "field", "before")
    for pk, name, before in rows_among("enterprises_enterprisechange", columns, "enterprise_id", ids):
        if name in _SETS:
            _SETS[name](kept[pk]).add(before)
