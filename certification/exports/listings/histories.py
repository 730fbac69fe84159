"""What was changed in an enterprise's file and in an application: before and after, who, when, from where."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise

from ...history.changes import (
    FILE_FIELDS,
    application_changes,
    enterprise_changes,
    shown_application_change,
    shown_enterprise_change,
)
from ...models import Application
from ...parameters import choice, code, day, needed
from ...services.rulebooks import rules_for
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

FILTERS = (
    choice("field", "Field", FILE_FIELDS),
    day("since", "From this day on"),
    day("until", "Until this day"),
)
ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")


def _said(code: str, name: Any, kind: Kind = Kind.TEXT) -> Column:
    """A column of what a reader is shown of a change."""
    return Column(code, name, kind, lambda row: getattr(row["shown"], code))


WHENCE = [
    _said("at", _("时间"), Kind.MOMENT),
    _said("who", _("操作人")),
    _said("role", _("角色")),
    _said("channel_name", _("途径")),
    _said("address", _("来源地址"), Kind.CODE),
]
WHAT = [_said("what", _("字段")), _said("before", _("变更前")), _said("after", _("变更后"))]


def _file_changes(asked: Asked) -> "QuerySet[Any]":
    said = asked.values
    row = get_object_or_404(Enterprise.objects.visible_to(asked.account), uscc=said["enterprise"])
    narrowed = {param.name: said[param.name] for param in FILTERS}
    return enterprise_changes(row, **narrowed).order_by(said["ordering"])


def _file_rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    return [{"id": row.pk, "shown": shown_enterprise_change(row, asked.account)} for row in rows]


def _application(asked: Asked) -> Application:
    """The application that is asked about; Http404 for one out of sight."""
    return get_object_or_404(Application.objects.visible_to(asked.account), number=asked.values["application"])


def _edits(asked: Asked) -> "QuerySet[Any]":
    return application_changes(_application(asked), asked.account).order_by(asked.values["ordering"])


def _edit_rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    rules = rules_for(_application(asked), on=asked.on)
    return [{"id": row.pk, "shown": shown_application_change(row, rules, asked.account)} for row in rows]


LISTINGS = (
    Listing(
        "enterprise-changes",
        _("变更历史"),
        Columns([*WHENCE, *WHAT, _said("ledger_number", _("台账号"), Kind.INTEGER)]),
        rows=_file_changes,
        load=_file_rows,
        may=anyone_signed_in,
        filters=(needed(code("enterprise", "Credit code")), *FILTERS, ORDERING),
    ),
    Listing(
        "application-changes",
        _("填报历史"),
        Columns([*WHENCE, _said("part", _("部分")), *WHAT, _said("times", _("次数"), Kind.INTEGER)]),
        rows=_edits,
        load=_edit_rows,
        may=anyone_signed_in,
        filters=(needed(code("application", "Number of the application")), ORDERING),
    ),
)
