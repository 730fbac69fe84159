"""Batches and panels held against the ledger: each is as its last entry says, and none is there without one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from ledger.contents import content_digest
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import NoticeLine, PublicNotice
from .services.panel_records import BATCH_VERBS, FORM, PANEL_VERBS, batch_contents, panel_contents


def panel_faults() -> Iterator[Fault]:
    """Batches with their notices; who sits, the scores handed in, results, self-assessments, visits."""
    yield from _faults(BATCH_VERBS, [batch_contents()])
    yield from _faults(PANEL_VERBS, [panel_contents(form=form) for form in range(FORM + 1)])
    yield from _notice_faults()


def _faults(verbs: Sequence[Verb], forms: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """`forms`: the contents in each form in which an entry may have digested them."""
    last: dict[str, tuple[int, int, str]] = {}
    entries = LedgerEntry.objects.filter(verb__in=verbs).order_by("number")
    for number, subject, payload in entries.values_list("number", "subject", "payload"):
        content = json.loads(payload)
        last[subject] = (number, content.get("form", 0), content["digest"])
    for subject, (number, form, said) in last.items():
        if said != content_digest(forms[min(form, len(forms) - 1)].get(subject)):
            yield Fault(number, _("批次或专家评审（%(subject)s）与台账记载不一致") % {"subject": subject})
    for subject in forms[0]:
        if subject not in last:
            yield Fault(0, _("批次或专家评审（%(subject)s）没有台账条目") % {"subject": subject})


def _notice_faults() -> Iterator[Fault]:
    """A notice names the entry by which it was made public, and in each line the application's own result."""
    noticed = LedgerEntry.objects.filter(verb=Verb.BATCH_NOTICED).values_list("number", "payload")
    said = {number: json.loads(payload)["notice"] for number, payload in noticed}
    for number, notice in PublicNotice.objects.values_list("ledger_number", "number"):
        if said.pop(number, None) != notice:
            yield Fault(number, _("公示 %(notice)s 没有对应的台账条目") % {"notice": notice})
    apart = NoticeLine.objects.exclude(result__application=F("application"))
    for number, notice in apart.values_list("notice__ledger_number", "notice__number"):
        yield Fault(number, _("公示 %(notice)s 所列的结果不是该申报的") % {"notice": notice})
