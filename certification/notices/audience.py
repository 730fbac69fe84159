"""Who is told of an entry of the ledger: the people whom a row of told.py means, with the codes that they are told.

Asked when the entry is followed, moments after the move: of accounts that are open then. Whoever may not decide an
application (interest, an earlier decision or move of their own) is not called to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from enterprises.models import Account, RoleGrant
from enterprises.roles import Role
from ledger.verbs import Verb

from ..models import Application, ApplicationStep, Finding, NoticeLine
from ..rights import ROLE_OF_LEVEL, earlier_decisions, own_applications, own_moves, ties
from ..stages import Level
from .told import Told

Codes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger with its payload read."""

    number: int
    at: datetime
    actor: str
    verb: str
    subject: str
    enterprise: str | None
    payload: Mapping[str, Any]
    supersedes: int | None

    @property
    def key(self) -> str:
        """What the subject names: an application's number, an account's or a request's key."""
        return self.subject.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Call:
    """Who is told, of what (`about`), with which codes."""

    recipients: Sequence[int]
    about: str
    codes: Codes


def call_to_application(row: Application, *, level: str, turn: int) -> "QuerySet[Account]":
    """The reviewers of a level who may decide an application there."""
    role = ROLE_OF_LEVEL.get(level, "")
    place = {
        Role.TOWNSHIP_REVIEWER: Q(township=row.township_id),
        Role.DISTRICT_REVIEWER: Q(unit=row.reporting_unit_id),
    }.get(Role(role) if role else Role.CITY_REVIEWER, Q())
    one = OuterRef("pk")
    barred = (
        Exists(ties(account=one, enterprise=row.enterprise_id)),
        Exists(own_moves(account=one, application=row.pk)),
        Exists(own_applications(account=one, application=row.pk)),
        Exists(earlier_decisions(account=one, application=row.pk, turn=turn)),
    )
    reviewers = Account.objects.filter(place, role=role, is_active=True)
    for reason in barred:
        reviewers = reviewers.exclude(reason)
    return reviewers


def closers_of(row: Finding) -> "QuerySet[Account]":
    """The reviewers of the reporting unit that handles a finding's round, and the reviewer who raised it."""
    application = row.application
    one = OuterRef("pk")
    unit = Q(role=Role.DISTRICT_REVIEWER, unit=application.reporting_unit_id)
    raiser = Q(pk=row.raised_by_id, role__in=(Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER))
    reviewers = Account.objects.filter(unit | raiser, is_active=True)
    for barred in (
        ties(account=one, enterprise=row.enterprise_id),
        own_moves(account=one, application=application.pk),
        own_applications(account=one, application=application.pk),
    ):
        reviewers = reviewers.exclude(Exists(barred))
    return reviewers


