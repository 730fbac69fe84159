"""The frozen copy that settings are tried on (冻结副本): candidates with their scores and facts of a moment. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..scoring import plain
from .ranking import Contender


@dataclass(frozen=True, slots=True)
class Frozen:
    """A candidate of the frozen copy: what it is ranked by, and what the mix is told by (codes; empty: not known).

    `barred`: why it cannot be in whatever its place; empty: nothing bars it. `marks`: priority marks it carried.
    """

    contender: Contender
    unit: str = ""
    chain: str = ""
    size: str = ""
    high_tech: bool = False
    marks: tuple[str, ...] = ()
    barred: str = ""


def copy_content(copy: Sequence[Frozen]) -> list[dict[str, Any]]:
    """A frozen copy as it is kept, digested and published: texts, integers and truth only, by code."""
    return [
        {
            "code": each.contender.code,
            "submitted": each.contender.submitted,
            "scores": {
                expert: {item: plain(points) for item, points in sorted(sheet.items())}
                for expert, sheet in sorted(each.contender.scores.items())
            },
            "abstained": sorted(each.contender.abstained),
            "facts": {code: plain(value) for code, value in sorted(each.contender.facts.items())},
            **{name: getattr(each, name) for name in ("unit", "chain", "size", "high_tech", "barred")},
            "marks": sorted(each.marks),
        }
        for each in sorted(copy, key=lambda each: each.contender.code)
    ]


def copy_of(content: Sequence[Mapping[str, Any]]) -> list[Frozen]:
    """The frozen copy that was kept so."""
    return [
        Frozen(
            Contender(
                code=row["code"],
                scores={
                    key: {code: Decimal(each) for code, each in sheet.items()} for key, sheet in row["scores"].items()
                },
                submitted=row["submitted"],
                facts=_decimals(row["facts"]),
                abstained=tuple(row["abstained"]),
            ),
            **{name: row[name] for name in ("unit", "chain", "size", "high_tech", "barred")},
            marks=tuple(row["marks"]),
        )
        for row in content
    ]


def _decimals(texts: Mapping[str, str]) -> dict[str, Decimal]:
    return {code: Decimal(text) for code, text in texts.items()}
