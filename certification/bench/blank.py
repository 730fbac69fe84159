"""Blank tables to fill in: the columns of each kind, what is written in them, one example row."""

import io
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter import Workbook

from enterprises.imports.columns import Column
from enterprises.imports.register import COLUMNS as ENTERPRISE_COLUMNS

from ..imports.achievements import COLUMNS as ACHIEVEMENT_COLUMNS
from ..imports.credit import COLUMNS as CREDIT_COLUMNS
from ..imports.priorities import COLUMNS as PRIORITY_COLUMNS
from ..models import ImportKind

COLUMNS: dict[str, tuple[Column, ...]] = {
    ImportKind.ENTERPRISES: ENTERPRISE_COLUMNS,
    ImportKind.ACHIEVEMENTS: ACHIEVEMENT_COLUMNS,
    ImportKind.CREDIT_CHECKS: CREDIT_COLUMNS,
    ImportKind.PRIORITIES: PRIORITY_COLUMNS,
}
WIDTH = 22
DAY = gettext_lazy("形如 2016-03-01")
YES_NO = gettext_lazy("0、1、是 或 否；空白为未说明")
SAID: dict[str, tuple[Any, Any]] = {
    "uscc": ("91320411MA2455XH60", gettext_lazy("18 位；单元格须为文本，否则末几位会丢失")),
    "name": (gettext_lazy("常州砚舟科技有限公司"), gettext_lazy("按营业执照填写全称")),
    "township": ("320412100", gettext_lazy("9 位乡镇（街道）代码；只知道辖市区时填 6 位")),
    "is_high_tech": ("1", YES_NO),
    "high_tech_certificate": ("GR202232001234", gettext_lazy("高新技术企业证书上的编号")),
    "innovation_tier": ("leading", gettext_lazy("leading、listing、high_tech、none，或相应的中文")),
    "has_rd_institution": ("1", YES_NO),
    "industry": ("C3484", gettext_lazy("GB/T 4754 行业代码")),
    "established_on": ("2010-06-01", DAY),
    "stage": ("guanbiao.implementation", gettext_lazy("阶段代码或中文名称")),
    "effective_on": ("2017-08-15", DAY),
    "ended_on": ("", gettext_lazy("尚未终止的留空；填了须同时填终止原因")),
    "ended_reason": ("", gettext_lazy("expired、withdrawn、revoked、annulled，或相应的中文")),
    "certificate_number": ("165IP170001R0M", gettext_lazy("证书上的编号")),
    "route": ("direct", gettext_lazy("取得的途径，最多 20 字")),
    "note": ("", gettext_lazy("最多 200 字")),
    "source": ("credit_china", gettext_lazy("核查渠道的代码或名称，由市局维护")),
    "result": ("clear", gettext_lazy("clear（未见不良记录）或 adverse（有不良记录）")),
    "ground": ("", gettext_lazy("有不良记录的写明机关、文号和事由，最多 300 字")),
    "checked_on": ("2026-03-02", gettext_lazy("查询的那一天，形如 2026-03-02")),
    "valid_until": ("", gettext_lazy("最后一天；信用核查留空则按核查渠道的默认期限，优先标识留空为没有期限")),
    "kind": ("industry_chain", gettext_lazy("优先标识种类的代码或名称，由市局维护")),
    "value": (gettext_lazy("轨道交通"), gettext_lazy("种类要求时填写，例如哪条产业链")),
    "valid_from": ("2026-01-01", DAY),
    "document": (gettext_lazy("常工信〔2026〕1号"), gettext_lazy("认定文件的文号，最多 80 字")),
}


@dataclass(frozen=True, slots=True)
class Described:
    """A column as it is explained to those who fill it in."""

    code: str
    name: str
    required: bool
    example: str
    hint: str


def described(kind: str) -> list[Described]:
    """The columns of a kind."""
    return [
        Described(column.code, column.name, column.required, str(SAID[column.code][0]), str(SAID[column.code][1]))
        for column in COLUMNS[kind]
    ]


def blank_table(kind: str) -> bytes:
    """An .xlsx: an empty first sheet with the header, all cells text; a second one that explains it."""
    content = io.BytesIO()
    columns = described(kind)
    with Workbook(content, {"in_memory": True}) as book:
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        sheet = book.add_worksheet(str(ImportKind(kind).label))
        sheet.set_column(0, len(columns) - 1, WIDTH, text)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.name, head)
            sheet.write_comment(0, place, column.code)
        told = book.add_worksheet(_("填写说明"))
        told.set_column(0, 4, WIDTH, text)
        header = (_("列名"), _("代码"), _("必填"), _("示例"), _("说明"))
        rows = [
            (each.name, each.code, _("是") if each.required else _("否"), each.example, each.hint) for each in columns
        ]
        for number, cells in enumerate([header, *rows]):
            for place, cell in enumerate(cells):
                told.write_string(number, place, cell, None if number else head)
    return content.getvalue()
