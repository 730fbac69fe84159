"""Saved filters (常用筛选): what a person narrows a list to, under a name of their own. Nobody else's concern."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from enterprises.identifiers import clean_name
from enterprises.models import Account
from enterprises.rights import is_applicant

from ..errors import Duplicate, NotAllowed, Refusal, refuse
from ..models import FilteredList, SavedFilter
from ..parameters import Param, choice, code, read_all, text
from ..queues import Queue
from ..stages import STAGES, Status

NAME_LENGTH = SavedFilter._meta.get_field("name").max_length or 0
# What each list's own form reads; where one is in a list (page, cursor) is not part of a filter.
PARAMETERS: dict[str, tuple[Param, ...]] = {
    FilteredList.REVIEWS: (
        choice("queue", "Tab", list(Queue)),
        text("q", "Number, name or credit code", longest=60),
        choice("stage", "Stage", list(STAGES)),
        choice("status", "Status", list(Status)),
        choice("overdue", "Past its time limit", ["on"]),
    ),
    FilteredList.ENTERPRISES: (
        text("search", "Fragment of a name, initials or credit code", longest=60),
        code("reporting_unit", "Reporting unit"),
        choice("stage", "Stage", list(STAGES)),
        choice("is_high_tech", "High-tech enterprises only", ["1"]),
    ),
}


def may_save_filters(account: Account) -> bool:
    """The staff; an applicant has no list to narrow."""
    return not is_applicant(account)


def filters_of(account: Any, of: str) -> list[SavedFilter]:
    """The person's own filters of a list, in order; none for a stranger."""
    if not isinstance(account, Account):
        return []
    return list(SavedFilter.objects.filter(owner=account, list=of))


def checked_query(of: str, query: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as the list's form reads them, empty ones left out; Refused names every unknown or wrong one."""
    given = QueryDict(mutable=True)
    for name, value in query.items():
        if not isinstance(value, str):
            raise refuse("invalid", _("筛选条件的值应为文字"), field=str(name)[:40])
        if value != "":
            given[name] = value
    read = read_all(given, PARAMETERS[of])
    return {name: str(value) for name, value in read.items() if value not in (None, "")}


@transaction.atomic
def save_filter(
    account: Account, of: str, name: str, query: Mapping[str, Any], *, at: datetime, is_default: bool = False
) -> SavedFilter:
    """Keep a filter. Raises Refused (name, parameters, too many), Duplicate (the name is taken), NotAllowed."""
    if not may_save_filters(account) or (of == FilteredList.REVIEWS and not account.is_reviewer):
        raise NotAllowed([Refusal("not_allowed", _("您的账户没有这个列表"))])
    if of not in FilteredList.values:
        raise refuse("list_unknown", _("没有这个列表"), field="list")
    Account.objects.select_for_update().get(pk=account.pk)  # of two at once, the second counts the first
    own = SavedFilter.objects.filter(owner=account, list=of)
    most = settings.SAVED_FILTERS_MAX
    if own.count() >= most:
        message = _("每个列表最多保存 %(most)s 个常用筛选") % {"most": most}
        raise refuse("too_many", message, field="name", remedy=_("请先删除不用的"))
    last = own.order_by("-position").values_list("position", flat=True).first()
    row = SavedFilter(
        owner=account,
        list=of,
        name=_checked_name(name),
        query=checked_query(of, query),
        position=(last or 0) + 1,
        created_at=at,
    )
    return _written(row, is_default=is_default)


@transaction.atomic
def change_filter(
    row: SavedFilter,
    *,
    name: str | None = None,
    query: Mapping[str, Any] | None = None,
    is_default: bool | None = None,
) -> SavedFilter:
    """Rename it, keep other parameters, make it the list's default or no longer; what is None stays."""
    row = SavedFilter.objects.select_for_update().get(pk=row.pk)
    if name is not None:
        row.name = _checked_name(name)
    if query is not None:
        row.query = checked_query(row.list, query)
    return _written(row, is_default=row.is_default if is_default is None else is_default)


def remove_filter(row: SavedFilter) -> None:
    row.delete()


def _written(row: SavedFilter, *, is_default: bool) -> SavedFilter:
    if is_default:
        SavedFilter.objects.filter(owner=row.owner_id, list=row.list, is_default=True).exclude(pk=row.pk).update(
            is_default=False
        )
    row.is_default = is_default
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        message = _("已有名为“%(name)s”的常用筛选") % {"name": row.name}
        raise Duplicate([Refusal("name_taken", message, field="name", remedy=_("请换一个名称"))]) from error
    return row


def _checked_name(name: str) -> str:
    kept = clean_name(name)
    if not 1 <= len(kept) <= NAME_LENGTH or not kept.isprintable():
        message = _("名称应为 1 至 %(most)s 个字") % {"most": NAME_LENGTH}
        raise refuse("name_invalid", message, field="name")
    return kept
