"""The form of numbers given by the registry. Pure."""

APPLICATION_SERIES = "SQ"
NOTICE_SERIES = "GS"


def application_number(year: int, serial: int) -> str:
    """E.g. SQ2026000123: series, year, serial of the year."""
    return f"{APPLICATION_SERIES}{year}{serial:06d}"


def notice_number(year: int, serial: int) -> str:
    """E.g. GS2026000001."""
    return f"{NOTICE_SERIES}{year}{serial:06d}"
