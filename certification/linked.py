"""What the public register says of an enterprise, as linked data: JSON-LD in the words of schema.org."""

from typing import Any

from django.utils.translation import gettext as _

from .certificate_life import Standing
from .certificates import Shown
from .document_life import Standing as PaperStanding
from .documents import Issued
from .files import PublicFile
from .models import Achievement
from .stages import STAGES
from .titles import Shown as ShownTitle

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
        "hasCertification": [
            *(_certification(fact, file) for fact in file.achievements),
            *map(_certificate, file.certificates),
            *map(_issued, file.issued),
            *map(_title, file.titles),
        ],
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


def _certification(fact: Achievement, file: PublicFile) -> dict[str, Any]:
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
        "certificationStatus": f"{SCHEMA}/Certification{'Active' if _is_active(fact, file) else 'Inactive'}",
    }
    if fact.certificate_number:
        said["certificationIdentification"] = fact.certificate_number
    if fact.ended_on:
        said["expires"] = str(fact.ended_on)
    return said


def _certificate(shown: Shown) -> dict[str, Any]:
    """A certificate of a certification body."""
    row, state = shown.row, shown.state
    said = _paper(row.number, row.ledger_number, state.standing.value, is_active=state.standing is Standing.VALID)
    return said | {
        "name": state.edition,
        "about": [row.scope_management, row.scope_links],
        "issuedBy": {"@type": "Organization", "name": row.body.name},
        "validFrom": str(row.issued_on),
        "expires": str(row.expires_on),
    }


def _issued(each: Issued) -> dict[str, Any]:
    """A certificate of the bureau itself."""
    row = each.row
    said = _paper(row.number, row.ledger_number, each.standing.value, is_active=each.standing is PaperStanding.VALID)
    said |= {
        "name": row.content["title"],
        "issuedBy": {"@type": "GovernmentOrganization", "name": row.content["issuing_body"]},
        "validFrom": str(row.issued_on),
    }
    return said | {"expires": str(row.valid_until)} if row.valid_until else said


def _title(shown: ShownTitle) -> dict[str, Any]:
    """A title with the document that it rests on."""
    row, document, state = shown.row, shown.document, shown.state
    if document is None:
        return {}
    said = _paper(document.document, document.ledger_number, state.standing.value, is_active=state.is_held)
    said |= {
        "name": STAGES[row.stage].name_zh,
        "alternateName": STAGES[row.stage].name_en,
        "issuedBy": {"@type": "GovernmentOrganization", "name": document.issued_by},
        "validFrom": str(row.effective_on),
    }
    said["identifier"].append({"@type": "PropertyValue", "propertyID": "level", "value": document.level})
    return said | {"expires": str(state.valid_until)} if state.valid_until else said


def _paper(number: str, ledger: int, standing: str, *, is_active: bool) -> dict[str, Any]:
    """What certificates of either kind say: their number, and how they stand today in the codes of the API."""
    return {
        "@type": "Certification",
        "certificationIdentification": number,
        "certificationStatus": f"{SCHEMA}/Certification{'Active' if is_active else 'Inactive'}",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "standing", "value": standing},
            {"@type": "PropertyValue", "propertyID": "ledger", "value": ledger},
        ],
    }
