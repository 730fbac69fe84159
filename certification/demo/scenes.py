"""Applications under way: which move was made how many days ago, and where. Pure data.

Every status at every level occurs, within its time limit and past it, so that each demo account finds
work to do.
"""

from dataclasses import dataclass

from .histories import CULTIVATION, IMPLEMENTATION

Steps = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """An application: its stage, the days since each move, and whether in the home township, unit, or anywhere."""

    stage: str
    place: str
    steps: Steps


TO_DISTRICT: Steps = (("submit", 26), ("accept", 24), ("recommend", 20))
TO_CITY: Steps = (("submit", 40), ("accept", 38), ("recommend", 34), ("accept", 32), ("recommend", 25))
APPROVED: Steps = (
    ("submit", 60),
    ("accept", 58),
    ("recommend", 54),
    ("accept", 52),
    ("recommend", 46),
    ("accept", 44),
    ("approve", 36),
)
RETURNED_ONCE: Steps = (("submit", 16), ("accept", 14), ("return", 11), ("submit", 6))


def later(steps: Steps, days: int) -> Steps:
    """The same moves some days nearer to today (negative: longer ago)."""
    return tuple((action, ago - days) for action, ago in steps)


# The last day for its correction is near; and one that nobody corrected in time.
HARDLY_IN_TIME: Steps = (("submit", 24), ("accept", 22), ("return", 19))
NEVER_CORRECTED: Steps = (("submit", 52), ("return", 46), ("lapse", 5))


DRAFT: Steps = ()
AT_TOWNSHIP: tuple[Steps, ...] = (
    (("submit", 1),),
    (("submit", 2),),
    (("submit", 13),),
    (("submit", 5), ("accept", 4)),
    (("submit", 24), ("accept", 22)),
    (("submit", 6), ("return", 4)),
    (("submit", 12), ("accept", 10), ("return", 7)),
    RETURNED_ONCE,
)
AT_DISTRICT: tuple[Steps, ...] = (
    later(TO_DISTRICT, 18),
    later(TO_DISTRICT, 5),
    (*TO_DISTRICT, ("accept", 17)),
    (*later(TO_DISTRICT, 12), ("accept", 5)),
    (*TO_DISTRICT, ("accept", 18), ("return", 9)),
)
AT_CITY: tuple[Steps, ...] = (
    later(TO_CITY, 24),
    later(TO_CITY, 12),
    (*later(TO_CITY, 15), ("accept", 8)),
    (*TO_CITY, ("accept", 22)),
)
CLOSED: tuple[Steps, ...] = (
    APPROVED,
    later(APPROVED, 20),
    later(APPROVED, -40),
    later(APPROVED, -90),
    later(APPROVED, -150),
    (("submit", 30), ("accept", 28), ("reject", 21)),
    (("submit", 45), ("accept", 43), ("recommend", 40), ("accept", 38), ("reject", 30)),
    (("submit", 9), ("withdraw", 8)),
)

SCENES: tuple[Scene, ...] = (
    *(Scene(CULTIVATION, "township", steps) for steps in (DRAFT, *AT_TOWNSHIP)),
    *(Scene(CULTIVATION, "unit", steps) for steps in AT_DISTRICT),
    *(Scene(CULTIVATION, "any", steps) for steps in (*AT_CITY, *CLOSED, DRAFT, AT_TOWNSHIP[0])),
    *(Scene(IMPLEMENTATION, "township", steps) for steps in (AT_TOWNSHIP[1], AT_TOWNSHIP[4])),
    *(Scene(IMPLEMENTATION, "unit", steps) for steps in (AT_DISTRICT[0], AT_DISTRICT[2])),
    *(Scene(IMPLEMENTATION, "any", steps) for steps in (*AT_CITY[:3], *CLOSED[:4], DRAFT)),
    *(Scene(CULTIVATION, "township", steps) for steps in (HARDLY_IN_TIME, NEVER_CORRECTED)),
)
