"""What the registry knows when a certificate is stated: the facts for certificate_checks.py, read in few questions."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.conf import settings
from django.db.models import Q

from enterprises.models import Enterprise

from ..certificate_checks import Body, Known, Stated, stated
from ..certificate_life import Event, Happened, Issue, Kind, State, Terms, possible, state_on
from ..models import Achievement, Application, Certificate, CertificateEvent, EditionTerms, Organisation
from ..models.certificate import Route
from ..needs import CertificateCheck
from .advising import advisers_until

CERTIFICATION = "guanbiao.certification"


def all_terms() -> dict[str, Terms]:
    """The terms of every edition, by its code."""
    return {
        row.edition: Terms(
            edition=row.edition,
            term_months=row.term_months,
            surveillance_months=row.surveillance_months,
            system_months=row.system_months,
            applications_from=row.applications_from,
            applications_until=row.applications_until,
            convert_by=row.convert_by,
        )
        for row in EditionTerms.objects.all()
    }


def body_named(text: str) -> Organisation | None:
    """The certification body with this code or name."""
    return Organisation.objects.filter(Q(pk=text) | Q(name=text), is_body=True).first() if text else None


def known_for(enterprise: Enterprise, said: Stated, *, on: date) -> Known:
    """What stands for or against a certificate of the enterprise."""
    body = body_named(said.body)
    return Known(
        today=on,
        earliest=settings.EARLIEST_ACHIEVEMENT,
        body=_as_body(body) if body else None,
        terms=all_terms(),
        routes=tuple(Route.values),
        has_advised=_has_advised(enterprise, body, said),
        is_number_used=_is_used(body, said.number),
        same_day=_same_day(enterprise, said.issued_on),
        names=_names(enterprise, said.issued_on),
    )


def checked_for(application: Application, *, on: date) -> CertificateCheck:
    """What an application states of its certificate, with what the registry knows of it."""
    said = stated(application.fields)
    return CertificateCheck(said, known_for(application.enterprise, said, on=on))


def _as_body(row: Organisation) -> Body:
    return Body(row.pk, row.name, row.number_pattern, row.approved_from, row.approved_to)


def _has_advised(enterprise: Enterprise, body: Organisation | None, said: Stated) -> bool:
    if body is None or said.issued_on is None:
        return False
    return advisers_until(enterprise, said.issued_on).filter(pk=body.pk).exists()


def _is_used(body: Organisation | None, number: str) -> bool:
    return body is not None and Certificate.objects.filter(body=body, number=number, is_annulled=False).exists()


def _names(enterprise: Enterprise, on: date | None) -> tuple[str, ...]:
    """What the enterprise was called on a day; before its first known name, that one."""
    if on is None:
        return ()
    rows = list(enterprise.names.order_by("valid_from"))
    then = [row.name for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)]
    return tuple(then or [row.name for row in rows[:1]])


def _same_day(enterprise: Enterprise, issued_on: date | None) -> str:
    """The number of the certificate that the enterprise was issued on that very day."""
    if issued_on is None:
        return ""
    rows = Certificate.objects.filter(enterprise=enterprise, issued_on=issued_on, is_annulled=False)
    return rows.values_list("number", flat=True).first() or ""


def achievement_of_day(enterprise: Enterprise, issued_on: date) -> Achievement | None:
    """An achievement of that day without a certificate (an import): the certificate belongs to it."""
    rows = Achievement.objects.filter(enterprise=enterprise, stage=CERTIFICATION, effective_on=issued_on)
    return rows.filter(certificate__isnull=True).exclude(ended_reason="annulled").first()


def happened(row: Certificate) -> list[Happened]:
    """Its events, as the life of a certificate reads them: what was corrected fell away. Prefetch them for many."""
    return [as_happened(event) for event in standing_events(row)]


def as_happened(event: CertificateEvent) -> Happened:
    return Happened(Kind(event.kind), event.on, event.edition)


def issue_of(row: Certificate) -> Issue:
    return Issue(row.issued_on, row.expires_on, row.edition)


def standing_events(row: Certificate) -> list[CertificateEvent]:
    """Its events that have not been corrected, in the order of their days; corrections themselves are none."""
    found = [event for event in row.events.all() if not event.is_corrected and event.kind != Kind.CORRECT]
    return sorted(found, key=lambda event: (event.on, event.pk))


def correctable(row: Certificate) -> list[CertificateEvent]:
    """What may be corrected as recorded in error; a renewal is undone by annulling the certificate that it brought."""
    return [event for event in standing_events(row) if event.kind not in (Kind.RENEW, Kind.ANNUL)]


def may_happen(row: Certificate, *, on: date) -> list[Event]:
    """What may be recorded of a certificate on a day: of one that is over, also what happened before it was."""
    state = state_of(row, on=min(on, row.expires_on))
    return [event for event in possible(state) if event.kind is not Kind.CORRECT or correctable(row)]


def state_of(row: Certificate, *, on: date, terms: Mapping[str, Terms] | None = None) -> State:
    """How a certificate stands on a day."""
    return state_on(issue_of(row), happened(row), all_terms() if terms is None else terms, on=on)


def states_of(rows: Iterable[Certificate], *, on: date) -> dict[int, State]:
    """How each stands on a day, by its key."""
    terms = all_terms()
    return {row.pk: state_of(row, on=on, terms=terms) for row in rows}
