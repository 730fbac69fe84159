"""The lists of /admin/: they are searched and narrowed by what the page offers, and no address makes one fail."""

from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import DataError
from django.db.models import QuerySet

LONGEST_SEARCH = 100
# What may follow the name of a filter in an address; the names are those of the primary keys that filters go by.
LOOKUPS = frozenset({"exact", "in", "isnull", "gte", "lt", "year", "month", "day"})
KEYS = frozenset({"id", "code"})
IMPOSSIBLE = (ValueError, OverflowError, DataError)  # what a value that cannot be raises, sooner or later


class SearchForm(ChangeListSearchForm):
    """A search of a plausible length: each of its words becomes conditions of the query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {SEARCH_VAR: forms.CharField(required=False, strip=False, max_length=LONGEST_SEARCH)}


class CarefulList(ChangeList):
    """A list that takes a value which cannot be, such as the year 99999999999, for a wrong address."""

    search_form_class = SearchForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().__init__(*args, **kwargs)
        except IMPOSSIBLE as error:
            raise IncorrectLookupParameters(error) from error


def is_offered(lookup: str, filters: tuple[str, ...]) -> bool:
    """Whether an address may narrow the list so: a column that has no filter is not to be felt out through one."""
    for name in filters:
        if lookup == name or lookup.startswith(f"{name}__"):
            return set(lookup.removeprefix(name).split("__")[1:]) <= LOOKUPS | KEYS
    return False


def check_keys(rows: "QuerySet[Any]", keys: list[str]) -> None:
    """Answer with 400 where one of the keys cannot be that of any row."""
    try:
        rows.filter(pk__in=keys).exists()
    except (*IMPOSSIBLE, ValidationError) as error:
        raise SuspiciousOperation from error
