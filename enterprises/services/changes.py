"""Several changes of one enterprise's file at once: all of them, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..models import Account, Enterprise
from .amendments import amend, locked, rename
from .completion import state_place
from .qualifications import grant_high_tech


@dataclass(frozen=True, slots=True)
class HighTechGrant:
    """A high-tech certificate and its days."""

    certificate: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change; `name` and `township` hold from `since` on, without one from today.

    Without one, a township within the district that is all that was known completes the place (state_place).
    """

    since: date | None = None
    name: str = ""
    township: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    high_tech: HighTechGrant | None = None


@transaction.atomic
def change_file(
    enterprise: Enterprise, asked: Changes, *, actor: Account, at: datetime, expected_version: int | None = None
) -> Enterprise:
    """Make every change that is asked for; raises what amend, rename, state_place and grant_high_tech raise."""
    row = locked(enterprise, actor=actor, expected_version=expected_version)
    if asked.fields:
        row = amend(row, asked.fields, actor=actor, at=at)
    if asked.name:
        row = rename(row, asked.name, since=asked.since or timezone.localdate(at), actor=actor, at=at)
    if asked.township:
        row = state_place(row, asked.township, since=asked.since, actor=actor, at=at)
    if asked.high_tech:
        grant = asked.high_tech
        grant_high_tech(
            row,
            certificate=grant.certificate,
            valid_from=grant.valid_from,
            valid_to=grant.valid_to,
            actor=actor,
            at=at,
        )
    return row
