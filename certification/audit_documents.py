"""The papers (文书) held against the ledger: each says what was on record when it was issued, rendered and changed."""

import json
from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from ledger.canonical import commitment, text_of, to_milliseconds
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import Decision, Document, DocumentEvent
from .paperwork import OF_ACHIEVEMENT, Kind
from .services.document_events import VERB_OF_EVENT
from .services.documents import issued_payload, subject_of

CHUNK = 2000
GRANTING = ("approve", "grant")


def document_faults() -> Iterator[Fault]:
    yield from _issue_faults()
    yield from _page_faults()
    yield from _file_faults()
    yield from _event_faults()
    yield from _ground_faults()


def _issue_faults() -> Iterator[Fault]:
    """Every paper on record is there, in every word; and no other is."""
    rows = {
        row.ledger_number: row
        for row in Document.objects.select_related("application__enterprise", "replaces", "decision")
    }
    entries = LedgerEntry.objects.filter(verb=Verb.DOCUMENT_ISSUED).order_by("number")
    for entry in entries.iterator(CHUNK):
        row = rows.pop(entry.number, None)
        if row is None:
            reason = _("台账记载的文书（%(subject)s）在库中不存在") % {"subject": entry.subject}
            yield Fault(entry.number, reason)
        elif not _says_the_same(entry, row):
            yield Fault(entry.number, _("文书 %(number)s 与台账记载不一致") % {"number": row.number})
    for row in rows.values():
        yield Fault(row.ledger_number, _("文书 %(number)s 没有对应的台账条目") % {"number": row.number})


def _says_the_same(entry: LedgerEntry, row: Document) -> bool:
    payload = json.loads(entry.payload)
    said = (entry.subject, entry.enterprise, entry.actor, entry.at, {"style": row.wording_id, **payload})
    content = commitment(text_of(row.content), salt=row.salt)[1]
    columns = (row.content["number"], row.content["kind"], row.content["holder"], row.content["uscc"])
    days = (row.content["issued_on"], row.content["valid_until"])
    return (
        said
        == (
            subject_of(row),
            row.application.enterprise.uscc,
            f"account:{row.issued_by_id}",
            to_milliseconds(row.issued_at),
            issued_payload(row, content),
        )
        and columns == (row.number, row.kind, row.holder, row.uscc)
        and days == (str(row.issued_on), str(row.valid_until) if row.valid_until else "")
        and ("style" not in payload or _has_its_achievement(row))
    )


def _has_its_achievement(row: Document) -> bool:
    """As the paper that it replaces; of the others, certificates and letters by which an achievement was granted."""
    if row.replaces:
        return row.achievement_id == row.replaces.achievement_id
    grants = row.decision is not None and row.decision.action in GRANTING
    return (row.achievement_id is not None) == (
        row.kind == Kind.CERTIFICATE.value or (grants and row.kind in OF_ACHIEVEMENT)
    )


def _ground_faults() -> Iterator[Fault]:
    """A paper rests on a decision of its application; a certificate stands by the achievement granted there.

    So does the letter that grants it, unless it is older than that rule.
    """
    attests = Q(kind__in=OF_ACHIEVEMENT, achievement__application=F("application"))
    silent = ~Q(kind=Kind.CERTIFICATE.value) & Q(achievement__isnull=True)
    before = Decision.objects.filter(application=OuterRef("application"), ledger_number__lt=OuterRef("ledger_number"))
    last = Subquery(before.order_by("-ledger_number").values("ledger_number")[:1])
    own = Q(replaces__isnull=True, decision=last) | Q(replaces__isnull=False, decision=F("replaces__decision"))
    apart = Document.objects.exclude(pk__in=Document.objects.filter(own, attests | silent).values("pk"))
    for number, paper in apart.order_by("pk").values_list("ledger_number", "number"):
        yield Fault(number, _("文书 %(number)s 所依据的决定或认定不是该申报的") % {"number": paper})
    copies = Document.objects.filter(replaces__isnull=False).exclude(replaces__events__kind="superseded")
    for number, paper in copies.order_by("pk").values_list("ledger_number", "number"):
        yield Fault(number, _("文书 %(number)s 与台账记载不一致") % {"number": paper})


