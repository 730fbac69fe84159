"""The steps of filling in an application, and what each still lacks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..errors import Refusal
from ..selection.eligibility import ELIGIBILITY
from .filing import Filing

FIELDS, MODULES, EVIDENCE, CHECK = "fields", "modules", "evidence", "check"
NAMES = {FIELDS: _("基本信息"), MODULES: _("模块选择"), EVIDENCE: _("佐证材料"), CHECK: _("核对提交")}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the form with its page and what it lacks."""

    code: str
    name: Any
    page: str
    missing: list[Refusal]
    defects: int
    is_current: bool

    @property
    def is_done(self) -> bool:
        return not self.missing and not self.defects and self.code != CHECK


class Outline:
    """All steps of one application, seen from the current one."""

    def __init__(self, filing: Filing, *, current: str) -> None:
        self.filing, self.current = filing, current

    @property
    def codes(self) -> list[str]:
        with_modules = [MODULES] if self.filing.rules.rule.menu else []
        return [FIELDS, *with_modules, EVIDENCE, CHECK]

    @property
    def steps(self) -> list[Step]:
        return [self._step(code) for code in self.codes]

    def _step(self, code: str) -> Step:
        waiting = [defect for defect in self.filing.open_defects if not defect.is_touched]
        defects = sum(self.filing.part_of(defect.clause) == code for defect in waiting)
        missing = self.filing.missing if code == CHECK else self.filing.missing_of(code)
        return Step(code, NAMES[code], self.page_of(code), missing, defects, code == self.current)

    @property
    def first_open(self) -> str:
        """The first step that lacks something or has a defect; the check when nothing does."""
        return next((step.code for step in self.steps if step.missing or step.defects), CHECK)

    @property
    def page_after(self) -> str:
        following = self.codes.index(self.current) + 1
        return self.page_of(self.codes[min(following, len(self.codes) - 1)])

    @property
    def page_before(self) -> str:
        place = self.codes.index(self.current)
        return self.page_of(self.codes[place - 1]) if place else ""

    @staticmethod
    def page_of(code: str) -> str:
        return f"application-{code}"

    @property
    def of_enterprise(self) -> list[Refusal]:
        """What stands in the way outside the form: the enterprise's file, waits, a closed stage. The conditions of a
        batch are told apart, met ones too (filing.conditions).
        """
        return [each for each in self.filing.missing_of("enterprise") if each.field != ELIGIBILITY]
