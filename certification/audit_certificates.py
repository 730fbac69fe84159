"""Certificates (证书), their events, files and look-ups held against the ledger: each says what its entry says."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from ledger.canonical import commitment, to_milliseconds
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .certificate_life import EVENTS, Kind
from .models import Certificate, CertificateEvent, CertificateFile, LookupCheck
from .models.certificate import FileKind
from .services.certificate_acts import event_payload
from .services.certificate_files import VERBS as FILE_VERBS
from .services.certificates import recorded_payload, subject_of
from .services.filing import named

CHUNK = 2000
ANYBODY = ""  # the table does not keep who recorded it
SINCE_LATER = ("file", "whence")  # older entries say nothing of them
Said = tuple[int, str, str, str, datetime, str, Any]


def certificate_faults() -> Iterator[Fault]:
    """Rows that differ from their entries, that are gone, or that nobody recorded."""
    yield from _compared([Verb.CERTIFICATE_RECORDED], _certificates(), _("证书"))
    yield from _compared([Verb(event.verb) for event in EVENTS.values()], _events(), _("证书事项"))
    yield from _compared(list(FILE_VERBS.values()), _files(), _("证书文件"))
    yield from _lookup_faults()
    annulled = CertificateEvent.objects.filter(kind=Kind.ANNUL.value).values("certificate")
    for row in Certificate.objects.filter(is_annulled=True).exclude(pk__in=annulled):
        yield Fault(row.ledger_number, _("证书 %(number)s 被标为录入错误，没有台账条目") % {"number": row.number})
    for row in Certificate.objects.filter(is_annulled=False, pk__in=annulled):
        yield Fault(row.ledger_number, _("证书 %(number)s 已注销为录入错误，库中未标明") % {"number": row.number})
    marked = CertificateEvent.objects.filter(is_corrected=True, corrected_by__isnull=True)
    unmarked = CertificateEvent.objects.filter(is_corrected=False, corrected_by__isnull=False)
    for event in (marked | unmarked).order_by("pk"):
        yield Fault(event.ledger_number, _("证书事项是否已更正，与台账记载不一致"))


def _compared(verbs: list[Verb], rows: Iterator[Said], what: str) -> Iterator[Fault]:
    """Entries and rows side by side, in the order of their numbers."""
    entries = LedgerEntry.objects.filter(verb__in=verbs).order_by("number")
    columns = ("number", "verb", "subject", "enterprise", "at", "actor", "payload")
    said = entries.values_list(*columns).iterator(CHUNK)
    for entry, row in zip_longest(said, rows):
        if entry is None or (row is not None and row[0] < entry[0]):
            yield Fault(row[0], _("%(what)s没有对应的台账条目") % {"what": what})
            return
        if row is None or entry[0] < row[0]:
            yield Fault(
                entry[0], _("台账记载的%(what)s（%(subject)s）在库中不存在") % {"what": what, "subject": entry[2]}
            )
            return
        payload = json.loads(entry[6])
        should = {key: value for key, value in row[6].items() if key in payload or key not in SINCE_LATER}
        if (*entry[1:5], entry[5] if row[5] else ANYBODY, payload) != (*row[1:6], should):
            yield Fault(entry[0], _("%(what)s（%(subject)s）与台账记载不一致") % {"what": what, "subject": entry[2]})


def _certificates() -> Iterator[Said]:
    rows = Certificate.objects.select_related("achievement", "replaces", "enterprise").order_by("ledger_number")
    for row in rows.iterator(CHUNK):
        yield _said(row.ledger_number, Verb.CERTIFICATE_RECORDED, row, (row.recorded_at, None), recorded_payload(row))


def _events() -> Iterator[Said]:
    rows = CertificateEvent.objects.select_related("certificate__enterprise", "corrects").order_by("ledger_number")
    for row in rows.iterator(CHUNK):
        payload = event_payload(row, commitment(row.reason, salt=row.salt)[1])
        verb = EVENTS[Kind(row.kind)].verb
        yield _said(row.ledger_number, verb, row.certificate, (row.at, row.actor_id), payload)


def _files() -> Iterator[Said]:
    looked_up = {row.screenshot_id: row for row in LookupCheck.objects.all()}
    rows = CertificateFile.objects.select_related("certificate__enterprise").order_by("ledger_number")
    for row in rows.iterator(CHUNK):
        codes: dict[str, Any] = {"sha256": row.sha256, "file": named(row)}
        if check := looked_up.get(row.pk):
            codes |= {"result": check.result, "said": commitment(check.note, salt=check.salt)[1]}
        yield _said(
            row.ledger_number,
            FILE_VERBS[FileKind(row.kind)],
            row.certificate,
            (row.uploaded_at, row.uploaded_by_id),
            codes,
        )


def _lookup_faults() -> Iterator[Fault]:
    """A look-up was made by whom, when and of what its screenshot's entry says."""
    same = {"certificate": F("screenshot__certificate"), "actor": F("screenshot__uploaded_by")}
    apart = LookupCheck.objects.exclude(**same, at=F("screenshot__uploaded_at"))
    for number, certificate in apart.values_list("screenshot__ledger_number", "certificate__number"):
        yield Fault(number, _("证书 %(number)s 的查询核对与台账记载不一致") % {"number": certificate})


def _said(number: int, verb: str, of: Certificate, act: tuple[datetime, int | None], payload: Any) -> Said:
    """What the entry should say; `act`: when it was done, and by which account."""
    at, account = act
    actor = f"account:{account}" if account else ANYBODY
    return number, str(verb), subject_of(of), of.enterprise.uscc, to_milliseconds(at), actor, payload
