"""Issuing the bureau's papers (文书): number, code and words are given in the transaction of the decision.

What the paper will say is put together and checked before anything is written; a character that the font has not
refuses the decision. The file is made afterwards (rendering.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment, digest, text_of
from ledger.prepared import Given, Prepared, Question, Row, Statement, ask, run
from ledger.record import Fact, record_many
from ledger.rows import columns_of, insertion, made
from ledger.verbs import Verb

from ..errors import Refusal, Refused
from ..gates import Rule
from ..models import Application, Document, DocumentWording
from ..models.document import DocumentState
from ..needs import PanelFacts
from ..papers.characters import missing
from ..paperwork import (
    GRADES,
    KIND_NAMES,
    KINDS_OF_ACTION,
    OF_ACHIEVEMENT,
    RESULT_WORDS,
    UNLIMITED,
    Kind,
    day_in_words,
    document_number,
    filled_in,
    listed,
    new_code,
    numbered_lines,
    paragraphs,
    without_result,
)
from ..scoring import plain
from ..stages import LEVEL_NAMES, STAGES, Level
from ..wording import worded
from ..workdays import last_day

WORDING_COLUMNS = columns_of(DocumentWording)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a kind of paper, and the edition of the standard that its rule is about."""

    row: DocumentWording
    edition: str


_WORDINGS = Prepared(
    lambda: (
        DocumentWording.objects.filter(rule=Given("rule"))
        .order_by("prefix", "kind")
        .values_list(*WORDING_COLUMNS, "rule__edition")
    )
)


def wordings(rule_id: int, action: str, level: str) -> "Question[Sequence[Wording]]":
    """In which words the papers of a move at a level are issued; none: it issues no paper."""
    kinds = {kind.value for kind in KINDS_OF_ACTION.get(action, ())}
    if not kinds:
        return Question((), lambda found: ())

    def read(found: Sequence[list[Row]]) -> list[Wording]:
        rows = [Wording(made(DocumentWording, row[:-1]), row[-1] or "") for row in found[0]]
        return [each for each in rows if each.row.kind in kinds and each.row.level in ("", level)]

    return Question((_WORDINGS.given(rule=rule_id),), read)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a decision says that its papers repeat."""

    application: Application
    rule: Rule
    level: str
    day: date
    comment: str = ""
    defects: Sequence[Mapping[str, str]] = ()
    result: PanelFacts | None = None
    correct_by: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper before it has its number."""

    wording: Wording
    values: dict[str, str]
    valid_until: date | None
    day: date

    @property
    def number_asked(self) -> Statement:
        return next_in_series(self.wording.row.prefix, self.day.year)

    @property
    def printed(self) -> str:
        """Everything of it that the font must have."""
        said = self.content("")
        return "".join([*said.pop("paragraphs"), *said.values()])

    def content(self, number: str) -> dict[str, Any]:
        """What it says, word for word."""
        row, values = self.wording.row, {**self.values, "number": number}
        return {
            "number": number,
            "kind": row.kind,
            "title": row.title,
            "issuing_body": row.issuing_body,
            "clause": row.clause,
            "holder": values["holder"],
            "uscc": values["uscc"],
            "issued_on": str(self.day),
            "valid_until": str(self.valid_until) if self.valid_until else "",
            "paragraphs": paragraphs(filled_in(without_result(row.body, values), values)),
        }


def drafts(drawn: Drawn, found: Iterable[Wording]) -> list[Draft]:
    return [_draft(drawn, each) for each in found]


def _draft(drawn: Drawn, wording: Wording) -> Draft:
    row, months = drawn.application, wording.row.valid_months
    until = last_day(drawn.day, months) if months else None
    values = {
        "holder": row.enterprise.name,
        "uscc": row.enterprise.uscc,
        "stage": STAGES[row.stage].name_zh,
        "application": row.number,
        "submitted_on": day_in_words(timezone.localdate(row.submitted_at)) if row.submitted_at else "",
        "issued_on": day_in_words(drawn.day),
        "valid_until": day_in_words(until) if until else UNLIMITED,
        "issuing_body": wording.row.issuing_body,
        "clause": wording.row.clause,
        "level": LEVEL_NAMES[Level(drawn.level)][0] if drawn.level else "",
        "edition": wording.edition,
        "modules": _modules(drawn.rule, row.modules),
        "comment": drawn.comment.strip(),
        "defects": _defects(drawn.rule, drawn.defects),
        "round": str(row.round),
        "batch": row.batch.title if "{batch}" in wording.row.body and row.batch else "",
        "correct_by": day_in_words(drawn.correct_by) if drawn.correct_by else "",
        **_of_result(drawn.result),
    }
    return Draft(wording, values, until, drawn.day)


def _of_result(result: PanelFacts | None) -> dict[str, str]:
    """What the result says of an evaluation that was confirmed; nothing of any other."""
    if result is None or not result.notice:
        return dict.fromkeys(RESULT_WORDS, "")
    noticed = timezone.localdate(result.noticed_at) if result.noticed_at else None
    days = {"noticed_on": noticed, "notice_ends": result.notice_ends, "appeal_until": result.appeal_until}
    points = {name: getattr(result, name) for name in ("total", "pass_line", "full_points")}
    return {
        "grade": GRADES[result.grade],
        "notice": result.notice,
        **{name: plain(each) if each is not None else "" for name, each in points.items()},
        **{name: day_in_words(day) if day else "" for name, day in days.items()},
    }


