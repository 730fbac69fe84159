"""What one submission of an application says otherwise than another: fields, modules, papers.

Everything comes from what was kept with the two submissions, so it stays the same whatever happens later.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..errors import Refusal, Refused
from ..fields import kept_in_words
from ..models import Application, Decision, Evidence
from ..services.rulebooks import Rules
from ..wording import named


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says something else; values in words, empty for nothing."""

    code: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PaperDifference:
    """A paper requirement whose files differ: the names of those taken off and those put on file."""

    code: str
    label: str
    taken_off: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def is_replaced(self) -> bool:
        return bool(self.taken_off and self.added)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two submissions, the earlier first, and all that differs. Modules as code and title."""

    earlier: Decision
    later: Decision
    fields: tuple[Difference, ...]
    modules_added: tuple[tuple[str, str], ...]
    modules_dropped: tuple[tuple[str, str], ...]
    papers: tuple[PaperDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.modules_added or self.modules_dropped or self.papers)


def submissions(application: Application) -> list[Decision]:
    """The submissions in order; the first one is number 1."""
    return list(application.decisions.filter(action="submit").order_by("id"))


def pair(known: Sequence[Decision], first: int | None, second: int | None) -> tuple[int, int] | None:
    """The numbers of the two to compare, by default the last two; None when there are no two.

    Raises Refused for numbers that are none, or not in order.
    """
    if len(known) < 2 and first is None and second is None:
        return None
    later = len(known) if second is None else second
    earlier = later - 1 if first is None else first
    if not 1 <= earlier < later <= len(known):
        message = _("不能比较第 %(first)s 次与第 %(second)s 次提交") % {"first": earlier, "second": later}
        remedy = _("该申报共提交 %(count)s 次；请先填较早的一次，再填较晚的一次") % {"count": len(known)}
        raise Refused([Refusal("no_such_pair", message, field="from", remedy=remedy)])
    return earlier, later


def compared(application: Application, earlier: Decision, later: Decision, rules: Rules) -> Comparison:
    """All that differs between two submissions of one application."""
    before, after = set(earlier.snapshot["modules"]), set(later.snapshot["modules"])
    return Comparison(
        earlier=earlier,
        later=later,
        fields=_fields(earlier, later, rules),
        modules_added=_modules(after - before, rules),
        modules_dropped=_modules(before - after, rules),
        papers=_papers(application, earlier, later, rules),
    )


def _fields(earlier: Decision, later: Decision, rules: Rules) -> tuple[Difference, ...]:
    then, now, found = earlier.snapshot["fields"], later.snapshot["fields"], []
    for need in rules.rule.fields:
        before, after = kept_in_words(need, then.get(need.code)), kept_in_words(need, now.get(need.code))
        if before != after:
            found.append(Difference(need.code, named(need), before, after))
    return tuple(found)


def _modules(codes: set[str], rules: Rules) -> tuple[tuple[str, str], ...]:
    titles = [(module.code, named(module)) for module in rules.rule.modules if module.code in codes]
    return (*titles, *((code, code) for code in sorted(codes - {code for code, _title in titles})))


def _papers(application: Application, earlier: Decision, later: Decision, rules: Rules) -> tuple[PaperDifference, ...]:
    then, now = _on_file(earlier), _on_file(later)
    if then == now:
        return ()
    rows = Evidence.objects.filter(application=application).order_by("uploaded_at", "filename")
    names = {(row.requirement, row.sha256): row.filename for row in rows}
    found = []
    for need in rules.rule.evidence:
        taken = [names.get(key, "") for key in sorted(then - now) if key[0] == need.code]
        added = [names.get(key, "") for key in sorted(now - then) if key[0] == need.code]
        if taken or added:
            found.append(PaperDifference(need.code, named(need), tuple(taken), tuple(added)))
    return tuple(found)


def _on_file(submission: Decision) -> set[tuple[str, str]]:
    """The papers handed in, by requirement and digest: the same file put on file anew is no change."""
    return {(requirement, sha256) for requirement, sha256 in submission.snapshot["evidence"]}