class Audience:
    """The people of some entries; what several entries ask for is read once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries

    def called(self, told: Told, entry: Entry) -> Call | None:
        """Whom a row of the table means by this entry; never the one who acted."""
        found: Call | None = getattr(self, f"_{told.whom}")(entry)
        if found is None:
            return None
        others = [pk for pk in found.recipients if f"account:{pk}" != entry.actor]
        return Call(others, found.about, found.codes)

    def _applicants(self, entry: Entry) -> Call:
        people = self._by_enterprise.get(entry.enterprise or "", [])
        if entry.subject.startswith("application:"):
            return Call(people, entry.subject, self._codes(entry, entry.payload["level"]) | self._last_day(entry))
        if entry.subject.startswith("finding:"):
            return Call(people, entry.subject, {"enterprise": entry.enterprise or ""})
        if entry.subject.startswith("document:"):
            return Call(people, entry.subject, {"event": entry.verb.partition(".")[2]})
        if entry.subject.startswith("title:"):
            return Call(people, f"title:{entry.payload['achievement']}", {"enterprise": entry.enterprise or ""})
        uscc, stage, _day = entry.key.split(":")
        codes = {"enterprise": uscc, "stage": stage, "ending": str(entry.payload["reason"])}
        return Call(people, f"enterprise:{uscc}", codes)

    def _reviewers(self, entry: Entry) -> Call | None:
        return self._at_level(entry, entry.payload["level"], entry.payload["turn"])

    def _next_reviewers(self, entry: Entry) -> Call | None:
        turn = entry.payload["turn"] + 1
        return self._at_level(entry, self._levels.get((entry.key, turn), ""), turn)

    def _at_level(self, entry: Entry, level: str, turn: int) -> Call | None:
        row = self._applications.get(entry.key)
        if row is None or not level:
            return None
        people = call_to_application(row, level=level, turn=turn).values_list("pk", flat=True)
        return Call(list(people), entry.subject, self._codes(entry, level))

    def _experts(self, entry: Entry) -> Call:
        keys = [int(code.removeprefix("account:")) for code in entry.payload["experts"]]
        people = Account.objects.filter(pk__in=keys, is_active=True).values_list("pk", flat=True)
        return Call(list(people), f"evaluation:{entry.key}", self._codes(entry, ""))

    def _expert_gone(self, entry: Entry) -> Call:
        """Who no longer sees the application: the message names it and opens nothing."""
        key = int(entry.payload["expert"].removeprefix("account:"))
        people = Account.objects.filter(pk=key, is_active=True).values_list("pk", flat=True)
        return Call(list(people), "", {"number": entry.key, "stage": self._codes(entry, "")["stage"]})

    def _city(self, entry: Entry) -> Call | None:
        row = self._applications.get(entry.key)
        if row is None:
            return None
        people = call_to_application(row, level=Level.CITY, turn=row.turn).values_list("pk", flat=True)
        return Call(list(people), f"application:{entry.key}", self._codes(entry, Level.CITY))

    def _codes(self, entry: Entry, level: str) -> Codes:
        row = self._applications.get(entry.key)
        limit = {"correct_by": str(entry.payload["correct_by"])} if entry.payload.get("correct_by") else {}
        return {"enterprise": entry.enterprise or "", "stage": row.stage if row else "", "level": level, **limit}

    def _last_day(self, entry: Entry) -> Codes:
        """Until when a result that an entry makes public may be appealed."""
        found = [until for noticed, until in self._appeals.get(entry.key, ()) if noticed < entry.number]
        return {"appeal_until": str(found[-1])} if entry.verb == Verb.APPLICATION_NOTICED and found else {}

    def _closers(self, entry: Entry) -> Call | None:
        row = self._findings.get(entry.key)
        if row is None:
            return None
        people = closers_of(row).values_list("pk", flat=True)
        return Call(list(people), entry.subject, {"enterprise": entry.enterprise or ""})

    def _confirmers(self, entry: Entry) -> Call:
        people = Account.objects.filter(role=Role.SECURITY_ADMIN, is_active=True).values_list("pk", flat=True)
        return Call(list(people), entry.subject, _grant_codes(entry.payload["kind"], entry.payload["role"]))

    def _requester(self, entry: Entry) -> Call | None:
        """Of a decision, which supersedes the request's entry."""
        grant = self._grants.get(entry.supersedes or 0)
        if grant is None or not grant.requested_by.is_active:
            return None
        return Call([grant.requested_by_id], grant.code, _grant_codes(grant.kind, grant.role))

    def _account(self, entry: Entry) -> Call:
        people = self._accounts
        found = people.get(int(entry.key))
        return Call([found.pk] if found else [], entry.subject, {"role": str(found.role)} if found else {})

    @cached_property
    def _accounts(self) -> dict[int, Account]:
        keys = [int(entry.key) for entry in self.entries if entry.subject.startswith("account:")]
        return {row.pk: row for row in Account.objects.filter(pk__in=keys, is_active=True)}

    @cached_property
    def _by_enterprise(self) -> dict[str, list[int]]:
        codes = {entry.enterprise for entry in self.entries if entry.enterprise}
        rows = Account.objects.filter(role=Role.APPLICANT, is_active=True, enterprise__uscc__in=codes)
        return _grouped(rows.values_list("enterprise__uscc", "pk"))

    @cached_property
    def _applications(self) -> dict[str, Application]:
        keys = {entry.key for entry in self.entries if entry.subject.startswith(("application:", "panel:"))}
        return {row.number: row for row in Application.objects.filter(number__in=keys)}

    @cached_property
    def _appeals(self) -> dict[str, list[tuple[int, date]]]:
        """Of each application made public, the notices in order: their entries and the last days of appeal."""
        keys = {entry.key for entry in self.entries if entry.verb == Verb.APPLICATION_NOTICED}
        rows = NoticeLine.objects.filter(application__number__in=keys) if keys else NoticeLine.objects.none()
        columns = ("application__number", "notice__ledger_number", "notice__appeal_until")
        found: dict[str, list[tuple[int, date]]] = {}
        for number, noticed, until in rows.order_by("notice__ledger_number").values_list(*columns):
            found.setdefault(number, []).append((noticed, until))
        return found

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        keys = {entry.key for entry in self.entries if entry.subject.startswith("finding:")}
        rows = Finding.objects.filter(number__in=keys) if keys else Finding.objects.none()
        return {row.number: row for row in rows.select_related("application")}

    @cached_property
    def _levels(self) -> dict[tuple[str, int], str]:
        steps = ApplicationStep.objects.filter(application__in=[row.pk for row in self._applications.values()])
        rows = steps.annotate(number=F("application__number")).values_list("number", "turn", "level")
        return {(number, turn): level for number, turn, level in rows}

    @cached_property
    def _grants(self) -> dict[int, RoleGrant]:
        numbers = [entry.supersedes for entry in self.entries if entry.supersedes]
        rows = RoleGrant.objects.filter(ledger_number__in=numbers).select_related("requested_by")
        return {row.ledger_number or 0: row for row in rows}


def _grant_codes(kind: str, role: str) -> Codes:
    return {"matter": str(kind), "role": str(role)}


def _grouped(pairs: Iterable[tuple[Any, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
