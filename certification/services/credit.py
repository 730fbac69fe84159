"""Credit checks (信用核查): recorded, corrected, annulled; how credit stands on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from ledger.verbs import Verb

from ..errors import Refusal, Refused
from ..inputs.credit_life import Checked, CreditState, credit_on
from ..inputs.credit_stated import KnownSources, StatedCheck, good_until, wrong_with_check
from ..models.inputs import CreditCheck, CreditPaper, CreditResult, CreditSource
from .input_facts import Act, InputKind, Upload, annul, check_right, kept_once, locked, put_on_record, with_paper

CHECKED_COLUMNS = ("source_id", "checked_on", "valid_until", "result", "ledger_number")


def _codes(row: CreditCheck) -> dict[str, Any]:
    return {
        "source": row.source_id,
        "result": row.result,
        "checked_on": str(row.checked_on),
        "until": str(row.valid_until),
    }


CREDIT = InputKind(
    model=CreditCheck,
    paper=CreditPaper,
    subject="credit",
    recorded=Verb.CREDIT_CHECKED,
    annulled=Verb.CREDIT_ANNULLED,
    filed=Verb.CREDIT_FILED,
    key=lambda row: f"{row.source_id}:{row.checked_on}",
    codes=_codes,
    words=lambda row: row.ground,
)


def record_check(enterprise: Enterprise, said: StatedCheck, act: Act, upload: Upload = None) -> CreditCheck:
    """Record a look-up, with its document. Raises NotAllowed, Refused (everything at once), Duplicate."""
    check_right(act.actor, enterprise)
    return kept_once(lambda: with_paper(CREDIT, _recorded(enterprise, said, act, None), upload, act))


def correct_check(row: CreditCheck, said: StatedCheck, act: Act, upload: Upload = None) -> CreditCheck:
    """What was recorded was wrong: annulled on a ground, and recorded anew, in one transaction."""

    def write() -> CreditCheck:
        void = annul(CREDIT, row, act)
        return with_paper(CREDIT, _recorded(void.enterprise, said, act, void), upload, act)

    return kept_once(write)


def _recorded(enterprise: Enterprise, said: StatedCheck, act: Act, replaces: CreditCheck | None) -> CreditCheck:
    owner, known = locked(enterprise), sources_known(on=timezone.localdate(act.at))
    if (found := wrong_with_check(said, known)) or said.checked_on is None:
        raise Refused(found)
    standing = CreditCheck.objects.filter(enterprise=owner, source=said.source, annulled_at__isnull=True)
    if standing.filter(checked_on=said.checked_on).exists():
        message = _("该企业 %(day)s 在这一渠道的核查已登记") % {"day": said.checked_on}
        remedy = _("登记有误的，请在原记录页面更正")
        raise Refused([Refusal("check_recorded", message, field="checked_on", remedy=remedy)])
    return put_on_record(CREDIT, check_of(owner, said, known, replaces), act)


def check_of(owner: Enterprise, said: StatedCheck, known: KnownSources, replaces: CreditCheck | None) -> CreditCheck:
    """The row of a sound statement, not yet written."""
    plain = {name: getattr(said, name) for name in ("result", "ground", "checked_on")}
    return CreditCheck(
        enterprise=owner, source_id=said.source, valid_until=good_until(said, known), replaces=replaces, **plain
    )


def sources_known(*, on: date) -> KnownSources:
    """What a statement is held against on a day: the sources in use."""
    rows = CreditSource.objects.filter(is_active=True).order_by("code")
    return KnownSources(on, settings.EARLIEST_ACHIEVEMENT, dict(rows.values_list("code", "valid_months")))


def needed_sources() -> frozenset[str]:
    """The sources without whose result nobody is clear."""
    return frozenset(CreditSource.objects.filter(is_active=True, is_needed=True).values_list("code", flat=True))


def credit_of(enterprise: Enterprise, *, on: date) -> CreditState:
    """How the credit of an enterprise stands on a day."""
    rows = CreditCheck.objects.filter(enterprise=enterprise, annulled_at__isnull=True)
    return credit_on(map(checked, rows), needed=needed_sources(), on=on)


def credits_of(enterprises: Iterable[int], *, on: date) -> dict[int, CreditState]:
    """How the credit of each of some enterprises (their keys) stands on a day, in two questions for all."""
    keys, needed = list(enterprises), needed_sources()
    made: dict[int, list[Checked]] = {key: [] for key in keys}
    for row in CreditCheck.objects.filter(enterprise__in=keys, annulled_at__isnull=True):
        made[row.enterprise_id].append(checked(row))
    return {key: credit_on(each, needed=needed, on=on) for key, each in made.items()}


def checked(row: CreditCheck) -> Checked:
    """A check that stands, as the rules have it."""
    return checked_of(*(getattr(row, name) for name in CHECKED_COLUMNS))


def checked_of(source: str, checked_on: date, valid_until: date, result: str, number: int) -> Checked:
    """The same, of the columns CHECKED_COLUMNS."""
    return Checked(source, checked_on, valid_until, result == CreditResult.CLEAR, number)
