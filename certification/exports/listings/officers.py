"""What the officers look through: the audit trail and the grants of roles."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Division, Enterprise, EventKind, GrantState, ReportingUnit, RoleGrant
from enterprises.models.grant import GrantKind
from enterprises.rights import may_read_trail, may_see_grants
from enterprises.roles import Role, ScopeKind
from enterprises.trail import Sought, events

from ...ledger_words import people
from ...parameters import address, choice, day, text
from ...trail_words import accounts_in, detail_words
from ...wording import unit_column
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing

TRAIL_FILTERS = (
    choice("kind", "What happened", EventKind.values),
    text("account", "User name", longest=64),
    address("address", "Where the request came from"),
    day("since", "From this day on"),
    day("until", "Up to and including this day"),
)
NEWEST = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
ROLES, KINDS = dict(Role.choices), dict(EventKind.choices)
GRANT_KINDS, STATES = dict(GrantKind.choices), dict(GrantState.choices)

TRAIL = Columns(
    [
        Column("at", _("时间"), Kind.MOMENT),
        Column("kind", _("事项"), take=lambda row: KINDS.get(row["kind"], row["kind"])),
        Column("account", _("账户"), take=lambda row: row["account__username"] or ""),
        Column("role", _("角色"), take=lambda row: ROLES.get(row["role"], "")),
        Column("address", _("来源地址"), Kind.CODE),
        Column("detail", _("详情"), take=lambda row: gettext("；").join(row["detail_words"])),
        Column("ledger_number", _("台账号"), Kind.INTEGER, lambda row: row["detail"].get("number")),
        Column("method", _("方法"), Kind.CODE),
        Column("path", _("页面或接口")),
        Column("status", _("结果"), Kind.INTEGER),
        Column("request_id", _("请求编号"), Kind.CODE),
    ],
    on_page=("at", "kind", "account", "address", "detail", "path", "status", "request_id"),
)
GRANTS = Columns(
    [
        Column("username", _("账户")),
        Column("display_name", _("姓名或岗位")),
        Column("kind", _("事项"), take=lambda row: GRANT_KINDS[row["kind"]]),
        Column("role", _("角色"), take=lambda row: ROLES[row["role"]]),
        Column("scope", _("范围"), take=lambda row: row["scope_words"]),
        Column("reason", _("申请理由")),
        Column("requested_by", _("申请人"), take=lambda row: row["requested_by__username"]),
        Column("requested_at", _("申请时间"), Kind.MOMENT),
        Column("state", _("状态"), take=lambda row: STATES[row["state"]]),
        Column("decided_by", _("确认人"), take=lambda row: row["decided_by__username"] or ""),
        Column("decided_at", _("确认时间"), Kind.MOMENT),
        Column("refused_for", _("不予确认的理由")),
        Column("ledger_number", _("台账号"), Kind.INTEGER),
    ],
    on_page=("username", "kind", "role", "scope", "requested_by", "requested_at", "state"),
)


def sought_by(asked: Mapping[str, Any]) -> Sought:
    """What the values of TRAIL_FILTERS look for."""
    return Sought(**{param.name: asked[param.name] or None for param in TRAIL_FILTERS})


def _trail(asked: Asked) -> "QuerySet[Any]":
    return events(sought_by(asked.values)).order_by(asked.values["ordering"])


def trail_rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    """Events as their columns take them, their details in words."""
    plain = ("id", "at", "kind", "role", "address", "method", "path", "status", "request_id", "detail")
    found = list(rows.values(*plain, "account__username"))
    names = people(code for row in found for code in accounts_in(row["detail"]))
    return [{**row, "detail_words": map(str, detail_words(row["detail"], names))} for row in found]


def _grants(asked: Asked) -> "QuerySet[Any]":
    rows = RoleGrant.objects.order_by("-id")
    return rows.filter(state=asked.values["state"]) if asked.values["state"] else rows


def grant_rows(rows: "QuerySet[Any]", asked: Asked | None = None) -> Iterable[dict[str, Any]]:
    """Grants as their columns take them, with the names of the places that they give; three questions for all."""
    plain = ("id", "username", "display_name", "kind", "role", "scope_kind", "scope", "reason", "requested_at", "state")
    more = ("requested_by__username", "decided_by__username", "decided_at", "refused_for", "ledger_number")
    found = list(rows.values(*plain, *more))
    codes = {kind: {row["scope"] for row in found if row["scope_kind"] == kind} for kind in ScopeKind.values}
    names = {
        ScopeKind.ENTERPRISE: Enterprise.objects.filter(uscc__in=codes["enterprise"]).values_list("uscc", "name"),
        ScopeKind.TOWNSHIP: Division.objects.filter(code__in=codes["township"]).values_list("code", "name"),
        ScopeKind.UNIT: ReportingUnit.objects.filter(code__in=codes["unit"]).values_list("code", unit_column()),
    }
    words = {kind.value: dict(pairs) for kind, pairs in names.items()}
    for row in found:
        kind = str(ScopeKind(row["scope_kind"]).label)
        name = words.get(row["scope_kind"], {}).get(row["scope"], "" if row["scope"] else kind)
        row["scope_words"] = " ".join(filter(None, [name, row["scope"]]))
    return found


LISTINGS = (
    Listing(
        "audit",
        _("审计日志"),
        TRAIL,
        rows=_trail,
        load=trail_rows,
        may=may_read_trail,
        filters=(*TRAIL_FILTERS, NEWEST),
    ),
    Listing(
        "grants",
        _("账户授权"),
        GRANTS,
        rows=_grants,
        load=grant_rows,
        may=may_see_grants,
        filters=(choice("state", "Where it stands", GrantState.values),),
    ),
)
