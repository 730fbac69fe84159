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

    def differing(self) -> list[str]:
        """The names of what writing them changes, each with its table's, e.g. `divisionunit.valid_to`."""
        found = {f"{row._meta.model_name}.{name}" for row in self.kept for name in differing(row)}
        return sorted(found | {f"{row._meta.model_name}.removed" for row in self.removed})

    def write(self, **record: Any) -> None:
        """Remove and write them; `record` is what they hang on, by the name of their column."""
        for row in self.removed:
            row.delete()
        for row in self.kept:
            for name, value in record.items():
                setattr(row, name, value)
            row.save()


def differing(row: models.Model) -> list[str]:
    """The names of the columns in which a row differs from what is stored; all that say something, of a new one."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    stored = type(row)._base_manager.filter(pk=row.pk).first() if row.pk is not None else None
    if stored is None:
        return [field.name for field in fields if getattr(row, field.attname) not in (None, "")]
    return [field.name for field in fields if _kept(field, row) != _kept(field, stored)]


def _kept(field: Any, row: models.Model) -> Any:
    """A value as the database would give it back."""
    return field.to_python(getattr(row, field.attname))
