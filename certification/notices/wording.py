"""Messages in words: the wording of their kind, filled with what their codes mean for the person who reads.

What a person no longer sees is not named to them: a name is looked up through `visible_to` each time.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise, GrantKind, RoleGrant
from enterprises.rights import is_expert, may_see_grants
from enterprises.roles import Role

from ..models import (
    Application,
    Batch,
    Certificate,
    Document,
    EndReason,
    Evaluation,
    Finding,
    Message,
    MessageWording,
)
from ..models.document import EVENT_CHOICES
from ..paperwork import KIND_NAMES
from ..paperwork import Kind as Paper
from ..stages import LEVEL_NAMES, STAGES, Level
from ..titles import visible_titles
from ..wording import named, worded
from .jobs import job_name, job_page
from .kinds import DUE_NAMES, KINDS, WORDS, Kind

GIVEN = ("due_soon", "overdue", "due_on", "correct_by", "appeal_until", "number")  # as they are
MEANT = ("stage", "level", "ending", "matter", "role", "job", "due_what", "event")  # codes that are put into words
# The page of what a message is about.
PAGES = {
    "application": "application",
    "finding": "finding",
    "enterprise": "enterprise-file",
    "certificate": "certificate",
    "document": "document",
    "title": "title",
    "batch": "batch",
    "grant": "grant",
}
PLACE = re.compile(r"\{(\w+)\}")
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words. `path`: what it opens; empty: nothing, or nothing that the reader still sees."""

    message: Message
    kind: Kind
    title: str
    text: str
    path: str


def filled(text: str, words: Words) -> str:
    """The text with its placeholders filled; one without a word is left out."""
    return PLACE.sub(lambda found: words.get(found[1], ""), text)


def one_line(text: str) -> str:
    return " ".join(text.split())


def put_into_words(message_rows: Iterable[Message], reader: Account) -> list[Letter]:
    """Each message as this person reads it, in the language of now; the same few questions for one and for many."""
    rows = list(message_rows)
    wordings = MessageWording.objects.in_bulk({row.kind for row in rows})
    known = Known(rows, reader)
    return [_letter(row, wordings.get(row.kind), known) for row in rows]


def _letter(row: Message, wording: MessageWording | None, known: "Known") -> Letter:
    kind, words = KINDS[row.kind], known.words(row)
    title, text = kind.label.__str__(), ""
    if wording:
        title = worded((wording.subject_zh, wording.subject_en))
        text = worded((wording.body_zh, wording.body_en))
    return Letter(row, kind, one_line(filled(title, words)), filled(text, words), known.path(row))


def sample_words(kind: str) -> Words:
    """Examples of everything that this kind may say."""
    return {name: str(WORDS[name][1]) for name in KINDS[kind].words}


