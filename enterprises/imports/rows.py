"""Rows of the enterprise table between reading and writing."""

from datetime import date
from typing import NamedTuple


class EnterpriseRow(NamedTuple):
    """A row that is right in itself. None and "": not stated."""

    line: int
    uscc: str
    name: str
    township: str
    high_tech: bool | None
    certificate: str
    tier: str
    rd: bool | None
    industry: str
    established_on: date | None


class Place(NamedTuple):
    """Where a division code leads on the day of the import: codes of division and unit."""

    division: str
    unit: str
