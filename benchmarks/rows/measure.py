"""Measuring by turns: product and limit one after the other, so that a busy moment of the machine hits both."""

import gc
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

ROUNDS = 7
Work = Callable[[], Any]


@dataclass
class Result:
    """One row. `ratio` is product over limit, so that smaller is better; `goal` is the most it should be."""

    name: str
    product: float
    limit: float
    goal: float | None
    goal_text: str
    product_text: str = ""
    limit_text: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.product / self.limit if self.limit else float("inf")

    @property
    def is_met(self) -> bool | None:
        return None if self.goal is None else self.ratio <= self.goal

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.is_met}


def seconds(work: Work) -> float:
    """How long one run takes; the garbage collector waits meanwhile."""
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    try:
        work()
        return time.perf_counter() - started
    finally:
        gc.enable()


def by_turns(product: Work, limit: Work, *, rounds: int = ROUNDS, warm: bool = True) -> tuple[float, float]:
    """Medians of product and limit over the rounds, after one unmeasured run of each."""
    if warm:
        product()
        limit()
    pairs = [(seconds(product), seconds(limit)) for _ in range(rounds)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def median_of(work: Work, *, rounds: int) -> float:
    """The median of some runs of one work alone."""
    return median(seconds(work) for _ in range(rounds))


def repeated(work: Work, times: int) -> Work:
    """The same work several times over, for what is too short to be measured once."""

    def repeat() -> None:
        for _ in range(times):
            work()

    return repeat


def each(work: Callable[[Any], Any], items: list[Any]) -> Work:
    """The work on the next item in each run: for what can be done to an item only once."""
    source = iter(items)
    return lambda: work(next(source))
