"""Indicators held against the ledger: the target and opening balance of every version, and each as a whole.

The walk begins at the entries, so that an indicator or a version that was removed is missed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from ledger.contents import content_digest
from ledger.models import LedgerEntry
from ledger.verify import Fault

from .models import IndicatorVersion
from .services.plan_contents import INDICATOR_VERBS, indicator_contents, indicator_subject
from .wording import named


@dataclass(slots=True)
class Version:
    """What the ledger says of a version, and in which entry last."""

    number: int = 0
    target: str | None = None
    opening: str | None = None
    opening_on: str | None = None


@dataclass(slots=True)
class Said:
    """What the ledger says of an indicator; `digest` is None before it was put on record as a whole."""

    number: int = 0
    digest: str | None = None
    versions: dict[int, Version] = field(default_factory=dict)


def plan_faults() -> Iterator[Fault]:
    """Every indicator on record is there with every version, each of which says what is on record of it."""
    said, contents = _said(), indicator_contents()
    yield from _version_faults(said)
    for subject, found in said.items():
        if subject not in contents:
            yield Fault(found.number, _("台账记载的指标（%(subject)s）在库中不存在") % {"subject": subject})
        elif found.digest not in (None, content_digest(contents[subject])):
            reason = _("指标（%(subject)s）的内容或版本与台账记载不一致") % {"subject": subject}
            yield Fault(found.number, reason)
    for subject in contents:
        if subject not in said:
            yield Fault(0, _("指标（%(subject)s）没有台账条目") % {"subject": subject})


def _said() -> dict[str, Said]:
    said: dict[str, Said] = {}
    for entry in LedgerEntry.objects.filter(verb__in=INDICATOR_VERBS).order_by("number"):
        content = json.loads(entry.payload)
        found = said.setdefault(entry.subject, Said())
        number = content["version"]
        before = found.versions.get(number) or found.versions.get(number - 1, Version())
        found.versions[number] = Version(
            number=entry.number,
            target=content.get("target", before.target),
            opening=content.get("opening", before.opening),
            opening_on=content.get("opening_on", content.get("on", before.opening_on)),
        )
        if "digest" in content:
            found.number, found.digest = entry.number, content["digest"]
        found.number = found.number or entry.number
    return said


def _version_faults(said: dict[str, Said]) -> Iterator[Fault]:
    left = {(subject, number): version for subject, each in said.items() for number, version in each.versions.items()}
    for row in IndicatorVersion.objects.select_related("indicator").order_by("pk"):
        found = left.pop((indicator_subject(row.indicator.plan_id, row.indicator.code), row.version), Version())
        opening_on = str(row.opening_on) if row.opening_on else None
        kept = (row.target, row.opening, opening_on)
        if (_number(found.target), _number(found.opening), found.opening_on) != kept:
            reason = _("指标“%(name)s”的目标或期初数与台账记载不一致") % {"name": named(row)}
            yield Fault(found.number, reason)
    for (subject, number), version in left.items():
        place = {"subject": subject, "version": number}
        yield Fault(version.number, _("台账记载的指标（%(subject)s）第 %(version)s 版在库中不存在") % place)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
