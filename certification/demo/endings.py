"""What became of some of the bureau's own certificates: suspended, issued anew, revoked, lapsed (演示数据).

With those that are valid, `/verify/<code>/` shows each standing.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from enterprises.models import Account

from ..document_life import Event as Change
from ..models import Achievement, Document
from ..paperwork import Kind
from ..services.achievements import end_achievement
from ..services.document_events import happen
from .facts import Event, moment
from .journeys import Journey, weekday_before

# Days ago and ground; without a change it is the achievement that the enterprise gives up.
ENDINGS: tuple[tuple[Change | None, int, str], ...] = (
    (Change.SUSPENDED, 12, "企业管理体系停止运行待核实，暂停使用（演示）"),
    (Change.SUPERSEDED, 6, "证书遗失，企业申请换发（演示）"),
    (Change.REVOKED, 20, "以不实材料取得，依法撤销（演示）"),
    (None, 15, "企业停产，申请注销备案（演示）"),
)


def ending_events(certified: Sequence[Journey], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """One after the other, each with an application of its own that was approved before."""
    city, today = accounts["shiju"], timezone.localdate(at)
    for journey, (change, days, ground) in zip(certified, ENDINGS, strict=True):
        when = moment(weekday_before(today, days), hour=16, minute=50)
        yield when, _changing(journey, change, ground, city, when) if change else _ending(journey, ground, city, when)


def _changing(journey: Journey, change: Change, ground: str, city: Account, at: datetime) -> Callable[[], None]:
    def act() -> None:
        paper = Document.objects.get(application=journey.row, kind=Kind.CERTIFICATE)
        happen(paper, change, ground=ground, actor=city, at=at)

    return act


def _ending(journey: Journey, ground: str, city: Account, at: datetime) -> Callable[[], None]:
    def end() -> None:
        fact = Achievement.objects.get(application=journey.row)
        end_achievement(fact, reason="withdrawn", ended_on=timezone.localdate(at), ground=ground, actor=city, at=at)

    return end
