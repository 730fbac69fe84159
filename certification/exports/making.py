"""Making an export: what was asked for is read, checked and written to a file, or left to a job if it is long."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Account

from ..errors import NotAllowed, Refusal
from ..parameters import read_all
from .listing import Asked, Listing, Selection
from .listings import LISTINGS
from .sheets import FORMS, Notes

DEMO_WORDS = gettext_lazy(
    "企业、账户和认定记录均为虚构，仅供演示，不作为任何办理依据。规划目标和期初数为真实公开数据。"
)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """An export that was asked for. `given`: the filters as they were written, `asked`: as they were read."""

    listing: Listing
    form: str
    given: Mapping[str, str]
    asked: Asked
    at: datetime

    @property
    def filename(self) -> str:
        """List, day and form: nothing of what is inside."""
        mark = [_("演示数据")] if settings.DEMO_DATA else []
        return "-".join([str(self.listing.name), *mark, f"{timezone.localdate(self.at)}"]) + f".{self.form}"

    @property
    def detail(self) -> dict[str, Any]:
        """What the audit trail says of it, in codes: of a text that a person typed, only that there was one."""
        words = {param.name: param.is_free_text for param in self.listing.filters}
        filters = [name if words[name] else f"{name}:{value}" for name, value in sorted(self.given.items())]
        return {"list": self.listing.kind, "format": self.form, "filters": filters}


@dataclass(frozen=True, slots=True)
class Made:
    """An export in memory: it has at most EXPORT_DIRECT_ROWS."""

    file: BytesIO
    rows: int


def order(kind: str, form: str, given: QueryDict, *, account: Any, at: datetime) -> Order:
    """What an address asks for.

    Raises Http404 for an unknown list, NotAllowed for a caller without the list's right, Refused for a bad filter.
    """
    listing = LISTINGS.get(kind)
    if listing is None or form not in FORMS:
        raise Http404
    if not listing.allows(account):
        raise NotAllowed([Refusal("not_allowed", _("您的角色不能导出这个列表"))])
    values = read_all(given, listing.filters)
    filters = {name: str(given[name]) for name in given}
    return Order(listing, form, filters, Asked(account, values, timezone.localdate(at)), at)


def made_at_once(order: Order) -> Made | None:
    """The export, made now; None where it has more rows than a request waits for."""
    most = settings.EXPORT_DIRECT_ROWS
    selection = Selection(order.listing, order.asked, most=most)
    if selection.total > most:
        return None
    file = BytesIO()
    rows = write(order, selection, file)
    file.seek(0)
    return Made(file, rows)


def write(order: Order, selection: Selection, file: BinaryIO, progress: Progress = lambda done, total: None) -> int:
    """Write the rows of a selection to a file; how many they were."""
    writer = FORMS[order.form](file, order.listing.columns, str(order.listing.name))
    done = 0
    for rows in selection.portions():
        writer.add(rows)
        done += len(rows)
        progress(done, selection.total)
    writer.close(notes(order, done))
    file.seek(0, 2)
    return done


def notes(order: Order, rows: int) -> Notes:
    """What is to be said about an export: what it is, of when, for whom, narrowed by what, how many."""
    told = [
        (_("列表"), str(order.listing.name)),
        (_("导出时间"), f"{timezone.localtime(order.at):%Y-%m-%d %H:%M:%S}"),
        (_("导出人"), _by(order.asked.account)),
        (_("筛选条件"), _("；").join(_narrowed(order)) or _("无")),
        (_("行数"), str(rows)),
        (_("列"), _("、").join(str(column.name) for column in order.listing.columns)),
    ]
    if settings.DEMO_DATA:
        told.append((_("演示数据"), str(DEMO_WORDS)))
    return told


def _by(account: Any) -> str:
    return f"{account.username} · {account.get_role_display()}" if isinstance(account, Account) else _("未登录")


def _narrowed(order: Order) -> Iterator[str]:
    for name, value in order.given.items():
        yield f"{name} = {value}"
