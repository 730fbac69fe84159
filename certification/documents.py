"""The bureau's own papers in a caller's sight, narrowed by what they are and how they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from enterprises.models import Enterprise

from .document_life import Standing
from .models import Document
from .models.document import DocumentState
from .paperwork import Kind
from .parameters import choice, code, text
from .querysets import DocumentQuerySet
from .services.document_events import standing_of

FILTERS = (
    choice("kind", "What the paper is", [kind.value for kind in Kind]),
    choice("standing", "How it stands today", [standing.value for standing in Standing]),
    choice("state", "How far its file is", list(DocumentState.values)),
    code("application", "Number of the application"),
    code("enterprise", "Credit code"),
    text("number", "Beginning of the number", longest=60),
)
COLUMNS = {
    "kind": "kind",
    "standing": "standing",
    "state": "state",
    "application": "application__number",
    "enterprise": "application__enterprise__uscc",
}


def documents_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> DocumentQuerySet:
    """What the values of FILTERS leave of the papers that the account may see."""
    rows = Document.objects.visible_to(account).standing(on=on)
    rows = rows.filter(**{column: asked[name] for name, column in COLUMNS.items() if asked[name]})
    return rows.filter(number__startswith=asked["number"].upper()) if asked["number"] else rows


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate of the bureau with how it stands on a day; `since`: None from the beginning."""

    row: Document
    standing: Standing
    since: date | None


def certificates_issued(enterprise: Enterprise, *, on: date) -> list[Issued]:
    """The bureau's certificates of an enterprise, the latest first; letters are between it and the bureau."""
    rows = Document.objects.filter(application__enterprise=enterprise, kind=Kind.CERTIFICATE)
    rows = rows.select_related("achievement", "replaced_by").prefetch_related("events")
    return [Issued(row, *standing_of(row, on=on)) for row in rows.order_by("-issued_on", "-id")]
