"""The rows that hang on a record and change together with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to be written and rows to be removed, of one record."""

    kept: Sequence[models.Model] = ()
    removed: Sequence[models.Model] = ()

    def write(self, **record: Any) -> None:
        """Remove and write them; `record` is what they hang on, by the name of their column."""
        for row in self.removed:
            row.delete()
        for row in self.kept:
            for name, value in record.items():
                setattr(row, name, value)
            row.save()
