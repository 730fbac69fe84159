"""What the import puts together by itself equals what the services say; statistics are refreshed where they matter."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from certification.audit import fact_faults
from certification.imports.achievements import AchievementImport
from certification.imports.rows import AchievementRow, Standing
from certification.imports.writing import ROUND, recorded_text
from certification.models import Achievement
from certification.services.achievements import recorded_payload
from enterprises.imports.register import EnterpriseImport
from enterprises.models import EnterpriseChange
from ledger.bulk import refresh_statistics
from ledger.canonical import text_of
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests.factories import TOWN

from .files import code, take, take_achievements, take_enterprises

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


@pytest.mark.django_db
def test_rows_are_compared_and_written_part_by_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a part is no end of anything else: numbers, chains and repetitions go on."""
    monkeypatch.setattr("enterprises.imports.run.PART", 3)
    header = ("uscc", "name", "township", "high_tech_certificate")
    rows = [(code(n), f"常州试验{n}有限公司", TOWN, f"GR20203200{n:04d}" if n % 2 else "") for n in range(8)]
    assert take_enterprises(tmp_path / "e.csv", *rows, header=header).new == 8
    assert take(EnterpriseImport(), tmp_path / "e.csv").unchanged == 8
    changes = EnterpriseChange.objects.filter(field="high_tech").values_list("ledger_number", "enterprise__uscc")
    entries = LedgerEntry.objects.filter(verb="high_tech.granted").values_list("number", "enterprise")
    assert dict(changes) == dict(entries)
    stages = ("guanbiao.cultivation", "guanbiao.implementation")
    facts = [(code(n), stage, f"20{20 + n % 3}-05-06") for n in range(8) for stage in stages]
    ended = (code(3), "guanbiao.evaluation", "2021-01-01", "2021-02-01", "revoked")
    assert take_achievements(tmp_path / "a.csv", *facts, ended, (code(99), *facts[0][1:]), skip=True).new == 17
    assert take(AchievementImport(), tmp_path / "a.csv", skip=True).unchanged == 17
    assert verify().fault is None
    assert not list(fact_faults(limit=1))
