"""Numbers given in a series of a year, without gaps: in the transaction of what is numbered."""

from ..models import NumberSeries


def next_serial(series: str, year: int) -> int:
    """The next number; nobody else's until the transaction ends."""
    row, _ = NumberSeries.objects.select_for_update().get_or_create(series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
