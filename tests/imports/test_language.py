"""Reasons of an import in the reader's language; at a console, where nobody has chosen one, in Chinese."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from enterprises.errors import Refused

from .files import code, take_achievements, take_enterprises

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
HEADER = ("uscc", "name", "township", "is_high_tech", "high_tech_certificate", "innovation_tier", "established_on")
COMPANY = "Changzhou Trial"
ENTERPRISES = [
    ("9.1132E+17", COMPANY, "320412100"),
    ("91350100M000100Y44", "A", "1", "maybe", "GR2021", "first", "2015-02-29"),
    (code(1), COMPANY, "320412999"),
    (code(2), COMPANY, "320412100", "0", "GR202132001234", "", "2999-01-01"),
    (code(3), COMPANY, "320412100"),
    (code(3), "Another", "320412100"),
]
ACHIEVEMENTS = [
    (code(1), "guanbiao.start", "", "2020-01-01"),
    (code(1), "guanbiao.cultivation", "1019-06-30", "", "over"),
    (code(1), "guanbiao.cultivation", "2026-11-21", "2020-01-01", "expired"),
]


def reasons(path: Path) -> dict[int, list[str]]:
    """Line -> reasons, of both tables of bad rows."""
    full = [[*row, *[""] * (len(HEADER) - len(row))] for row in ENTERPRISES]
    found: dict[int, list[str]] = {}
    for start, outcome in (
        (0, take_enterprises(path / "e.csv", *full, header=HEADER)),
        (100, take_achievements(path / "a.csv", *ACHIEVEMENTS)),
    ):
        for cell in outcome.bad:
            found.setdefault(start + cell.line, []).append(cell.reason)
    return found


def test_every_reason_is_said_in_either_language(tmp_path: Path) -> None:
    in_chinese = reasons(tmp_path)
    with override("en"):
        in_english = reasons(tmp_path)
    assert set(in_chinese) == {*range(2, 8), *range(102, 105)}
    assert {line: len(said) for line, said in in_chinese.items()} == {
        line: len(said) for line, said in in_english.items()
    }
    assert [said for line in in_chinese.values() for said in line if not CHINESE.search(said)] == []
    assert [said for line in in_english.values() for said in line if CHINESE.search(said)] == []
    assert in_chinese[4] == ["区划代码“320412999”不存在"]
    assert in_english[4] == ['There is no division with the code "320412999"']


def test_a_file_that_cannot_be_read_is_refused_in_either_language(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(Refused, match="缺少必需的列“阶段”（stage）"):
        take_achievements(path, ("x", "y"), header=("uscc", "effective_on"))
    with override("en"), pytest.raises(Refused, match=r'The required column "阶段" \(stage\) is missing'):
        take_achievements(path, ("x", "y"), header=("uscc", "effective_on"))
