"""What the import puts together by itself equals what the services say; statistics are refreshed where they matter."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from certification.imports.rows import AchievementRow, Standing
from certification.imports.writing import ROUND, recorded_text
from certification.models import Achievement
from certification.services.achievements import recorded_payload
from ledger.bulk import refresh_statistics
from ledger.canonical import text_of

texts = st.text(max_size=20)


@given(texts, texts, st.booleans(), st.dates(date(1985, 4, 1), date(2030, 1, 1)), st.text(max_size=5))
def test_the_words_of_the_ledger_are_canonical(
    certificate: str, route: str, high_tech: bool, day: date, unit: str
) -> None:
    row = AchievementRow(2, "91320411MA2455XH60", "guanbiao.certification", day, None, "", certificate, route, "")
    made = Achievement(
        stage=row.stage,
        round=ROUND,
        effective_on=day,
        reporting_unit_id=unit,
        township_id="320412100",
        was_high_tech=high_tech,
        certificate_number=certificate,
        route=route,
    )
    standing = Standing(1, unit, "320412100", high_tech)
    assert recorded_text(row, standing) == text_of(recorded_payload(made))


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps no such statistics")
@pytest.mark.parametrize(("added", "analysed"), [(10_000_000, ["ledger_ledgerentry"]), (-2, [])])
def test_statistics_are_refreshed_where_more_was_added_than_was_known(added: int, analysed: list[str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        refresh_statistics("ledger_ledgerentry", added=added)
    said = [query["sql"] for query in queries if query["sql"].startswith("ANALYZE")]
    assert said == [f"ANALYZE {table}" for table in analysed]
