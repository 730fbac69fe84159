"""Assigning experts to candidates in balance (均衡分派). Pure, and repeatable by anybody with the published seed.

The **panel** is called by lot (draw.lot of "seed:panel:expert"): for each field of the quota, in the order of their
codes, its experts by lot until the quota is filled; then, by lot, whoever is left until the panel has its size. The
rest of the pool, by lot, is the reserve.

**Seats**: the candidates with the fewest free experts first, then by number. Each takes the free expert who is of its
field while it lacks such ones, then who sits on the fewest, then by lot ("seed:candidate:expert"). Then sheets are
passed on, from who sits on the most, along the shortest way to somebody who sits on at least two fewer, until there is
no way: where no own field is asked for, no assignment is then in better balance. A pass never takes the last expert of
its field from a candidate that asks for one.

**Replacement**: who steps back is followed by the expert of the panel who would take the seat now by the same order;
where the panel has none, by the reserve in its order.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from enterprises.language import _

from ..draw import lot
from ..errors import Refusal

PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Sitter:
    """An expert as it is called: code and fields."""

    code: str
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seat:
    """A candidate that needs experts: `barred` take no part in it; `without` sat before or stepped back."""

    code: str
    field: str = ""
    barred: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """How many sit on a panel, of which field how many at least; how many to a candidate, of its own field how many
    at least where the panel has them free.
    """

    size: int
    seats: int
    quotas: Mapping[str, int] = field(default_factory=dict)
    own_field: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """Who sits, and who follows, each in the order of the lots."""

    sitters: tuple[Sitter, ...]
    reserve: tuple[Sitter, ...]


def call(pool: Sequence[Sitter], terms: Terms, *, seed: str) -> Panel:
    """The panel from a pool; smaller than asked for where the pool is (panel_refusals says so)."""
    ordered = sorted(pool, key=lambda each: (lot(seed, PANEL, each.code), each.code))
    called: list[Sitter] = []
    for name, quota in sorted(terms.quotas.items()):
        lacking = quota - sum(name in each.fields for each in called)
        free = [each for each in ordered if name in each.fields and each not in called]
        called += free[: max(lacking, 0)]
    called += [each for each in ordered if each not in called][: max(terms.size - len(called), 0)]
    return Panel(
        tuple(each for each in ordered if each in called), tuple(each for each in ordered if each not in called)
    )


def assign(panel: Panel, seats: Sequence[Seat], terms: Terms, *, seed: str) -> dict[str, tuple[str, ...]]:
    """The experts of each candidate, in the order of its lots; fewer than asked for where too few are free."""
    table = _Table(panel.sitters, seats, terms, seed)
    for seat in sorted(seats, key=lambda each: (len(table.free(each)), each.code)):
        for _number in range(terms.seats):
            if (expert := table.next_for(seat)) is not None:
                table.sits[seat.code].add(expert)
    while passes := table.way_down():
        for seat_code, giver, taker in passes:
            table.sits[seat_code].remove(giver)
            table.sits[seat_code].add(taker)
    return {code: tuple(sorted(sat, key=lambda each: lot(seed, code, each))) for code, sat in table.sits.items()}


def replacement(
    panel: Panel, seats: Sequence[Seat], sat: Mapping[str, Collection[str]], at: str, terms: Terms, *, seed: str
) -> str | None:
    """Who takes the free seat of candidate `at`; None: nobody is left. `sat`: who sits where now."""
    table = _Table(panel.sitters, seats, terms, seed, sat)
    seat = table.seats[at]
    if (found := table.next_for(seat)) is not None:
        return found
    taken = seat.barred | seat.without | set(sat.get(at, ()))
    return next((each.code for each in panel.reserve if each.code not in taken), None)


def loads(panel: Panel, sat: Mapping[str, Collection[str]]) -> dict[str, int]:
    """On how many candidates each expert of the panel sits."""
    return {each.code: sum(each.code in experts for experts in sat.values()) for each in panel.sitters}


def panel_refusals(panel: Panel, seats: Sequence[Seat], terms: Terms) -> list[Refusal]:
    """What is lacking: experts in all, of a field, or for a candidate after its recusals; each is named."""
    found = []
    if (free := len(panel.sitters)) < terms.size:
        message = _("评审组需要专家 %(size)s 名，可抽取的只有 %(free)s 名") % {"size": terms.size, "free": free}
        found.append(Refusal("panel_too_small", message, field="experts", remedy=_("请在专家资料中补充专家")))
    for name, quota in sorted(terms.quotas.items()):
        if (free := sum(name in each.fields for each in panel.sitters)) < quota:
            message = _("领域“%(field)s”需要专家 %(quota)s 名，可抽取的只有 %(free)s 名")
            said = {"field": name, "quota": quota, "free": free}
            found.append(
                Refusal("field_too_small", message % said, field="experts", remedy=_("请在专家资料中补充专家"))
            )
    for seat in seats:
        if (free := len(_free(panel.sitters, seat))) < terms.seats:
            message = _("申报 %(number)s 需要专家 %(seats)s 名，回避后评审组中只有 %(free)s 名")
            said = {"number": seat.code, "seats": terms.seats, "free": free}
            found.append(Refusal("too_few_experts", message % said, field="experts", remedy=_("请扩大评审组")))
    return found


class _Table:
    """Who sits where, while it is being worked out."""

    def __init__(
        self,
        sitters: Sequence[Sitter],
        seats: Sequence[Seat],
        terms: Terms,
        seed: str,
        sat: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.sitters = {each.code: each for each in sitters}
        self.seats = {each.code: each for each in seats}
        self.terms, self.seed = terms, seed
        self.sits: dict[str, set[str]] = {each.code: set((sat or {}).get(each.code, ())) for each in seats}

    def free(self, seat: Seat) -> list[Sitter]:
        return _free(list(self.sitters.values()), seat)

    def load(self, expert: str) -> int:
        return sum(expert in sat for sat in self.sits.values())

    def of_field(self, seat: Seat) -> int:
        return sum(self.is_of(seat, expert) for expert in self.sits[seat.code])

    def is_of(self, seat: Seat, expert: str) -> bool:
        return expert in self.sitters and seat.field in self.sitters[expert].fields

    def next_for(self, seat: Seat) -> str | None:
        """Who is called next to a candidate."""
        lacks = self.of_field(seat) < self.terms.own_field
        waiting = [each.code for each in self.free(seat) if each.code not in self.sits[seat.code]]
        return min(
            waiting,
            key=lambda code: (lacks and not self.is_of(seat, code), self.load(code), lot(self.seed, seat.code, code)),
            default=None,
        )

    def way_down(self) -> list[tuple[str, str, str]]:
        """The shortest way of passing sheets on that brings two loads nearer: (candidate, giver, taker) each; empty:
        there is none.
        """
        load = {code: self.load(code) for code in self.sitters}
        for start in sorted(load, key=lambda code: (-load[code], code)):
            came: dict[str, tuple[str, str]] = {}
            queue = deque([start])
            while queue:
                giver = queue.popleft()
                for seat, taker in self._passes(giver):
                    if taker == start or taker in came:
                        continue
                    came[taker] = (seat, giver)
                    if load[taker] <= load[start] - 2:
                        return _back(came, start, taker)
                    queue.append(taker)
        return []

    def _passes(self, giver: str) -> Iterator[tuple[str, str]]:
        """The sheets that an expert could pass on, and to whom."""
        for code in sorted(seat for seat, sat in self.sits.items() if giver in sat):
            seat = self.seats[code]
            spare = not self.is_of(seat, giver) or self.of_field(seat) > self.terms.own_field
            for taker in sorted(each.code for each in self.free(seat) if each.code not in self.sits[code]):
                if spare or self.is_of(seat, taker):
                    yield code, taker


def _free(sitters: Sequence[Sitter], seat: Seat) -> list[Sitter]:
    return [each for each in sitters if each.code not in seat.barred and each.code not in seat.without]


def _back(came: Mapping[str, tuple[str, str]], start: str, end: str) -> list[tuple[str, str, str]]:
    passes = []
    while end != start:
        seat, giver = came[end]
        passes.append((seat, giver, end))
        end = giver
    return passes
