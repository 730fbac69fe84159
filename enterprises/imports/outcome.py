"""What an import found and did."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class BadCell:
    """One thing wrong in a row: where, what stands there, and why it cannot be taken."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        said = {"line": self.line, "column": self.column, "value": self.value, "reason": self.reason}
        return _("第 %(line)s 行 %(column)s “%(value)s”：%(reason)s") % said


@dataclass(slots=True)
class Outcome:
    """Numbers of rows by what became of them, everything that is wrong, and remarks.

    `repeats` are the rows that repeat an earlier one; `applied` is False after a dry run, and when bad rows kept the
    whole file out.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeats: list[Any] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    applied: bool = False

    @property
    def repeated(self) -> int:
        """Rows that say what an earlier row of the file says."""
        return len(self.repeats)

    @property
    def bad_lines(self) -> dict[int, str]:
        """Line -> its reasons."""
        lines: dict[int, list[str]] = {}
        for cell in self.bad:
            lines.setdefault(cell.line, []).append(_("：").join((cell.column, cell.reason)))
        return {line: _("；").join(reasons) for line, reasons in sorted(lines.items())}

    @property
    def changes_nothing(self) -> bool:
        return self.new == self.changed == 0
