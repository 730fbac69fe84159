"""Holding enterprise files against the ledger: places and high-tech periods, which figures depend on.

Entries and rows are read side by side, one enterprise after the other, so that memory stays small.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .account_audit import account_faults
from .grant_audit import grant_faults
from .interest_audit import interest_faults
from .models import Enterprise, EnterpriseChange, EnterpriseLocation, HighTechPeriod
from .services.completion import PLACE_VERBS

CHUNK = 2000
HIGH_TECH_VERBS = (Verb.HIGH_TECH_GRANTED, Verb.HIGH_TECH_ENDED)
Group = tuple[str, list[tuple[Any, ...]]]


def file_faults() -> Iterator[Fault]:
    """Places, high-tech periods, accounts, their grants and ties that differ from what the ledger says of them."""
    yield from _unregistered()
    yield from _place_faults()
    yield from _high_tech_faults()
    yield from account_faults()
    yield from grant_faults()
    yield from interest_faults()


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Iterator[Group]:
    """Rows that begin with a credit code and are sorted by it, an enterprise at a time."""
    for code, group in groupby(rows, key=itemgetter(0)):
        yield str(code), [row[1:] for row in group]


def _entries(verbs: tuple[Verb, ...]) -> Iterator[Group]:
    """What the ledger says of each enterprise, since it was struck where it was."""
    struck = LedgerEntry.objects.filter(verb=Verb.ENTERPRISE_STRUCK).order_by("number")
    last = dict(struck.values_list("enterprise", "number"))
    rows = LedgerEntry.objects.filter(verb__in=verbs).order_by("enterprise", "number")
    columns = rows.values_list("enterprise", "number", "verb", "payload", "at").iterator(CHUNK)
    return _grouped(row for row in columns if row[1] > last.get(row[0], 0))


def _side_by_side(said: Iterator[Group], kept: Iterator[Group], what: str) -> Iterator[tuple[Group, Group] | Fault]:
    """Both groups of each enterprise; where one side lacks an enterprise, a fault, and the walk ends."""
    for entry, row in zip_longest(said, kept):
        if entry is None or row is None or entry[0] != row[0]:
            number = entry[1][0][0] if entry else 0
            code = min(group[0] for group in (entry, row) if group)
            yield Fault(number, _("企业 %(code)s 的%(what)s与台账记载不对应") % {"code": code, "what": what})
            return
        yield entry, row


def _place_faults() -> Iterator[Fault]:
    """The places of every enterprise with their days, in order, and the current one on its file."""
    rows = EnterpriseLocation.objects.order_by("enterprise__uscc", "valid_from")
    columns = ("enterprise__uscc", "valid_from", "valid_to", "township_id", "reporting_unit_id")
    current = ("enterprise__township_id", "enterprise__reporting_unit_id", "enterprise__established_on")
    kept = _grouped(rows.values_list(*columns, *current).iterator(CHUNK))
    established = _established_before()
    for pair in _side_by_side(_entries(PLACE_VERBS), kept, _("所在地")):
        if isinstance(pair, Fault):
            yield pair
            continue
        (code, entries), (_code, places) = pair
        said = _said_places(entries, established.get(code, places[0][-1]))
        if said != [row[:4] for row in places] or places[-1][4:6] != places[-1][2:4]:
            yield Fault(entries[-1][0], _("企业 %(code)s 的所在地与台账记载不一致") % {"code": code})


Place = tuple[date, date | None, str, str]


def _said_places(entries: list[tuple[Any, ...]], established_on: date | None) -> list[Place]:
    """First and last day, township and unit of every place that the entries speak of."""
    said: list[tuple[date, str, str]] = []
    for _number, verb, payload, at in entries:
        content = json.loads(payload)
        if verb == Verb.ENTERPRISE_PLACE_COMPLETED and said:
            said.pop()  # said again, more precisely
        since = date.fromisoformat(content["since"]) if "since" in content else _first_day(at, established_on)
        said.append((since, content["township"], content["reporting_unit"]))
    last_days = [since - timedelta(days=1) for since, *_place in said[1:]]
    return [
        (since, until, township, unit) for (since, township, unit), until in zip(said, [*last_days, None], strict=True)
    ]


def _first_day(at: datetime, established_on: date | None) -> date:
    """Of the first place: the establishment's as it was stated then, otherwise the registration's."""
    today = _day_of(at)
    return min(established_on or today, today)


@lru_cache(maxsize=256)
def _day_of(at: datetime) -> date:
    """Enterprises of one import share their moment."""
    return timezone.localdate(at)


def _established_before() -> dict[str, date | None]:
    """Days of establishment as they were before the first correction, by credit code."""
    changes = EnterpriseChange.objects.filter(field="established_on").order_by("-ledger_number")
    return {
        code: date.fromisoformat(before) if before else None
        for code, before in changes.values_list("enterprise__uscc", "before").iterator(CHUNK)
    }


def _high_tech_faults() -> Iterator[Fault]:
    """Every high-tech period with its certificate and days."""
    rows = HighTechPeriod.objects.order_by("enterprise__uscc", "valid_from")
    columns = ("enterprise__uscc", "certificate", "valid_from", "valid_to")
    kept = _grouped(rows.values_list(*columns).iterator(CHUNK))
    for pair in _side_by_side(_entries(HIGH_TECH_VERBS), kept, _("高新技术企业资格")):
        if isinstance(pair, Fault):
            yield pair
            continue
        (code, entries), (_code, periods) = pair
        said: dict[str, tuple[str, str | None]] = {}
        for _number, _verb, payload, _at in entries:
            content = json.loads(payload)
            said[content["from"]] = (content["certificate"], content["to"] or None)
        found = {str(since): (number, str(until) if until else None) for number, since, until in periods}
        if said != found:
            reason = _("企业 %(code)s 的高新技术企业资格与台账记载不一致") % {"code": code}
            yield Fault(entries[-1][0], reason)


def _unregistered() -> Iterator[Fault]:
    """Enterprises without an entry of their registration."""
    known = LedgerEntry.objects.filter(verb=Verb.ENTERPRISE_REGISTERED).values("enterprise")
    for code in Enterprise.objects.exclude(uscc__in=known).values_list("uscc", flat=True):
        yield Fault(0, _("企业 %(code)s 没有登记的台账条目") % {"code": code})
