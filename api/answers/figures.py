"""The yearly figures as they are answered."""

from decimal import Decimal
from typing import Any

from certification.inputs.figure_rows import Year
from certification.models import FigureItem, FigureValue
from certification.wording import in_words, named, worded
from enterprises.models import Enterprise


def number(value: Decimal | None) -> str | None:
    """A decimal as text, with all its places."""
    return None if value is None else f"{value:f}"


def item(row: FigureItem) -> dict[str, Any]:
    return {
        "code": row.pk,
        "name": named(row),
        "group": worded((row.group_zh, row.group_en)),
        "unit": in_words(row.unit),
        "decimals": row.decimals,
        "most": number(row.most),
        "part_of": row.part_of_id,
        "swing": number(row.swing),
        "is_active": row.is_active,
    }


def value(row: FigureValue) -> dict[str, Any]:
    figures = row.figures
    return {
        "number": figures.ledger_number,
        "enterprise": figures.enterprise.uscc,
        "enterprise_display": figures.enterprise.name,
        "year": figures.year,
        "version": figures.version,
        "is_latest": bool(figures.is_latest),
        "item": row.item_id,
        "item_display": named(row.item),
        "value": number(row.value),
        "unit": in_words(row.item.unit),
        "explained": row.explained,
    }


def year(enterprise: Enterprise, shown: Year) -> dict[str, Any]:
    lines = [
        {
            "item": line.item.pk,
            "item_display": named(line.item),
            "unit": in_words(line.item.unit),
            "value": number(line.value),
            "before": number(line.before),
            "explained": line.explained,
        }
        for line in shown.lines
    ]
    versions = [
        {"version": row.version, "number": row.ledger_number, "stated_at": row.stated_at, "why": row.why}
        for row in shown.versions
    ]
    return {
        "enterprise": enterprise.uscc,
        "enterprise_display": enterprise.name,
        "year": shown.year,
        "version": shown.version,
        "used_by": shown.used_by,
        "figures": lines,
        "versions": versions,
    }
