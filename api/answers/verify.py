"""A verification as it is answered: nothing personal."""

from dataclasses import asdict
from typing import Any

from certification.attested import Attested
from certification.paperwork import KIND_NAMES, Kind
from certification.services.uploaded import Examined
from certification.views.badges import STANDINGS
from certification.wording import worded
from ledger.proofs import Proof

PLAIN = ("number", "kind", "title", "holder", "issuing_body", "issued_on", "valid_until", "ledger_number")


def attested(paper: Attested) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in PLAIN} | {
        "kind_display": worded(KIND_NAMES[Kind(paper.kind)]),
        "status": paper.standing.value,
        "status_display": str(STANDINGS[paper.standing].label),
        "status_since": paper.since,
        "replaced_by": paper.replaced_by or None,
        "sha256": paper.sha256 or None,
    }


def verified(paper: Attested, proof: Proof | None) -> dict[str, Any]:
    return attested(paper) | {"proof": asdict(proof) if proof else None}


def examined(found: Examined) -> dict[str, Any]:
    return {
        "finding": found.finding.value,
        "finding_display": str(found.words),
        "is_signature_intact": found.is_signature_intact,
        "altered_at": found.altered_at or None,
        "attested": attested(found.attested) if found.attested else None,
    }
