"""The batches of evaluations in the demo data, one in each phase. Pure data; days are counted back from today."""

from dataclasses import dataclass

from .scenes import Steps

TO_EXPERTS: Steps = (
    ("submit", 30), ("accept", 29), ("recommend", 27), ("accept", 26), ("recommend", 24), ("accept", 23),
    ("recommend", 20),
)  # fmt: skip
# Held up at the city, and drawn for later than the others of its batch.
HELD_UP: Steps = (
    ("submit", 62), ("accept", 61), ("recommend", 59), ("accept", 58), ("recommend", 56), ("accept", 22),
    ("recommend", 12),
)  # fmt: skip
AT_CITY: Steps = TO_EXPERTS[:-1]
AT_TOWNSHIP: Steps = (("submit", 2),)
NOBODY: tuple[Steps, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A batch: its window, the ways of its applications, who scored when, what the city did.

    `scored`: (which application, how many experts handed in, how many days ago). `planned`: put down that many days
    ago and not open yet. `begun`: the application that one more expert has half scored.
    """

    code: str
    title: str
    opens: int
    closes: int
    ways: tuple[Steps, ...] = NOBODY
    drawn: int = 0
    scored: tuple[tuple[int, int, int], ...] = ()
    acts: tuple[tuple[str, int], ...] = ()
    planned: int = 0
    begun: int | None = None
    notice_days: int | None = None


def earlier(steps: Steps, days: int) -> Steps:
    """The same moves that many days longer ago."""
    return tuple((action, ago + days) for action, ago in steps)


ON_NOTICE = earlier(TO_EXPERTS, 85)
# In the order of time: of one stage only one batch is open.
COURSES: tuple[Course, ...] = (
    Course(
        "DEMO-1", "绩效评价第一批（演示：已办结）", 200, 160, (earlier(TO_EXPERTS, 140),) * 3, 155,
        ((0, 5, 150), (1, 5, 149), (2, 5, 148)), (("close", 157), ("publish", 146), ("recognise", 120)),
    ),
    Course(
        "DEMO-2", "绩效评价第二批（演示：公示和申诉）", 140, 95,
        (ON_NOTICE, ON_NOTICE, (*ON_NOTICE, ("object", 3))), 90,
        ((0, 5, 80), (1, 5, 79), (2, 5, 78)), (("close", 93), ("publish", 8)), notice_days=20,
    ),
    Course(
        "DEMO-3", "绩效评价第三批（演示：已截止，评分中）", 70, 58, (*(earlier(TO_EXPERTS, 35),) * 2, HELD_UP), 47,
        ((0, 5, 40), (1, 3, 39), (2, -2, 4)), (("close", 56), ("score", 9)), begun=2,
    ),
    Course(
        "DEMO-4", "绩效评价第四批（演示：受理中）", 45, -25, (*(TO_EXPERTS,) * 3, AT_CITY, AT_TOWNSHIP),
    ),
    Course("DEMO-5", "绩效评价第五批（演示：筹备中）", -30, -60, planned=3),
)  # fmt: skip