class Known:
    """What the codes of some messages mean to one reader."""

    def __init__(self, rows: Sequence[Message], reader: Account) -> None:
        self.reader = reader
        self.applications = self._applications([_key(row) for row in rows if row.about.startswith("application:")])
        self.enterprises = self._enterprises([_key(row) for row in rows if row.about.startswith("enterprise:")])
        self.evaluations = self._evaluations([_key(row) for row in rows if row.about.startswith("evaluation:")])
        self.certificates = self._certificates([_key(row) for row in rows if row.about.startswith("certificate:")])
        self.documents = self._documents([_key(row) for row in rows if row.about.startswith("document:")])
        self.titles = self._titles([_key(row) for row in rows if row.about.startswith("title:")])
        self.batches = self._batches([_key(row) for row in rows if row.about.startswith("batch:")])
        self.findings = self._findings([_key(row) for row in rows if row.about.startswith("finding:")])
        self.grants = self._grants([_key(row) for row in rows if row.about.startswith("grant:")])

    def _applications(self, numbers: Sequence[str]) -> dict[str, str]:
        rows = Application.objects.visible_to(self.reader).filter(number__in=numbers) if numbers else None
        return dict(rows.order_by().values_list("number", "enterprise__name")) if rows is not None else {}

    def _findings(self, numbers: Sequence[str]) -> dict[str, str]:
        rows = Finding.objects.visible_to(self.reader).filter(number__in=numbers) if numbers else None
        return dict(rows.order_by().values_list("number", "enterprise__name")) if rows is not None else {}

    def _enterprises(self, codes: Sequence[str]) -> dict[str, str]:
        rows = Enterprise.objects.visible_to(self.reader).filter(uscc__in=codes) if codes else None
        return dict(rows.order_by().values_list("uscc", "name")) if rows is not None else {}

    def _evaluations(self, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Of an application's number: the enterprise, and the reader's latest evaluation of it."""
        rows = Evaluation.objects.visible_to(self.reader).filter(application__number__in=numbers) if numbers else None
        columns = ("application__number", "application__enterprise__name", "key")
        found = rows.order_by("pk").values_list(*columns) if rows is not None else ()
        return {number: (name, str(key)) for number, name, key in found}

    def _certificates(self, numbers: Sequence[str]) -> dict[str, str]:
        rows = Certificate.objects.visible_to(self.reader).filter(number__in=numbers) if numbers else None
        return dict(rows.order_by().values_list("number", "enterprise__name")) if rows is not None else {}

    def _documents(self, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Of a paper's number: whose it is, and what it is called."""
        rows = Document.objects.visible_to(self.reader).filter(number__in=numbers) if numbers else None
        found = rows.order_by().values_list("number", "holder", "content__title", "kind") if rows is not None else ()
        return {number: (holder, worded((title, KIND_NAMES[Paper(kind)][1]))) for number, holder, title, kind in found}

    def _titles(self, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Of a title's number in the ledger: whose it is, and which."""
        rows = visible_titles(self.reader).filter(ledger_number__in=numbers) if numbers else None
        columns = ("ledger_number", "enterprise__name", "stage")
        found = rows.order_by().values_list(*columns) if rows is not None else ()
        return {str(number): (name, named(STAGES[stage])) for number, name, stage in found}

    def _batches(self, codes: Sequence[str]) -> dict[str, str]:
        rows = Batch.objects.visible_to(self.reader).filter(code__in=codes) if codes else None
        return dict(rows.order_by().values_list("code", "title")) if rows is not None else {}

    def _grants(self, keys: Sequence[str]) -> dict[str, str]:
        if not (keys and may_see_grants(self.reader)):
            return {}
        rows = RoleGrant.objects.filter(pk__in=[int(key) for key in keys]).values_list("pk", "username")
        return {str(pk): username for pk, username in rows}

    def words(self, row: Message) -> Words:
        """The words for the placeholders of a message."""
        codes = row.params
        said = {name: str(codes[name]) for name in GIVEN if name in codes}
        said |= {name: _meaning(name, codes[name]) for name in MEANT if name in codes}
        return said | self._named(row.about.partition(":")[0], _key(row))

    def _named(self, kind: str, key: str) -> dict[str, str]:
        """What a message is about, by its names; a name that the reader does not see is not said."""
        if kind == "document":
            holder, paper = self.documents.get(key, ("", ""))
            return {"document": key, "enterprise": holder or _unseen(), "paper": paper}
        if kind == "title":
            holder, title = self.titles.get(key, ("", ""))
            return {"title": title, "enterprise": holder or _unseen()}
        if kind == "evaluation":
            return {"number": key, "enterprise": self.evaluations.get(key, ("", ""))[0] or _unseen()}
        if kind == "grant":
            return {"account": self.grants.get(key) or _unseen()}
        found: Mapping[str, tuple[str, Mapping[str, str]]] = {
            "application": ("number", self.applications),
            "finding": ("finding", self.findings),
            "enterprise": ("", self.enterprises),
            "certificate": ("certificate", self.certificates),
            "batch": ("", self.batches),
        }
        if kind not in found:
            return {"account": self.reader.username}
        own, names = found[kind]
        name = names.get(key) or _unseen()
        return ({own: key} if own else {}) | {"batch" if kind == "batch" else "enterprise": name}

    def path(self, row: Message) -> str:
        """The page that a message opens."""
        kind, key = row.about.partition(":")[0], _key(row)
        if kind == "job":
            return job_page(str(row.params.get("job", "")), key)
        if kind == "evaluation" and key in self.evaluations:
            return reverse("evaluation", args=[self.evaluations[key][1]])
        if kind in PAGES and self.is_seen(row):
            return reverse(PAGES[kind], args=[key])
        if row.kind == "evaluation.due":
            return reverse("evaluations") if is_expert(self.reader) else ""
        return reverse("reviews") if row.kind == "steps.due" and self.reader.is_reviewer else ""

    def is_seen(self, row: Message) -> bool:
        """Whether the reader still sees what the message is about."""
        kind, key = row.about.partition(":")[0], _key(row)
        seen: Mapping[str, Mapping[str, object]] = {
            "application": self.applications,
            "evaluation": self.evaluations,
            "finding": self.findings,
            "enterprise": self.enterprises,
            "certificate": self.certificates,
            "document": self.documents,
            "title": self.titles,
            "batch": self.batches,
            "grant": self.grants,
        }
        return key in seen[kind] if kind in seen else True


def _key(row: Message) -> str:
    return row.about.partition(":")[2]


def _unseen() -> str:
    return _("（不在您的查看范围内）")


def _meaning(name: str, code: Any) -> str:
    """A code in the reader's language; one that nobody knows any more as it is."""
    if name == "stage":
        return named(STAGES[code]) if code in STAGES else str(code)
    if name == "level":
        return worded(LEVEL_NAMES[Level(code)]) if code in list(Level) else str(code)
    if name == "job":
        return job_name(str(code))
    if name == "due_what":
        return str(DUE_NAMES.get(code, code))
    names: dict[Any, Any] = {
        "ending": dict(EndReason.choices),
        "event": dict(EVENT_CHOICES),
        "matter": dict(GrantKind.choices),
        "role": dict(Role.choices),
    }
    return str(names[name].get(code, code))
