"""The bureau's own papers as they are answered."""

from datetime import date
from typing import Any

from django.conf import settings

from certification.document_life import ACTS
from certification.models import Document, DocumentEvent
from certification.services.document_events import may_change, possible_events, standing_of
from certification.views.badges import STANDINGS
from enterprises.models import Account

from ..labels import ISSUER_NAMES

PLAIN = ("number", "kind", "holder", "issued_on", "valid_until", "state", "ledger_number")
PRINTED = ("issuing_body", "clause", "paragraphs")
NAMES = {event: act for act, event in ACTS.items()}


def row_on(day: date) -> Any:
    """Makes a paper the answer's row, as it stands on a day."""
    return lambda row: _row(row, day)


def _row(row: Document, day: date) -> dict[str, Any]:
    stands, since = standing_of(row, on=day)
    return {name: getattr(row, name) for name in PLAIN} | {
        "issuer": "bureau",
        "issuer_display": str(ISSUER_NAMES["bureau"]),
        "kind_display": row.get_kind_display(),
        "title": row.content["title"],
        "enterprise": row.uscc,
        "enterprise_display": row.application.enterprise.name,
        "application": row.application.number,
        "standing": stands.value,
        "standing_display": str(STANDINGS[stands].label),
        "standing_since": since,
        "state_display": row.get_state_display(),
    }


def full(row: Document, *, to: Account, on: date) -> dict[str, Any]:
    """Everything that stands on it, and what the caller may do with it."""
    newer = Document.objects.filter(replaces=row).values_list("number", flat=True).first()
    possible = possible_events(row, on=on) if may_change(row, to) else ()
    return {
        **_row(row, on),
        **{name: row.content[name] for name in PRINTED},
        "code": row.code,
        "verify": f"{settings.SITE_BASE_URL}/verify/{row.code}/",
        "replaces": row.replaces.number if row.replaces else None,
        "replaced_by": newer,
        "tries": row.tries,
        "sha256": row.sha256 or None,
        "size": row.size or None,
        "events": [event(each) for each in row.events.all()],
        "allowed_events": [NAMES[each] for each in possible],
    }


def event(row: DocumentEvent) -> dict[str, Any]:
    """As of the certificates of other bodies: no edition changes."""
    plain = {"on": row.on, "edition": "", "reason": row.ground, "ledger_number": row.ledger_number}
    return plain | {"kind": NAMES[row.kind], "kind_display": row.get_kind_display()}