def _modules(rule: Rule, chosen: Iterable[str]) -> str:
    wanted = set(chosen)
    return listed(f"{each.code} {each.label}" for each in rule.modules if each.code in wanted)


def _defects(rule: Rule, defects: Sequence[Mapping[str, str]]) -> str:
    names = {each.code: each.label for each in rule.fields} | {f"evidence.{e.code}": e.label for e in rule.evidence}
    return numbered_lines(defects, names)


def print_refusals(found: Iterable[Draft]) -> list[Refusal]:
    """The characters that cannot be printed, by paper."""
    refusals = []
    for draft in found:
        if absent := missing(draft.printed):
            said = {"paper": worded(KIND_NAMES[Kind(draft.wording.row.kind)]), "characters": shown_characters(absent)}
            message = _("“%(paper)s”中的字符 %(characters)s 不在字库中，无法印制") % said
            remedy = _("请改用其他字，或由系统管理员换用含有该字的字体（PAPER_FONT）后再办理")
            refusals.append(Refusal("glyph_missing", message, remedy=remedy))
    return refusals


def shown_characters(characters: Iterable[str]) -> str:
    """Characters with their code points, since some cannot be seen."""
    return _("、").join(f"{each} (U+{ord(each):04X})" for each in characters)


def next_in_series(series: str, year: int) -> Statement:
    """Takes the next number of a series; nobody else has it until the transaction ends, so there are no gaps."""
    return Statement(_NEXT, [series, year])


_NEXT = """
    INSERT INTO certification_numberseries (series, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (series, year) DO UPDATE SET last = certification_numberseries.last + 1 RETURNING last"""


def issued(draft: Draft, serial: int, drawn: Drawn, **origin: Any) -> Document:
    """The paper with its number and code; not yet on record. `origin`: columns that say where it comes from."""
    row = draft.wording.row
    number = document_number(row.prefix, draft.day.year, serial)
    content = draft.content(number)
    return Document(
        number=number,
        code=new_code(),
        kind=row.kind,
        application_id=drawn.application.pk,
        wording_id=row.pk,
        wording_version=row.version,
        holder=draft.values["holder"],
        uscc=draft.values["uscc"],
        issued_on=draft.day,
        valid_until=draft.valid_until,
        content=content,
        state=DocumentState.PENDING,
        **origin,
    )


def issued_fact(document: Document) -> Fact:
    """What the ledger says of a new paper: codes and digests only; gives the paper its salt."""
    document.salt, said = commitment(text_of(document.content), salt=document.salt or None)
    return Fact(Verb.DOCUMENT_ISSUED, subject_of(document), issued_payload(document, said), enterprise=document.uscc)


def issued_payload(document: Document, content: str) -> dict[str, str | int]:
    """`content`: the digest of its words. The code is kept from whoever reads the ledger.

    `style`, the row of its wording, is not in older entries.
    """
    return {
        "kind": document.kind,
        "wording": document.wording_version,
        "style": document.wording_id,
        "code": digest(document.code.encode()),
        "content": content,
    }


def subject_of(document: Document) -> str:
    """Under what name the ledger speaks of a paper."""
    return f"document:{document.number}"


@dataclass(slots=True)
class Issuing:
    """The papers of one decision on their way: asked for with its changes, on record with it."""

    drawn: Drawn
    drafts: Sequence[Draft]
    rows: list[Document]

    def asked(self) -> list[Statement]:
        return [draft.number_asked for draft in self.drafts]

    def facts(self, answers: Sequence[list[Row]], **origin: Any) -> list[Fact]:
        """The facts of the papers; `answers` ends with those of `asked`."""
        serials = [rows[0][0] for rows in answers[len(answers) - len(self.drafts) :]]
        pairs = zip(self.drafts, serials, strict=True)
        self.rows = [issued(draft, serial, self.drawn, **origin) for draft, serial in pairs]
        return [issued_fact(row) for row in self.rows]

    def written(self, numbers: Sequence[int], **columns: Any) -> Iterator[Statement]:
        """INSERTs of the papers; `numbers` ends with those of their entries."""
        for row, number in zip(self.rows, numbers[len(numbers) - len(self.rows) :], strict=True):
            row.ledger_number = number
            for name, value in columns.items():
                setattr(row, name, value)
            if row.kind not in OF_ACHIEVEMENT:
                row.achievement_id = None
            yield insertion(row)


def issue_papers(drawn: Drawn, action: str, *, actor: Account, at: datetime, **origin: Any) -> list[Document]:
    """The papers of a decision that is not made at the door, inside the caller's transaction.

    `origin`: `decision_id`, `achievement_id`: ledger numbers of what they rest on. Raises Refused (a missing glyph).
    """
    found = ask(wordings(drawn.application.rule_id, action, drawn.level))
    issuing = Issuing(drawn, drafts(drawn, found), [])
    if missing_glyphs := print_refusals(issuing.drafts):
        raise Refused(missing_glyphs)
    facts = issuing.facts(run(*issuing.asked()), issued_by_id=actor.pk, issued_at=at, next_at=at)
    if facts:
        entries = record_many(facts, actor=actor.as_actor(), at=at)
        run(*issuing.written([entry.number for entry in entries], **origin))
    return issuing.rows
