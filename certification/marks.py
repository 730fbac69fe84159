"""Findings as experts mark them on a sheet's items (拟提不符合项): what one must say, what several come to. Pure.

Several experts see the same thing: marks of one clause and module become one finding, of the graver kind, in the words
of all, so that nobody reads from a finding whose it was or how often it was made.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from enterprises.errors import Refusal
from enterprises.language import _

from .scoring import Item

MOST_CLAUSE, MOST_WORDS, MOST_TEXT = 40, 500, 2000
MINOR, MAJOR = "minor", "major"


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as it is marked; `module` is empty where it is about the system as a whole."""

    clause: str = ""
    text: str = ""
    severity: str = ""
    module: str = ""


def mark_refusals(item: Item, mark: Mark, *, menu: Set[str], whole: bool) -> list[Refusal]:
    """What is wrong with a mark; `whole`: nothing of it may be missing any more."""
    found = [
        *_words(item, "clause", mark.clause, MOST_CLAUSE, _("条款") if whole else ""),
        *_words(item, "text", mark.text, MOST_WORDS, _("不符合事实") if whole else ""),
    ]
    if mark.module and mark.module not in menu:
        message = _("“%(item)s”的不符合项：模块“%(code)s”不在菜单中") % {"item": item.title, "code": mark.module}
        found.append(_refusal(item, "module", "module_unknown", message, _("请从菜单中选择")))
    if mark.severity not in (MINOR, MAJOR) and (whole or mark.severity):
        message = _("“%(item)s”的不符合项没有选择严重程度") % {"item": item.title}
        found.append(_refusal(item, "severity", "severity_unknown", message, _("请选择一般或严重")))
    return found


def _words(item: Item, part: str, words: str, most: int, asked_for: str) -> list[Refusal]:
    said = {"item": item.title, "part": asked_for, "most": most, "count": len(words)}
    if asked_for and not words.strip():
        message = _("“%(item)s”的不符合项没有写明%(part)s") % said
        return [_refusal(item, part, "words_missing", message, _("请补充；不提不符合项的，请清空该项"))]
    if len(words) > most:
        message = _("“%(item)s”的不符合项文字最多 %(most)s 字，现为 %(count)s 字") % said
        return [_refusal(item, part, "words_too_long", message, _("请精简"))]
    return []


def _refusal(item: Item, part: str, code: str, message: str, remedy: str) -> Refusal:
    return Refusal(code, message, field=f"scores.{item.code}.finding.{part}", remedy=remedy)


def joined(marks: Iterable[Mark]) -> list[Mark]:
    """The findings that marks come to, in the order of the first of each; what would be too long begins another."""
    found: list[Mark] = []
    at: dict[tuple[str, str], int] = {}
    for mark in marks:
        key = (mark.module, "".join(mark.clause.split()))
        before = found[at[key]] if key in at else None
        if before is None or len(before.text) + 1 + len(mark.text) > MOST_TEXT:
            at[key] = len(found)
            found.append(mark)
        else:
            found[at[key]] = _both(before, mark)
    return found


def _both(one: Mark, other: Mark) -> Mark:
    same = other.text.strip() in one.text.split("\n")
    text = one.text if same else f"{one.text}\n{other.text.strip()}"
    return Mark(one.clause, text, MAJOR if MAJOR in (one.severity, other.severity) else one.severity, one.module)
