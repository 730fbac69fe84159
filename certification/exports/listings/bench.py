"""The import bench: files handed in, what was wrong in one, which row made which fact; and what people were told."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from enterprises.rights import may_see_imports

from ...models import ImportFile, ImportKind, ImportState, Message
from ...models.bench import Effect
from ...notices.kinds import KINDS
from ...notices.wording import put_into_words
from ...parameters import boolean, choice, key, needed
from ...stages import STAGES
from ...wording import named
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

IMPORT_FILTERS = (
    choice("kind", "What the table holds", ImportKind.values),
    choice("state", "Where it stands", ImportState.values),
)
NOTICE_FILTERS = (
    boolean("unread", "Unread ones, or those that were read"),
    choice("kind", "What happened", list(KINDS)),
)
FILE = needed(key("file", "The import"))
NEWEST = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
IN_ORDER = choice("ordering", "Order of the rows", ["id", "-id"], default="id")
NAMES, STATES, EFFECTS = dict(ImportKind.choices), dict(ImportState.choices), dict(Effect.choices)

IMPORTS = Columns(
    [
        Column("filename", _("文件名")),
        Column("kind", _("内容"), take=lambda row: NAMES[row["kind"]]),
        Column("state", _("状态"), take=lambda row: STATES[row["state"]]),
        Column("rows", _("总行数"), Kind.INTEGER),
        Column("new", _("新登记"), Kind.INTEGER),
        Column("changed", _("记载终止"), Kind.INTEGER),
        Column("unchanged", _("已登记且一致"), Kind.INTEGER),
        Column("repeated", _("文件内重复"), Kind.INTEGER),
        Column("bad_rows", _("有误的行"), Kind.INTEGER),
        Column("uploaded_by", _("上传人"), take=lambda row: row["uploaded_by__username"]),
        Column("uploaded_at", _("上传时间"), Kind.MOMENT),
        Column("applied_at", _("导入时间"), Kind.MOMENT),
        Column("undone_at", _("撤销时间"), Kind.MOMENT),
        Column("first_ledger", _("首个台账号"), Kind.INTEGER),
        Column("last_ledger", _("末个台账号"), Kind.INTEGER),
        Column("sha256", _("文件摘要"), Kind.CODE),
    ],
    on_page=("filename", "kind", "state", "rows", "new", "bad_rows", "uploaded_by", "uploaded_at"),
)
FAULTS = Columns(
    [
        Column("line", _("行号"), Kind.INTEGER),
        Column("column", _("列")),
        Column("value", _("值")),
        Column("reason", _("原因")),
        Column("is_tie", _("后续依赖"), Kind.FLAG),
    ]
)
ORIGINS = Columns(
    [
        Column("line", _("行号"), Kind.INTEGER),
        Column("effect", _("结果"), take=lambda row: EFFECTS[row["effect"]]),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("stage", _("阶段"), take=lambda row: _stage(row["achievement__stage"])),
        Column("effective_on", _("取得日期"), Kind.DATE, lambda row: row["achievement__effective_on"]),
        Column("ledger_number", _("台账号"), Kind.INTEGER),
    ]
)
NOTICES = Columns(
    [
        Column("created_at", _("时间"), Kind.MOMENT),
        Column("kind", _("事项"), take=lambda row: row["letter"].kind.label),
        Column("title", _("标题"), take=lambda row: row["letter"].title),
        Column("text", _("内容"), take=lambda row: row["letter"].text),
        Column("about", _("对象"), Kind.CODE, lambda row: _number_of(row["about"])),
        Column("read_at", _("阅读时间"), Kind.MOMENT),
    ]
)


def _number_of(about: str) -> str:
    """The number that people know it by; what has none (a job, say) is in the title."""
    kind, _colon, code = about.partition(":")
    return code if kind in ("application", "enterprise") else ""


def _stage(code: str | None) -> str:
    return named(STAGES[code]) if code else ""


def _imports(asked: Asked) -> "QuerySet[Any]":
    narrowed = {param.name: asked.values[param.name] for param in IMPORT_FILTERS if asked.values[param.name]}
    return ImportFile.objects.visible_to(asked.account).filter(**narrowed).order_by(asked.values["ordering"])


def _import_rows(rows: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    joined = {"uploaded_by": "uploaded_by__username"}
    return rows.values("id", *(joined.get(column.code, column.code) for column in IMPORTS))


def _file(asked: Asked) -> ImportFile:
    """The import that is asked about; Http404 for one out of sight."""
    return get_object_or_404(ImportFile.objects.visible_to(asked.account), key=asked.values["file"])


def notices(account: Any, asked: Any) -> "QuerySet[Message]":
    """The messages of an account that the values of NOTICE_FILTERS leave."""
    rows = Message.objects.visible_to(account)
    if asked["unread"] is not None:
        rows = rows.filter(read_at__isnull=asked["unread"])
    return rows.filter(kind=asked["kind"]) if asked["kind"] else rows


def _letters(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    for letter in put_into_words(list(rows), asked.account):
        message = letter.message
        held = {name: getattr(message, name) for name in ("id", "created_at", "about", "read_at")}
        yield held | {"letter": letter}


LISTINGS = (
    Listing(
        "imports",
        _("导入文件"),
        IMPORTS,
        rows=_imports,
        load=_import_rows,
        may=may_see_imports,
        filters=(*IMPORT_FILTERS, NEWEST),
    ),
    Listing(
        "import-errors",
        _("导入错误"),
        FAULTS,
        rows=lambda asked: _file(asked).faults.order_by(asked.values["ordering"]),
        load=lambda rows, asked: rows.values("id", "line", "column", "value", "reason", "is_tie"),
        may=may_see_imports,
        filters=(FILE, IN_ORDER),
    ),
    Listing(
        "import-rows",
        _("导入来源"),
        ORIGINS,
        rows=lambda asked: _file(asked).made.order_by(asked.values["ordering"]),
        load=lambda rows, asked: rows.values(
            *("id", "line", "effect", "uscc", "ledger_number", "achievement__stage", "achievement__effective_on")
        ),
        may=may_see_imports,
        filters=(FILE, IN_ORDER),
    ),
    Listing(
        "notifications",
        _("通知"),
        NOTICES,
        rows=lambda asked: notices(asked.account, asked.values).order_by(asked.values["ordering"]),
        load=_letters,
        may=anyone_signed_in,
        filters=(*NOTICE_FILTERS, NEWEST),
    ),
)
