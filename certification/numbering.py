"""The form of numbers given by the registry. Pure."""

APPLICATION_SERIES = "SQ"
NOTICE_SERIES = "GS"
FINDING_SERIES = "BF"


def application_number(year: int, serial: int) -> str:
    """E.g. SQ2026000123: series, year, serial of the year."""
    return f"{APPLICATION_SERIES}{year}{serial:06d}"


def notice_number(year: int, serial: int) -> str:
    """E.g. GS2026000001."""
    return f"{NOTICE_SERIES}{year}{serial:06d}"


def finding_number(year: int, serial: int) -> str:
    """E.g. BF2026000123, of a finding (不符合项)."""
    return f"{FINDING_SERIES}{year}{serial:06d}"
