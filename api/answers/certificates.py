"""Certificates, organisations and advisers as they are answered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from certification.certificate_life import STANDING_NAMES
from certification.certificates import Shown, attention
from certification.models import Advising, Certificate, CertificateEvent, CertificateFile, LookupCheck, Organisation
from certification.rights import may_keep_certificates
from certification.services.certificate_facts import all_terms, may_happen, state_of
from certification.services.certificate_files import scan_of
from certification.wording import named, worded
from enterprises.models import Account

from ..labels import ISSUER_NAMES, moment

PLAIN = ("number", "holder", "route", "issued_on", "expires_on", "ledger_number")
WHOLE = ("holder_reason", "holder_address", "scope_management", "scope_links", "system_since", "applied_on")


def row_on(day: date) -> Callable[[Certificate], dict[str, Any]]:
    """Makes a certificate the answer's row, as it stands on a day; the terms are read once."""
    terms = all_terms()

    def made(row: Certificate) -> dict[str, Any]:
        state = state_of(row, on=day, terms=terms)
        return _row(Shown(row, state, attention(row, state, on=day)))

    return made


def _row(shown: Shown) -> dict[str, Any]:
    row, state = shown.row, shown.state
    return {name: getattr(row, name) for name in PLAIN} | {
        "issuer": "body",
        "issuer_display": str(ISSUER_NAMES["body"]),
        "enterprise": row.enterprise.uscc,
        "enterprise_display": row.enterprise.name,
        "body": row.body_id,
        "body_display": named(row.body),
        "edition": state.edition,
        "route_display": row.get_route_display(),
        "standing": state.standing.value,
        "standing_display": worded(STANDING_NAMES[state.standing]),
        "standing_since": state.since,
        "surveillance_due_on": state.due_on,
        "convert_by": state.convert_by,
        "attention": [each.value for each in shown.attention],
    }


def full(row: Certificate, *, to: Account, on: date) -> dict[str, Any]:
    """Everything on record, and what the caller may say happened."""
    state = state_of(row, on=on)
    following = row.replaced_by.filter(is_annulled=False).values_list("number", flat=True).first()
    kinds = [event.kind.value for event in may_happen(row, on=on)] if may_keep_certificates(to) else []
    return {
        **_row(Shown(row, state, attention(row, state, on=on))),
        **{name: getattr(row, name) for name in WHOLE},
        "replaces": row.replaces.number if row.replaces else None,
        "replaced_by": following,
        "has_scan": scan_of(row) is not None,
        "events": [event(each) for each in events_of(row)],
        "lookups": [lookup(each) for each in row.lookups.select_related("actor", "screenshot")],
        "allowed_events": kinds,
    }


def event(row: CertificateEvent) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("kind", "on", "edition", "reason", "ledger_number")}
    return plain | {
        "kind_display": row.get_kind_display(),
        "corrects": row.corrects.ledger_number if row.corrects else None,
        "is_corrected": row.is_corrected,
    }


def events_of(row: Certificate) -> "QuerySet[CertificateEvent]":
    """The events in the order of their days, with what `event` tells of each."""
    return row.events.select_related("corrects")


def lookup(row: LookupCheck) -> dict[str, Any]:
    return {
        "result": row.result,
        "result_display": row.get_result_display(),
        "note": row.note,
        "by": row.actor.username,
        "at": moment(row.at),
        "screenshot": reverse("api-certificate-file", args=[row.certificate.number, row.screenshot_id]),
        "filename": row.screenshot.filename,
    }


def scan(row: CertificateFile) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("sha256", "size", "media_type", "filename")}


def organisation(row: Organisation) -> dict[str, Any]:
    plain = ("code", "is_body", "is_adviser", "number_pattern", "approved_from", "approved_to")
    return {name: getattr(row, name) for name in plain} | {"name": named(row)}


def adviser(row: Advising) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organisation": row.organisation_id,
        "organisation_display": named(row.organisation),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "ledger_number": row.ledger_number,
    }
