"""Undoing the import of dated facts: each is annulled, unless something happened to it since."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from enterprises.imports.outcome import BadCell
from enterprises.models import Account

from ..imports.on_file import UNDONE_GROUND
from ..models import ImportFile, ImportRow
from ..services.input_facts import Act, annul
from ..services.input_kinds import INPUT_KINDS


def _facts(file: ImportFile) -> Any:
    numbers = ImportRow.objects.filter(file=file).values("ledger_number")
    rows = INPUT_KINDS[file.kind].model.objects.filter(ledger_number__in=numbers)
    return rows.select_related("enterprise").order_by("ledger_number")


def annul_inputs(file: ImportFile, *, actor: Account, at: datetime) -> None:
    """Annul what the file brought in and nobody annulled since."""
    for row in _facts(file).filter(annulled_at__isnull=True):
        annul(INPUT_KINDS[file.kind], row, Act(actor, at, UNDONE_GROUND))


def ties_of_inputs(file: ImportFile) -> Iterator[BadCell]:
    """Facts of the file that were corrected since, or with which a document is kept."""
    lines = dict(ImportRow.objects.filter(file=file).values_list("ledger_number", "line"))
    rows = _facts(file).select_related("replaced_by").prefetch_related("papers")
    for row in rows:
        line, uscc = lines[row.ledger_number], row.enterprise.uscc
        if newer := getattr(row, "replaced_by", None):
            told = _("之后已更正（台账第 %(number)s 号）") % {"number": newer.ledger_number}
            yield BadCell(line, _("后续更正"), uscc, told)
        elif getattr(row, "ended_at", None):
            yield BadCell(line, _("后续终止"), uscc, _("之后已提前终止；有误的请在该记录页面注销"))
        elif row.papers.all():
            yield BadCell(line, _("后续附件"), uscc, _("之后已存入附件；有误的请在该记录页面注销"))
