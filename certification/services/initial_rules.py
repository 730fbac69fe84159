"""What the product brings of rules (data/rulebooks.json): the first content of each stage; the city settles it."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..models import EvidenceRule, FieldRule, PanelRule, RouteStep, Rulebook, StageRule, WaitRule
from .document_wordings import add_wordings

DATA = Path(__file__).parent.parent / "data" / "rulebooks.json"


@cache
def _read() -> str:
    return DATA.read_text(encoding="utf-8")


def rule_data() -> dict[str, Any]:
    """The file anew: who takes it may take it apart."""
    found: dict[str, Any] = json.loads(_read(), parse_float=Decimal)
    return found


def lacking(book: Rulebook) -> list[str]:
    """The stages that the product has rules for and the rulebook has none."""
    held = set(book.stage_rules.values_list("stage", flat=True))
    return [stage for stage in rule_data()["stages"] if stage not in held]


def add_stage(book: Rulebook, stage: str, *, with_papers: bool = True) -> StageRule:
    """The stage's first content, as the product has it for the rulebook's days; with the wordings of its papers."""
    data = rule_data()
    base = _base(data["rulebooks"], book.in_force_from)
    content = {**data["stages"][stage], **base.get("instead", {}).get(stage, {})}
    months = content.get("wait_months", {}).get(str(base["year"]), base["wait_months"])
    rule = StageRule.objects.create(
        rulebook=book,
        stage=stage,
        basis=content["basis"],
        guidance=content["guidance"],
        edition_id=content["edition"],
    )
    RouteStep.objects.bulk_create(
        RouteStep(
            rule=rule,
            order=order,
            level=level,
            accept_days=accept,
            decide_days=decide,
            correction_days=base.get("correction_days"),
        )
        for order, (level, accept, decide) in enumerate(data["route"], 1)
    )
    _add_parts(rule, content, months)
    if with_papers:
        add_wordings(rule)
    return rule


def correction_days_of(book: Rulebook) -> int | None:
    """Within how many working days the product has a returned application answered, for the rulebook's days."""
    found = _base(rule_data()["rulebooks"], book.in_force_from).get("correction_days")
    return int(found) if found else None


def _add_parts(rule: StageRule, content: dict[str, Any], months: int) -> None:
    WaitRule.objects.bulk_create(
        WaitRule(rule=rule, after_stage=after, months=months, basis=content["basis"]) for after in content["waits"]
    )
    FieldRule.objects.bulk_create(
        FieldRule(rule=rule, order=order, **field) for order, field in enumerate(content["fields"])
    )
    EvidenceRule.objects.bulk_create(
        EvidenceRule(rule=rule, order=order, **paper) for order, paper in enumerate(content["evidence"])
    )
    PanelRule.objects.bulk_create(PanelRule(rule=rule, **panel) for panel in content.get("panel", ()))


def _base(books: list[dict[str, Any]], day: date) -> dict[str, Any]:
    """The product's rulebook of a day: the latest that begins by then, else the first."""
    begun = [book for book in books if date.fromisoformat(book["in_force_from"]) <= day]
    return max(begun, key=lambda book: book["in_force_from"]) if begun else books[0]
