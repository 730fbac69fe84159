"""`manage.py stages_doc`: docs/stages.md from programmes.py and stages.py; `--check` exits 1 when the file is stale."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from certification.stages import LEVEL_NAMES, MOVES, ROUND_GATES, STAGES, STATUS_NAMES, At, Move

TARGET = "docs/stages.md"
AT_WORDS = {At.ANY: "any", At.NOT_LAST: "all but the last", At.LAST: "the last"}


def document() -> str:
    """The whole page as Markdown."""
    lines = [
        "# Stages and moves",
        "",
        "Generated from `certification/programmes.py` (stages) and `certification/stages.py` (every move) by",
        "`python manage.py stages_doc`; do not edit.",
        "",
        "## Stages",
        "",
        "| code | 阶段 | English | applied for online | modules | rounds | gates besides |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{s.code}` | {s.name_zh} | {s.name_en} | {_yes(s.applied_for)} | {_yes(s.has_modules)} "
        f"| {_yes(s.has_rounds)} | {_named(s.gates)} |"
        for s in STAGES.values()
    ]
    lines += ["", "## Statuses", "", "| code | 状态 | English |", "| --- | --- | --- |"]
    lines += [f"| `{status}` | {zh} | {en} |" for status, (zh, en) in STATUS_NAMES.items()]
    lines += ["", "## Levels", "", "| code | 层级 | English |", "| --- | --- | --- |"]
    lines += [f"| `{level}` | {zh} | {en} |" for level, (zh, en) in LEVEL_NAMES.items()]
    lines += [
        "",
        "## Moves",
        "",
        "Every way out of a status. A route (rulebook) names the levels; `recommend` goes to the next one. What a",
        "stage asks besides is asked at the first `submit` and at `approve`; a stage with rounds asks",
        f"{_named(ROUND_GATES)} at `approve` too.",
        "",
        "| from | action | 动作 | to | who | at level | accepted before | decides | comment | gates |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(move) for move in MOVES]
    return "\n".join(lines) + "\n"


def _row(move: Move) -> str:
    accepted = {None: "either", True: "yes", False: "no"}[move.accepted]
    cells = [
        f"`{move.source}`",
        f"`{move.action}`",
        move.name_zh,
        f"`{move.target}`",
        f"`{move.who}`",
        AT_WORDS[move.at],
        accepted,
        _yes(move.decides),
        _yes(move.needs_comment),
        _named(move.gates),
    ]
    return f"| {' | '.join(cells)} |"


def _named(gates: tuple[str, ...]) -> str:
    return ", ".join(f"`{gate}`" for gate in gates) or "–"


def _yes(value: bool) -> str:
    return "yes" if value else "–"


class Command(BaseCommand):
    help = "由 programmes.py 和 stages.py 生成 docs/stages.md；--check 只核对"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        target = Path(settings.BASE_DIR) / TARGET
        if not check:
            target.write_text(document(), encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != document():
            self.stdout.write(f"{TARGET} is stale; run: python manage.py stages_doc")
            sys.exit(1)
