"""Credit checks, priorities and yearly figures of some enterprises (演示数据): in each standing, all synthetic."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from enterprises.models import Account

from ..inputs.credit_stated import StatedCheck
from ..inputs.figure_rules import StatedFigures
from ..inputs.priority_stated import StatedPriority
from ..models import CreditCheck, Priority
from ..services.credit import correct_check, record_check
from ..services.figures import state_figures
from ..services.input_facts import Act
from ..services.priorities import end_priority, record_priority
from .facts import Event, History, moment

CHAINS = ("轨道交通", "智能数控和机器人", "新医药", "碳材料", "太阳能光伏")
ADVERSE = "演示罚〔2026〕1号，虚假宣传（演示数据）"
# Of each enterprise: how many days ago its credit was looked up, and whether something was found.
LOOKED_UP = ((20, ""), (45, ""), (90, ""), (400, ""), (30, ADVERSE), (60, ""))
YEARS = 2
# Of the candidates of a ranked batch: looked up before its window; of the first so long ago that it soon expires.
SETTLED, EXPIRING = 77, 170


def input_events(histories: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """Clear, expired and adverse credit, one correction; chains, R&D bodies and tiers, one of them ended."""
    city, today = accounts["shiju"], timezone.localdate(at)
    for number, (history, (days, ground)) in enumerate(zip(histories, LOOKED_UP, strict=False)):
        yield from _checks(history, today - timedelta(days=days), ground, city)
        yield from _priorities(number, history, city, today, marks_end=True)
    if histories:
        yield from _corrected(histories[0], city, today)


def credible_events(histories: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """What candidates of a ranked batch bring: clear checks, of one soon to expire, and the marks that a mix shows."""
    city, today = accounts["shiju"], timezone.localdate(at)
    for number, history in enumerate(histories):
        yield from _checks(history, today - timedelta(days=SETTLED if number else EXPIRING), "", city)
        yield from _priorities(number, history, city, today)


def _checks(history: History, day: date, ground: str, city: Account) -> Iterator[Event]:
    for minute, source in enumerate(("credit_china", "market_regulator")):
        found = ground if minute else ""
        said = StatedCheck(source, "adverse" if found else "clear", found, day)
        yield _at(day, minute, _checking(history, said), city)


def _corrected(history: History, city: Account, today: date) -> Iterator[Event]:
    """A look-up of the list of dishonesty that was recorded for the wrong day."""
    day = today - timedelta(days=12)
    wrong, right = (StatedCheck("ip_office", "clear", "", each) for each in (day - timedelta(days=1), day))
    yield _at(day, 30, lambda act: record_check(history.row, wrong, act), city)

    def correct(act: Act) -> None:
        row = CreditCheck.objects.select_related("enterprise").get(enterprise=history.row, source="ip_office")
        correct_check(row, right, Act(act.actor, act.at, "核查日期抄录有误（演示）"))

    yield _at(day, 50, correct, city)


def _priorities(
    number: int, history: History, city: Account, today: date, *, marks_end: bool = False
) -> Iterator[Event]:
    since = today - timedelta(days=150 + number)
    document = f"演示文〔{since.year}〕{number + 1}号"
    marks = [("industry_chain", CHAINS[number % len(CHAINS)]), ("rd_body", "企业技术中心（演示）")]
    marks += [("core_invention_sme", "")] if number % 2 else [("innovation_tier", "领军企业")]
    for minute, (kind, value) in enumerate(marks):
        said = StatedPriority(kind, value, since, None, document)
        yield _at(since, minute, _marking(history, said), city)
    if number == 1 and marks_end:
        last_day = today - timedelta(days=40)

        def end(act: Act) -> None:
            row = Priority.objects.select_related("enterprise").get(enterprise=history.row, kind="rd_body")
            end_priority(row, last_day, Act(act.actor, act.at, "机构已撤并（演示）"))

        yield _at(last_day, 40, end, city)


def figure_events(histories: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """Two years of figures; one enterprise explains a great difference, another corrects its year."""
    today = timezone.localdate(at)
    for number, history in enumerate(histories[: len(LOOKED_UP)]):
        own = accounts[history.profile.uscc]
        for back in range(YEARS):
            year = today.year - YEARS + back
            explained = {"staff": "并入子公司（演示）"} if number == 0 and back else {}
            said = StatedFigures(year, _values(number, back), explained)
            yield _at(today - timedelta(days=70 - 10 * back), number, _stating(history, said), own)
        if number == 2:
            values = {**_values(number, 1), "trademarks_held": "9"}
            again = StatedFigures(today.year - 1, values, {}, "漏报商标（演示）")
            yield _at(today - timedelta(days=30), number, _stating(history, again), own)


def _values(number: int, back: int) -> dict[str, str]:
    """Synthetic figures, a little more each year."""
    staff = (120 + 35 * number) * (3 if number == 0 and back else 1)
    more = 1 + back
    whole = {
        "invention_applied": 6 + number * more,
        "invention_granted": 3 + number,
        "invention_held": 14 + 4 * number + 3 * back,
        "utility_applied": 10 + more,
        "utility_held": 40 + 5 * number + 6 * back,
        "design_held": 3 + back,
        "trademarks_held": 5 + number,
        "copyrights_held": 4 + back,
        "standards_led": number % 3,
        "staff": staff,
        "rd_staff": 18 + 4 * number,
    }
    money = {
        "sales_revenue": f"{6000 + 1500 * number + 400 * back}.50",
        "rd_spending": f"{360 + 90 * number + 30 * back}.25",
        "own_ip_share": f"{55 + number + back}.5",
    }
    return {code: str(value) for code, value in whole.items()} | money


def _checking(history: History, said: StatedCheck) -> Callable[[Act], object]:
    return lambda act: record_check(history.row, said, act)


def _marking(history: History, said: StatedPriority) -> Callable[[Act], object]:
    return lambda act: record_priority(history.row, said, act)


def _stating(history: History, said: StatedFigures) -> Callable[[Act], object]:
    return lambda act: state_figures(history.row, said, version=None, actor=act.actor, at=act.at)


def _at(day: date, minute: int, deed: Callable[[Act], object], actor: Account) -> Event:
    """The deed on a day, by somebody."""
    when = moment(day, hour=16, minute=minute)

    def happen() -> None:
        deed(Act(actor, when))

    return when, happen


def eligible(histories: Sequence[History]) -> list[History]:
    """Those that have high-tech status and reached something: candidates for the IP-intensive."""
    found = [history for history in histories if history.profile.high_tech and history.profile.reached]
    return found[: len(LOOKED_UP)]
