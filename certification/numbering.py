"""The form of numbers given by the registry. Pure."""

APPLICATION_SERIES = "SQ"


def application_number(year: int, serial: int) -> str:
    """E.g. SQ2026000123: series, year, serial of the year."""
    return f"{APPLICATION_SERIES}{year}{serial:06d}"
