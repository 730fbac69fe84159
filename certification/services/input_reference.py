"""The codes in which the inputs of eligibility are stated, as reference data; what the city edits afterwards stays."""

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from ledger.contents import record_loaded

from .credit_sources import TABLE as CREDIT_SOURCES
from .figure_items import TABLE as FIGURE_ITEMS
from .priority_kinds import TABLE as PRIORITY_KINDS

DATA = Path(__file__).parent.parent / "data"
TABLES = (
    (CREDIT_SOURCES, "credit_sources.json"),
    (PRIORITY_KINDS, "priority_kinds.json"),
    (FIGURE_ITEMS, "figure_items.json"),
)


@transaction.atomic
def load_input_tables(*, at: datetime) -> None:
    """Each row, unless it is kept already; on record once loaded."""
    for table, name in TABLES:
        loaded = []
        for said in json.loads((DATA / name).read_text(encoding="utf-8")):
            row, created = table.model.objects.get_or_create(pk=said.pop("code"), defaults=said)
            loaded += [table.subject_of(row.pk)] if created else []
        record_loaded(table.verb, table.contents(), loaded, at=at)
