"""The findings (不符合项) of a caller's sight, narrowed by whose they are and where they stand."""

from collections.abc import Mapping
from typing import Any

from .models import Finding, FindingStatus
from .parameters import choice, code
from .querysets import FindingQuerySet

FILTERS = (
    code("enterprise", "Credit code"),
    code("application", "Number of the application in whose round it was raised"),
    code("closed_in", "Number of the application of a later round in which it was closed"),
    choice("status", "Where it stands", FindingStatus.values),
)
COLUMNS = {
    "enterprise": "enterprise__uscc",
    "application": "application__number",
    "closed_in": "closed_in__number",
    "status": "status",
}


def findings_matching(account: Any, asked: Mapping[str, Any]) -> FindingQuerySet:
    """What the values of FILTERS leave of the findings that the account may see."""
    narrowed = {column: asked[name] for name, column in COLUMNS.items() if asked[name]}
    return Finding.objects.visible_to(account).filter(**narrowed)
