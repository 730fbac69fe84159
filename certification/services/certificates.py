"""Recording third-party certificates (证书): the certificate, its achievement and their ledger entries together."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from ledger.contents import content_digest
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..certificate_checks import Stated, missing, stated, unsound
from ..errors import Duplicate, NotAllowed, Refusal, Refused
from ..messages import ring
from ..models import Achievement, Application, Certificate, Organisation
from ..rights import may_keep_certificates, ties
from ..stages import STAGES
from .achievements import record_achievement
from .certificate_facts import CERTIFICATION, achievement_of_day, body_named, known_for


def record_certificate(enterprise: Enterprise, said: Stated, *, actor: Account, at: datetime) -> Certificate:
    """Record a certificate that a body issued, with the achievement of its day, or raise why not.

    Raises NotAllowed, Refused (everything at once), Duplicate (somebody else recorded the number meanwhile).
    """
    check_right(actor, enterprise)
    try:
        with transaction.atomic():
            row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
            made = _checked(row, said, on=timezone.localdate(at))
            written(made, actor=actor, at=at)
    except IntegrityError as error:
        raise _used(said) from error
    return made


def check_right(actor: Account, enterprise: Enterprise) -> None:
    """Certificates are the city's to keep, and nobody's who is tied to the enterprise."""
    if not may_keep_certificates(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以登记和变更证书"))])
    if ties(account=actor, enterprise=enterprise).exists():
        raise NotAllowed([Refusal("own_interest", _("您与该企业有利害关系，应当回避"))])


def _checked(enterprise: Enterprise, said: Stated, *, on: date) -> Certificate:
    """The certificate, not yet written; raises Refused."""
    found = [*missing(said), *unsound(said, known_for(enterprise, said, on=on))]
    body = body_named(said.body)
    if found or body is None:
        raise Refused(found)
    return unwritten(enterprise, said, body)


def unwritten(enterprise: Enterprise, said: Stated, body: Organisation) -> Certificate:
    plain: dict[str, Any] = {each.name: getattr(said, each.name) for each in fields(said) if each.name != "body"}
    return Certificate(enterprise=enterprise, body=body, **plain)


def written(row: Certificate, *, actor: Account, at: datetime, achievement: Achievement | None = None) -> Certificate:
    """Write a checked certificate and its achievement, unless that is there; inside the caller's transaction."""
    found = achievement or achievement_of_day(row.enterprise, row.issued_on)
    row.achievement = found or record_achievement(_achievement(row), actor=actor.as_actor(), at=at)
    fact = Fact(Verb.CERTIFICATE_RECORDED, subject_of(row), recorded_payload(row), enterprise=row.enterprise.uscc)
    row.recorded_at, row.ledger_number = at, record(fact, actor=actor.as_actor(), at=at).number
    row.save()
    transaction.on_commit(ring)
    return row


def _achievement(row: Certificate) -> Achievement:
    return Achievement(
        enterprise=row.enterprise,
        stage=CERTIFICATION,
        effective_on=row.issued_on,
        certificate_number=row.number,
        route=row.route,
    )


def subject_of(row: Certificate) -> str:
    """Under what name the ledger speaks of a certificate."""
    return f"certificate:{row.body_id}:{row.number}"


def recorded_payload(row: Certificate) -> dict[str, Any]:
    """What the ledger says of a certificate: codes and days, and the digest of its texts."""
    texts = [row.holder, row.holder_address, row.scope_management, row.scope_links]
    if row.holder_reason:
        texts.append(row.holder_reason)  # only then: most certificates have none, the earlier ones could not
    return {
        "number": row.number,
        "body": row.body_id,
        "edition": row.edition,
        "route": row.route,
        "system_since": str(row.system_since),
        "applied_on": str(row.applied_on),
        "issued_on": str(row.issued_on),
        "expires_on": str(row.expires_on),
        "achievement": row.achievement.ledger_number,
        "replaces": row.replaces.ledger_number if row.replaces else None,
        "digest": content_digest(texts),
    }


def _used(said: Stated) -> Duplicate:
    message = _("证书编号“%(number)s”刚刚已由他人登记") % {"number": said.number}
    return Duplicate([Refusal("number_used", message, field="number", remedy=_("刷新页面，核对已登记的证书"))])


def of_application(application: Application, *, actor: Account, at: datetime) -> Certificate | None:
    """The certificate of an approved application, beside the achievement that the approval granted.

    In the door's transaction; what was stated has passed the gates.
    """
    said = stated(application.fields)
    body = body_named(said.body)
    if not STAGES[application.stage].has_certificate or body is None:
        return None
    found = Achievement.objects.get(application=application)
    row = unwritten(application.enterprise, said, body)
    return written(row, actor=actor, at=at, achievement=found)
