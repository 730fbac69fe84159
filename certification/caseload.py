"""The applications of a caller's sight, narrowed by what they are and where they stand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .models import Application
from .parameters import boolean, choice, code
from .querysets import ApplicationQuerySet
from .stages import STAGES, Level, Status

FILTERS = (
    choice("status", "Status", [status.value for status in Status]),
    choice("step", "Level at which it stands", [level.value for level in Level]),
    boolean("overdue", "Past its time limit"),
    boolean("uncorrected", "Returned, and past the last day for its correction"),
    choice("stage", "Stage", list(STAGES)),
    code("enterprise", "Credit code"),
    boolean("assigned_to_me", "What waits at the caller's own level and area"),
)
COLUMNS = {"status": "status", "step": "level", "stage": "stage", "enterprise": "enterprise__uscc"}


def applications_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> ApplicationQuerySet:
    """What the values of FILTERS leave of the applications that the account may see."""
    rows = Application.objects.visible_to(account)
    rows = rows.filter(**{column: asked[name] for name, column in COLUMNS.items() if asked[name]})
    late = {"overdue": Application.objects.overdue(on=on), "uncorrected": Application.objects.uncorrected(on=on)}
    for name, found in late.items():
        if asked[name] is not None:
            rows = rows.filter(pk__in=found) if asked[name] else rows.exclude(pk__in=found)
    if asked["assigned_to_me"]:
        rows = rows.filter(pk__in=Application.objects.awaiting(account))
    return rows
