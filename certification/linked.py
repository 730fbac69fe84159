"""What the public register says of an enterprise, as linked data: JSON-LD in the words of schema.org."""

from typing import Any

from django.utils.translation import gettext as _

from .certificate_life import Standing
from .files import PublicFile
from .models import Achievement
from .stages import STAGES

MEDIA_TYPE = "application/ld+json"
SCHEMA = "https://schema.org"


def linked_data(file: PublicFile, *, address: str) -> dict[str, Any]:
    """The enterprise under its stable address; nothing that its public page does not say."""
    row = file.enterprise
    said: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Organization",
        "@id": address,
        "url": address,
        "name": row.name,
        "identifier": {"@type": "PropertyValue", "propertyID": "uscc", "value": row.uscc},
        "address": {"@type": "PostalAddress", "addressCountry": "CN", "addressLocality": row.township.name},
        "hasCertification": [_certification(fact, _is_active(fact, file)) for fact in file.achievements],
    }
    if former := [name.name for name in file.names if name.name != row.name]:
        said["alternateName"] = former
    if row.established_on:
        said["foundingDate"] = str(row.established_on)
    if row.is_demo:
        said["disambiguatingDescription"] = _("演示数据")
    return said


def _is_active(fact: Achievement, file: PublicFile) -> bool:
    """Held, and not resting on a certificate that its body has suspended."""
    suspended = {each.row.achievement_id for each in file.certificates if each.state.standing is Standing.SUSPENDED}
    return fact.pk in file.held and fact.pk not in suspended


def _certification(fact: Achievement, is_active: bool) -> dict[str, Any]:
    stage = STAGES[fact.stage]
    said: dict[str, Any] = {
        "@type": "Certification",
        "name": stage.name_zh,
        "alternateName": stage.name_en,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "stage", "value": fact.stage},
            {"@type": "PropertyValue", "propertyID": "round", "value": fact.round},
            {"@type": "PropertyValue", "propertyID": "ledger", "value": fact.ledger_number},
        ],
        "validFrom": str(fact.effective_on),
        "certificationStatus": f"{SCHEMA}/Certification{'Active' if is_active else 'Inactive'}",
    }
    if fact.certificate_number:
        said["certificationIdentification"] = fact.certificate_number
    if fact.ended_on:
        said["expires"] = str(fact.ended_on)
    return said
