"""The achievements of the enterprises in sight, and every dated fact of one of them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise

from ...certificate_life import Kind as Turn
from ...models import Achievement, CertificateEvent, EndReason
from ...parameters import boolean, choice, code, day, needed
from ...queries import TimelineEvent, timeline
from ...stages import STAGES
from ...wording import named, unit_column
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

FILTERS = (
    code("enterprise", "Credit code"),
    choice("stage", "Stage", list(STAGES)),
    code("reporting_unit", "Reporting unit on the day of the achievement"),
    day("since", "Reached on this day or later"),
    day("until", "Reached on this day or earlier"),
    boolean("in_force", "In force today, or not"),
)
NARROWED = {
    "enterprise": "enterprise__uscc",
    "stage": "stage",
    "reporting_unit": "reporting_unit",
    "since": "effective_on__gte",
    "until": "effective_on__lte",
}
KINDS = {
    "achievement": _("认定"),
    "ending": _("终止"),
    "change": _("档案变更"),
    "advising": _("机构辅导"),
    "certificate": _("证书"),
    "title": _("称号"),
    "input": _("认定条件"),
    "finding": _("不符合项"),
    "move": _("办理"),
    "registration": _("登记"),
}


def _stands(row: Any) -> str:
    if not row["ended_reason"]:
        return gettext("有效（证书暂停）") if row["suspension"] == Turn.SUSPEND else gettext("有效")
    return f"{EndReason(row['ended_reason']).label} {row['ended_on']}"


ACHIEVEMENTS = Columns(
    [
        Column("enterprise", _("企业"), take=lambda row: row["enterprise__name"]),
        Column("uscc", _("统一社会信用代码"), Kind.CODE, lambda row: row["enterprise__uscc"]),
        Column("stage", _("阶段"), take=lambda row: named(STAGES[row["stage"]])),
        Column("round", _("轮次"), Kind.INTEGER),
        Column("effective_on", _("取得日期"), Kind.DATE),
        Column("reporting_unit", _("统计单元"), take=lambda row: row["unit"]),
        Column("township", _("所在区划"), take=lambda row: row["township__name"]),
        Column("was_high_tech", _("当日为高新技术企业"), Kind.FLAG),
        Column("certificate_number", _("证书编号"), Kind.CODE),
        Column("stands", _("现状"), take=_stands),
        Column("ended_on", _("终止日期"), Kind.DATE),
        Column("ledger_number", _("台账号"), Kind.INTEGER),
    ],
    on_page=("stage", "effective_on", "reporting_unit", "certificate_number", "stands", "ledger_number"),
)


def _achievements(asked: Asked) -> "QuerySet[Any]":
    said = asked.values
    rows = Achievement.objects.filter(enterprise__in=Enterprise.objects.visible_to(asked.account))
    rows = rows.filter(**{column: said[name] for name, column in NARROWED.items() if said[name]})
    if said["in_force"] is not None:
        held = Achievement.objects.in_force(on=asked.on)
        rows = rows.filter(pk__in=held) if said["in_force"] else rows.exclude(pk__in=held)
    return rows.order_by("-effective_on", "-id")


def _achievement_rows(rows: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    plain = ("id", "stage", "round", "effective_on", "was_high_tech", "certificate_number", "ended_on", "ended_reason")
    joined = ("enterprise__name", "enterprise__uscc", "township__name")
    turns = CertificateEvent.objects.filter(
        certificate__achievement=OuterRef("pk"), kind__in=(Turn.SUSPEND, Turn.RESTORE), on__lte=asked.on
    )
    last = Subquery(turns.order_by("-on", "-id").values("kind")[:1])
    return rows.values(*plain, *joined, "ledger_number", unit=F(f"reporting_unit__{unit_column()}"), suspension=last)


def _timeline(asked: Asked) -> Sequence[TimelineEvent]:
    """The events of one enterprise in sight; Http404 for any other."""
    visible = Enterprise.objects.visible_to(asked.account)
    return timeline(get_object_or_404(visible, uscc=asked.values["enterprise"]))


LISTINGS = (
    Listing(
        "achievements",
        _("认定记录"),
        ACHIEVEMENTS,
        rows=_achievements,
        load=_achievement_rows,
        may=anyone_signed_in,
        filters=FILTERS,
    ),
    Listing(
        "timeline",
        _("大事记"),
        Columns(
            [
                Column("on", _("日期"), Kind.DATE),
                Column("kind", _("类别"), take=lambda row: KINDS.get(row.kind, row.kind)),
                Column("title", _("事项")),
                Column("detail", _("说明")),
                Column("ledger_number", _("台账号"), Kind.INTEGER, lambda row: row.ledger_number or None),
            ]
        ),
        rows=_timeline,
        may=anyone_signed_in,
        filters=(needed(code("enterprise", "Credit code")),),
    ),
)
