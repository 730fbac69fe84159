"""What happens to a certificate after its issue (证书事项): each kind is a service of its own, with day and reason.

Everything is checked and written under the lock of the enterprise: standing, day, person. An event that ends the
certificate ends its achievement in the same transaction, by the same day. Errors of recording: see
certificate_corrections.py.
"""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..certificate_checks import Stated, missing, unsound
from ..certificate_life import Kind
from ..errors import Refusal, Refused
from ..models import Certificate, CertificateEvent
from .certificate_acts import Act, check, end_with, locked, stale, write
from .certificate_corrections import annul, correct
from .certificate_facts import body_named, known_for
from .certificates import check_right, unwritten, written

__all__ = [
    "Act",
    "annul",
    "convert",
    "correct",
    "happen",
    "renew",
    "restore",
    "surrender",
    "survey",
    "suspend",
    "withdraw",
]


def survey(certificate: Certificate, act: Act) -> CertificateEvent:
    """The body's surveillance (监督审核) was passed."""
    return _happened(certificate, Kind.SURVEILLANCE, act)


def suspend(certificate: Certificate, act: Act) -> CertificateEvent:
    """The body suspended the certificate; the achievement goes on."""
    return _happened(certificate, Kind.SUSPEND, act)


def restore(certificate: Certificate, act: Act) -> CertificateEvent:
    """A suspended certificate holds again; the city's to say."""
    return _happened(certificate, Kind.RESTORE, act)


def withdraw(certificate: Certificate, act: Act) -> CertificateEvent:
    """The body withdrew the certificate (撤销): the achievement no longer counts."""
    return _happened(certificate, Kind.WITHDRAW, act)


def surrender(certificate: Certificate, act: Act) -> CertificateEvent:
    """The enterprise gave the certificate up (注销)."""
    return _happened(certificate, Kind.SURRENDER, act)


def convert(certificate: Certificate, edition: str, act: Act) -> CertificateEvent:
    """Conversion to a later edition at a surveillance: the expiry stays."""
    return _happened(certificate, Kind.CONVERT, act, edition=edition)


def happen(
    certificate: Certificate, kind: str, act: Act, *, edition: str = "", corrects: int | None = None
) -> CertificateEvent:
    """The service of a kind of event, by its code; a renewal brings a new certificate and is not among them.

    `edition`: of a conversion. `corrects`: of a correction, the ledger number of the event recorded in error.
    """
    if kind == Kind.CONVERT:
        return convert(certificate, edition, act)
    if kind == Kind.CORRECT:
        return correct(certificate, corrects, act)
    service = BY_KIND.get(kind)
    if service is None:
        message = _("没有“%(kind)s”这一证书事项") % {"kind": kind}
        remedy = _("可用的值：%(kinds)s") % {"kinds": _("、").join([*BY_KIND, Kind.CONVERT, Kind.CORRECT])}
        raise Refused([Refusal("kind_unknown", message, field="kind", remedy=remedy)])
    return service(certificate, act)


BY_KIND: dict[str, Callable[[Certificate, Act], CertificateEvent]] = {
    Kind.SURVEILLANCE: survey,
    Kind.SUSPEND: suspend,
    Kind.RESTORE: restore,
    Kind.WITHDRAW: withdraw,
    Kind.SURRENDER: surrender,
    Kind.ANNUL: annul,
}


def renew(certificate: Certificate, said: Stated, act: Act) -> Certificate:
    """Re-certification: a new certificate with its own years follows, and the old one ends on its day of issue."""
    check_right(act.actor, certificate.enterprise)
    try:
        with transaction.atomic():
            row = locked(certificate)
            known = known_for(row.enterprise, said, on=timezone.localdate(act.at))
            found = [*missing(said), *unsound(said, known)]
            body = body_named(said.body)
            if found or body is None:
                raise Refused(found)
            act = Act(said.issued_on or act.on, act.reason, act.actor, act.at)
            check(row, Kind.RENEW, act)
            end_with(row, Kind.RENEW, act)
            write(row, Kind.RENEW, act)
            following = unwritten(row.enterprise, said, body)
            following.replaces = row
            return written(following, actor=act.actor, at=act.at)
    except IntegrityError as error:
        raise stale() from error


def _happened(certificate: Certificate, kind: Kind, act: Act, *, edition: str = "") -> CertificateEvent:
    check_right(act.actor, certificate.enterprise)
    try:
        with transaction.atomic():
            row = locked(certificate)
            check(row, kind, act, edition=edition)
            end_with(row, kind, act)
            return write(row, kind, act, edition=edition)
    except IntegrityError as error:
        raise stale() from error
