"""Applications: the caller's own or those of their area, and the worklists of the reviewers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from ...caseload import FILTERS, applications_matching
from ...parameters import boolean, choice, text
from ...queues import Narrowing, Queue, worklist
from ...stages import LEVEL_NAMES, STAGES, STATUS_NAMES, WITH_REVIEWER, Level, Status
from ...wording import named, unit_column, worded
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
PENDING = Queue.PENDING.value
QUEUE_FILTERS = (
    choice("queue", "Where they lie, seen from the caller's level", [queue.value for queue in Queue], default=PENDING),
    text("q", "Number, fragment of the enterprise's name, or credit code", longest=60),
    choice("stage", "Stage", list(STAGES)),
    choice("status", "Status", [status.value for status in Status]),
    boolean("overdue", "Only those past their time limit"),
)


def _level(row: Any) -> str:
    return worded(LEVEL_NAMES[Level(row["level"])]) if row["level"] and not row["closed_at"] else ""


NUMBER = Column("number", _("申报编号"), Kind.CODE)
ENTERPRISE = Column("enterprise", _("企业"), take=lambda row: row["enterprise_name"])
USCC = Column("uscc", _("统一社会信用代码"), Kind.CODE)
STAGE = Column("stage", _("阶段"), take=lambda row: named(STAGES[row["stage"]]))
TOWNSHIP = Column("township", _("区划"), take=lambda row: row["township_name"])
UNIT = Column("reporting_unit", _("统计单元"), take=lambda row: row["unit_name"])
STATUS = Column("status", _("状态"), take=lambda row: worded(STATUS_NAMES[Status(row["status"])]))
LEVEL = Column("level", _("当前层级"), take=_level)
SUBMITTED = Column("submitted_at", _("首次提交时间"), Kind.MOMENT)
CLOSED = Column("closed_at", _("办结时间"), Kind.MOMENT)
DUE = Column("due_on", _("办理期限"), Kind.DATE)
CORRECT_BY = Column("correct_by", _("补正期限"), Kind.DATE)
LATE = Column("overdue", _("已超期"), Kind.FLAG)

APPLICATIONS = Columns(
    [
        NUMBER,
        ENTERPRISE,
        USCC,
        STAGE,
        Column("round", _("轮次"), Kind.INTEGER),
        STATUS,
        LEVEL,
        TOWNSHIP,
        UNIT,
        Column("created_at", _("建立时间"), Kind.MOMENT),
        SUBMITTED,
        CLOSED,
        DUE,
        CORRECT_BY,
        LATE,
    ],
    on_page=("number", "stage", "status", "submitted_at", "closed_at"),
)
REVIEWS = Columns(
    [
        NUMBER,
        ENTERPRISE,
        USCC,
        STAGE,
        TOWNSHIP,
        UNIT,
        STATUS,
        LEVEL,
        Column("entered_at", _("到达本环节"), Kind.MOMENT),
        DUE,
        CORRECT_BY,
        LATE,
        SUBMITTED,
        CLOSED,
    ],
    on_page=("number", "enterprise", "stage", "township", "status", "entered_at", "due_on"),
)


def _applications(asked: Asked) -> "QuerySet[Any]":
    return applications_matching(asked.account, asked.values, on=asked.on).order_by(asked.values["ordering"])


def _worklist(asked: Asked) -> "QuerySet[Any]":
    said = asked.values
    narrowing = Narrowing(said["q"] or "", said["stage"] or "", said["status"] or "", bool(said["overdue"]))
    return worklist(asked.account, Queue(said["queue"]), narrowing, on=asked.on)


def _rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    plain = ("id", "number", "stage", "round", "status", "level", "due_on", "correct_by")
    moments = ("created_at", "submitted_at", "closed_at")
    arrived = [name for name in rows.query.annotations if name == "entered_at"]
    found = rows.values(
        *plain,
        *moments,
        *arrived,
        uscc=F("enterprise__uscc"),
        enterprise_name=F("enterprise__name"),
        township_name=F("township__name"),
        unit_name=F(f"reporting_unit__{unit_column()}"),
    )
    for row in found:
        limit = row["due_on"] if row["status"] in WITH_REVIEWER else row["correct_by"]
        yield row | {"overdue": limit is not None and limit < asked.on}


LISTINGS = (
    Listing(
        "applications",
        _("申报"),
        APPLICATIONS,
        rows=_applications,
        load=_rows,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
    Listing(
        "reviews",
        _("审核待办"),
        REVIEWS,
        rows=_worklist,
        load=_rows,
        may=lambda account: bool(account.is_reviewer),
        filters=QUEUE_FILTERS,
    ),
)
