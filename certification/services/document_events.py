"""What happens to a paper after it was issued (文书): suspended, restored, revoked, or superseded by a new one.

Its address and its code stay, and say so. The city does it, with ground and reason, on record.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment
from ledger.prepared import run
from ledger.record import Fact, record, record_many
from ledger.rows import insert
from ledger.verbs import Verb

from ..document_life import ADMITS, Event, Standing, standing
from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..messages import ring
from ..models import Document, DocumentEvent, DocumentWording
from ..models.document import EVENT_CHOICES
from ..papers.characters import missing
from ..paperwork import SUCCESSION, document_number, new_code
from ..remedies import of_paper
from ..rights import may_end_achievement
from .documents import issued_fact, next_in_series, shown_characters, subject_of

MAX_GROUND = 300
VERB_OF_EVENT: dict[str, Verb] = {
    Event.SUSPENDED: Verb.DOCUMENT_SUSPENDED,
    Event.RESTORED: Verb.DOCUMENT_RESTORED,
    Event.REVOKED: Verb.DOCUMENT_REVOKED,
    Event.SUPERSEDED: Verb.DOCUMENT_SUPERSEDED,
}
WORDS = dict(EVENT_CHOICES)


def may_change(document: Document, actor: Account) -> bool:
    """As with what it attests: the city only."""
    return may_end_achievement(actor, document.application.enterprise)


def possible_events(document: Document, *, on: date) -> tuple[Event, ...]:
    """What may happen to a paper as it stands on a day."""
    return ADMITS[standing_of(document, on=on)[0]]


def standing_of(document: Document, *, on: date) -> tuple[Standing, date | None]:
    fact = document.achievement
    ended = (fact.ended_reason, fact.ended_on) if fact and fact.ended_on else None
    events = [(event.kind, event.on) for event in document.events.all()]
    return standing(events, on=on, valid_until=document.valid_until, ended=ended)


@transaction.atomic
def happen(document: Document, event: str, *, ground: str, actor: Account, at: datetime) -> Document:
    """Record that a paper is suspended, restored or revoked, or supersede it; the paper that holds from now on.

    Raises NotAllowed, NotPossible (as it stands), Refused (no ground).
    """
    rows = Document.objects.select_for_update(of=("self",)).select_related("application__enterprise", "achievement")
    row = rows.get(pk=document.pk)
    if not may_change(row, actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更已签发的文书"))])
    _check(row, event, ground.strip(), timezone.localdate(at))
    newer = _successor(row, actor, at) if event == Event.SUPERSEDED else None
    _write(row, event, ground.strip(), actor, at, newer)
    transaction.on_commit(ring)
    return newer or row


def _check(row: Document, event: str, ground: str, today: date) -> None:
    if event not in VERB_OF_EVENT:
        message = _("没有“%(action)s”这一动作") % {"action": event}
        raise Refused([Refusal("event_unknown", message, field="kind")])
    admitted = possible_events(row, on=today)
    if event not in admitted:
        message = _("该文书目前的状态不能“%(event)s”") % {"event": WORDS[event]}
        remedy = of_paper(str(WORDS[each]) for each in admitted)
        raise NotPossible([Refusal("not_possible", message, field="kind", remedy=remedy)])
    if not ground:
        raise Refused([Refusal("ground_missing", _("请写明法律依据和理由"), field="reason")])
    if len(ground) > MAX_GROUND:
        said = {"limit": MAX_GROUND, "count": len(ground)}
        message = _("依据和理由最多 %(limit)s 字，现 %(count)s 字") % said
        raise Refused([Refusal("ground_too_long", message, field="reason")])


def _write(row: Document, event: str, ground: str, actor: Account, at: datetime, newer: Document | None) -> None:
    """The event with its entry; before it, where there is one, the paper that takes this one's place."""
    salt, said = commitment(ground)
    day = timezone.localdate(at)
    payload = {"on": str(day), "said": said, **({"newer": newer.number} if newer else {})}
    fact = Fact(VERB_OF_EVENT[event], subject_of(row), payload, enterprise=row.uscc, supersedes=row.ledger_number)
    if newer:
        first, second = record_many([issued_fact(newer), fact], actor=actor.as_actor(), at=at)
        newer.ledger_number = first.number
        insert(newer)
    else:
        second = record(fact, actor=actor.as_actor(), at=at)
    kept = DocumentEvent(document=row, kind=event, on=day, ground=ground, salt=salt, at=at, actor=actor)
    kept.ledger_number = second.number
    insert(kept)


def _successor(row: Document, actor: Account, at: datetime) -> Document:
    """The same paper anew: number, code and day of its own, the holder's name as it is today."""
    day, holder = timezone.localdate(at), row.application.enterprise.name
    if absent := missing(holder):
        message = _("字符 %(characters)s 不在字库中，无法印制") % {"characters": shown_characters(absent)}
        raise Refused([Refusal("glyph_missing", message)])
    prefix = DocumentWording.objects.values_list("prefix", flat=True).get(pk=row.wording_id)
    serial = run(next_in_series(prefix, day.year))[0][0][0]
    number = document_number(prefix, day.year, serial)
    said = {
        **row.content,
        "number": number,
        "holder": holder,
        "issued_on": str(day),
        "paragraphs": [
            each.replace(row.holder, holder).replace(row.number, number) for each in row.content["paragraphs"]
        ]
        + [SUCCESSION.format(number=row.number)],
    }
    return Document(
        number=number,
        code=new_code(),
        kind=row.kind,
        application_id=row.application_id,
        decision_id=row.decision_id,
        achievement_id=row.achievement_id,
        wording_id=row.wording_id,
        wording_version=row.wording_version,
        replaces_id=row.pk,
        holder=holder,
        uscc=row.uscc,
        issued_on=day,
        valid_until=row.valid_until,
        issued_at=at,
        issued_by_id=actor.pk,
        content=said,
        next_at=at,
    )
