"""Keeping the wordings of messages (通知文案), each of which is a fact of the ledger; the first ones are in data/."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_word_messages
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content, record_loaded
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused
from ..models import MessageWording
from .kinds import KINDS
from .wording import PLACE

DATA = Path(__file__).parent.parent / "data" / "message_wordings.json"
PARTS = ("subject_zh", "subject_en", "body_zh", "body_en")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@transaction.atomic
def keep_wording(row: MessageWording, *, actor: Account, at: datetime) -> MessageWording:
    """Write the wording of a kind, and one ledger entry. Raises NotAllowed, Refused (all that is wrong with it)."""
    if not may_word_messages(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更通知文案"))])
    for part in PARTS:
        setattr(row, part, getattr(row, part).replace("\r\n", "\n").strip())
    found = list(wording_refusals(row))
    if found:
        raise Refused(found)
    fields = differing(row)
    row.save()
    subject = subject_of(row.pk)
    entry = record_content(
        Verb.WORDING_CHANGED, subject, lambda: wording_contents(row.pk)[subject], actor=actor.as_actor(), at=at
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return row


def wording_refusals(row: MessageWording) -> Iterator[Refusal]:
    """What is wrong with a wording: nothing in it, several lines in a title, a placeholder that its kind has not."""
    known = KINDS[row.kind].words
    for part in PARTS:
        text = getattr(row, part)
        if not text.strip():
            yield Refusal("wording_missing", _("请填写内容"), field=part)
        if CONTROL.search(text) or (part.startswith("subject") and "\n" in text):
            remedy = _("标题只能是一行，内容中不能有控制字符")
            yield Refusal("wording_form", _("含有换行或控制字符"), field=part, remedy=remedy)
        yield from _placeholder_refusals(part, text, known)


def _placeholder_refusals(part: str, text: str, known: tuple[str, ...]) -> Iterator[Refusal]:
    usable = _("、").join(f"{{{name}}}" for name in known)
    remedy = _("该事项可用的占位符：%(names)s") % {"names": usable}
    for name in dict.fromkeys(PLACE.findall(text)):
        if name not in known:
            message = _("占位符“%(name)s”不可用于该事项") % {"name": f"{{{name}}}"}
            yield Refusal("placeholder_unknown", message, field=part, remedy=remedy)
    if re.search(r"[{}]", PLACE.sub("", text)):
        yield Refusal("placeholder_form", _("花括号不成对或其中不是占位符"), field=part, remedy=remedy)


def subject_of(kind: str) -> str:
    """Under what name the ledger speaks of a wording."""
    return f"wording:{kind}"


def wording_contents(*kinds: str) -> dict[str, Any]:
    """What each wording says, by its subject; of all without kinds."""
    rows = MessageWording.objects.order_by("pk")
    return {
        subject_of(row.pk): [getattr(row, part) for part in PARTS]
        for row in (rows.filter(pk__in=kinds) if kinds else rows)
    }


@transaction.atomic
def load_wordings(*, at: datetime) -> None:
    """The wordings that a registry begins with; one that is there stays as the bureau has it."""
    loaded = []
    for said in json.loads(DATA.read_text(encoding="utf-8")):
        row, created = MessageWording.objects.get_or_create(kind=said.pop("kind"), defaults=said)
        if created:
            loaded.append(subject_of(row.pk))
    record_loaded(Verb.WORDING_CHANGED, wording_contents(), loaded, at=at)