def _page_faults() -> Iterator[Fault]:
    """The pages have the digest of their last entry."""
    said: dict[str, tuple[int, dict[str, object]]] = {}
    entries = LedgerEntry.objects.filter(verb=Verb.DOCUMENT_RENDERED).order_by("number")
    for number, subject, payload in entries.values_list("number", "subject", "payload").iterator(CHUNK):
        said[subject] = (number, json.loads(payload))
    columns = ("number", "ledger_number", "page_number", "page_sha256", "page_size")
    for paper, issued, number, sha256, size in Document.objects.exclude(page_number=None).values_list(*columns):
        entry, content = said.pop(f"document:{paper}", (0, {}))
        if (entry, content) != (number, {"sha256": sha256, "size": size, "issued": issued}):
            yield Fault(entry or number, _("文书 %(number)s 的版面与台账记载不一致") % {"number": paper})
    for subject, (entry, _content) in said.items():
        yield Fault(entry, _("台账记载的文书（%(subject)s）在库中不存在") % {"subject": subject})
    unmade = Document.objects.filter(page_number=None).exclude(page_sha256="", page_size=0)
    for issued, paper in unmade.values_list("ledger_number", "number"):
        yield Fault(issued, _("文书 %(number)s 的版面与台账记载不一致") % {"number": paper})


def _file_faults() -> Iterator[Fault]:
    """The file has digest, size and moment of its entry; only papers older than the first such entry may lack one."""
    entries = LedgerEntry.objects.filter(verb=Verb.DOCUMENT_SIGNED).order_by("number")
    columns = ("subject", "number", "at", "payload")
    said = {subject: rest for subject, *rest in entries.values_list(*columns).iterator(CHUNK)}
    first = min((number for number, *_rest in said.values()), default=None)
    for row in Document.objects.exclude(page_number=None).defer("content").iterator(CHUNK):
        entry = said.pop(subject_of(row), None)
        if entry:
            number, at, payload = entry
            file = {"sha256": row.sha256, "size": row.size}
            same = row.rendered_at and (to_milliseconds(row.rendered_at), file) == (at, json.loads(payload))
        else:
            number = row.page_number
            same = not row.is_ready or first is None or number < first
        if not same:
            yield Fault(number, _("文书 %(number)s 的文件与台账记载不一致") % {"number": row.number})
    for subject, (number, *_rest) in said.items():
        yield Fault(number, _("台账记载的文书（%(subject)s）在库中不存在") % {"subject": subject})


def _event_faults() -> Iterator[Fault]:
    """Suspensions, restorations, revocations and replacements are the same ones, with the same ground."""
    rows = {row.ledger_number: row for row in DocumentEvent.objects.select_related("document__replaced_by")}
    for entry in LedgerEntry.objects.filter(verb__in=set(VERB_OF_EVENT.values())).order_by("number"):
        row = rows.pop(entry.number, None)
        if row is None:
            reason = _("台账记载的文书事项（%(subject)s）在库中不存在") % {"subject": entry.subject}
            yield Fault(entry.number, reason)
        elif not _same_event(entry, row):
            yield Fault(entry.number, _("文书 %(number)s 与台账记载不一致") % {"number": row.document.number})
    for row in rows.values():
        yield Fault(row.ledger_number, _("文书 %(number)s 没有对应的台账条目") % {"number": row.document.number})


def _same_event(entry: LedgerEntry, row: DocumentEvent) -> bool:
    newer = getattr(row.document, "replaced_by", None) if row.kind == "superseded" else None
    payload = {"on": str(row.on), "said": commitment(row.ground, salt=row.salt)[1]}
    payload |= {"newer": newer.number} if newer else {}
    said = (entry.verb, entry.subject, entry.actor, entry.at, json.loads(entry.payload))
    verb = VERB_OF_EVENT[row.kind]
    return said == (verb, subject_of(row.document), f"account:{row.actor_id}", to_milliseconds(row.at), payload)
