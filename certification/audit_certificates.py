"""Certificates (证书), their events, files and look-ups held against the ledger: each says what its entry says."""

import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from ledger.canonical import commitment
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .certificate_life import EVENTS, Kind
from .models import Certificate, CertificateEvent, CertificateFile, LookupCheck
from .models.certificate import FileKind
from .services.certificate_files import VERBS as FILE_VERBS
from .services.certificates import recorded_payload, subject_of

CHUNK = 2000
Said = tuple[int, str, str, Any]


def certificate_faults() -> Iterator[Fault]:
    """Rows that differ from their entries, that are gone, or that nobody recorded."""
    yield from _compared([Verb.CERTIFICATE_RECORDED], _certificates(), _("证书"))
    yield from _compared([Verb(event.verb) for event in EVENTS.values()], _events(), _("证书事项"))
    yield from _compared(list(FILE_VERBS.values()), _files(), _("证书文件"))
    annulled = CertificateEvent.objects.filter(kind=Kind.ANNUL.value).values("certificate")
    for row in Certificate.objects.filter(is_annulled=True).exclude(pk__in=annulled):
        yield Fault(row.ledger_number, _("证书 %(number)s 被标为录入错误，没有台账条目") % {"number": row.number})
    for row in Certificate.objects.filter(is_annulled=False, pk__in=annulled):
        yield Fault(row.ledger_number, _("证书 %(number)s 已注销为录入错误，库中未标明") % {"number": row.number})


def _compared(verbs: list[Verb], rows: Iterator[Said], what: str) -> Iterator[Fault]:
    """Entries and rows side by side, in the order of their numbers."""
    entries = LedgerEntry.objects.filter(verb__in=verbs).order_by("number")
    said = entries.values_list("number", "verb", "subject", "payload").iterator(CHUNK)
    for entry, row in zip_longest(said, rows):
        if entry is None or (row is not None and row[0] < entry[0]):
            yield Fault(row[0], _("%(what)s没有对应的台账条目") % {"what": what})
            return
        if row is None or entry[0] < row[0]:
            yield Fault(
                entry[0], _("台账记载的%(what)s（%(subject)s）在库中不存在") % {"what": what, "subject": entry[2]}
            )
            return
        if (entry[1], entry[2], json.loads(entry[3])) != row[1:]:
            yield Fault(entry[0], _("%(what)s（%(subject)s）与台账记载不一致") % {"what": what, "subject": entry[2]})


def _certificates() -> Iterator[Said]:
    rows = Certificate.objects.select_related("achievement", "replaces").order_by("ledger_number")
    for row in rows.iterator(CHUNK):
        yield row.ledger_number, Verb.CERTIFICATE_RECORDED, subject_of(row), recorded_payload(row)


def _events() -> Iterator[Said]:
    for row in CertificateEvent.objects.select_related("certificate").order_by("ledger_number").iterator(CHUNK):
        said = {"on": str(row.on), "edition": row.edition, "said": commitment(row.reason, salt=row.salt)[1]}
        yield row.ledger_number, EVENTS[Kind(row.kind)].verb, subject_of(row.certificate), said


def _files() -> Iterator[Said]:
    looked_up = {row.screenshot_id: row for row in LookupCheck.objects.all()}
    for row in CertificateFile.objects.select_related("certificate").order_by("ledger_number").iterator(CHUNK):
        codes: dict[str, Any] = {"sha256": row.sha256}
        if check := looked_up.get(row.pk):
            codes |= {"result": check.result, "said": commitment(check.note, salt=check.salt)[1]}
        yield row.ledger_number, FILE_VERBS[FileKind(row.kind)], subject_of(row.certificate), codes
