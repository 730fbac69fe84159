"""Search by a fragment of two or more characters, through an index of bigrams.

Neither database indexes a two-character substring of Chinese by itself, so each search text is cut into
overlapping pairs of characters: an array with a GIN index on PostgreSQL, an FTS5 table on SQLite. The
pairs narrow the rows down; a LIKE on the text itself decides.
"""

import re
from collections.abc import Iterable
from itertools import islice, pairwise
from typing import TYPE_CHECKING, TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL

from ledger.bulk import insert_rows

from .identifiers import pinyin_initials, search_form

if TYPE_CHECKING:
    from .models import Enterprise

MIN_FRAGMENT = 2
BATCH = 500
COMMON = 10_000
_UNTYPED = re.compile(r"[^\w]")  # who types initials leaves brackets out
QS = TypeVar("QS", bound="models.QuerySet[Enterprise]")


def search_text(*, uscc: str, names: Iterable[str]) -> str:
    """What an enterprise is found by, one item a line."""
    unique = list(dict.fromkeys(names))
    initials = [pinyin_initials(name) for name in unique]
    typed = [_UNTYPED.sub("", letters) for letters in initials]
    return "\n".join(dict.fromkeys([search_form(uscc), *map(search_form, unique), *initials, *typed]))


def bigrams(text: str) -> list[str]:
    """The distinct pairs of neighbouring characters of each line, sorted."""
    return sorted({first + second for line in text.split("\n") for first, second in pairwise(line)})


def _tokens(text: str) -> list[str]:
    """Bigrams as hexadecimal words: what a full-text tokeniser cannot split or fold."""
    return [pair.encode("utf-16-be").hex() for pair in bigrams(text)]


def index(rows: Iterable[tuple[int, str]]) -> None:
    """Write the search rows (enterprise id, text); existing ones are replaced."""
    batch = list(rows)
    for start in range(0, len(batch), BATCH):
        part = batch[start : start + BATCH]
        if connection.vendor == "postgresql":
            _index_postgresql(part)
        else:
            _index_sqlite(part)


def index_new(rows: Iterable[tuple[int, str]]) -> None:
    """As `index`, for very many enterprises that have no search row yet."""
    table = "enterprises_enterprisesearch"
    if connection.vendor == "postgresql":
        insert_rows(table, ("enterprise_id", "text", "grams"), ((pk, text, bigrams(text)) for pk, text in rows))
        return
    source = iter(rows)
    while part := list(islice(source, BATCH)):
        insert_rows(table, ("enterprise_id", "text"), part)
        insert_rows("enterprises_search_fts", ("rowid", "grams"), [(pk, " ".join(_tokens(text))) for pk, text in part])


def _index_postgresql(rows: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO enterprises_enterprisesearch (enterprise_id, text, grams) VALUES (%s, %s, %s) "
            "ON CONFLICT (enterprise_id) DO UPDATE SET text = excluded.text, grams = excluded.grams",
            [(pk, text, bigrams(text)) for pk, text in rows],
        )


def _index_sqlite(rows: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO enterprises_enterprisesearch (enterprise_id, text) VALUES (%s, %s) "
            "ON CONFLICT (enterprise_id) DO UPDATE SET text = excluded.text",
            rows,
        )
        cursor.executemany("DELETE FROM enterprises_search_fts WHERE rowid = %s", [(pk,) for pk, _ in rows])
        cursor.executemany(
            "INSERT INTO enterprises_search_fts (rowid, grams) VALUES (%s, %s)",
            [(pk, " ".join(_tokens(text))) for pk, text in rows],
        )


def matching(queryset: QS, fragment: str) -> QS:
    """Rows of `queryset` found by the fragment; none for a fragment that is too short."""
    wanted = search_form(fragment)
    if len(wanted) < MIN_FRAGMENT:
        return queryset.none()
    pattern = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if connection.vendor == "postgresql":
        sql = "SELECT enterprise_id FROM enterprises_enterprisesearch WHERE grams @> %s AND text LIKE %s"
        return queryset.filter(pk__in=RawSQL(sql, (bigrams(wanted), pattern)))
    tokens = " ".join(_tokens(wanted))
    if _is_common(tokens):
        # Nearly every name fits: walking the rows in their order ends soon, collecting all hits would not.
        return queryset.filter(search_row__text__contains=wanted)
    sql = (
        "SELECT s.enterprise_id FROM enterprises_search_fts f "
        "JOIN enterprises_enterprisesearch s ON s.enterprise_id = f.rowid "
        "WHERE f.enterprises_search_fts MATCH %s AND s.text LIKE %s ESCAPE '\\'"
    )
    return queryset.filter(pk__in=RawSQL(sql, (tokens, pattern)))


def _is_common(tokens: str) -> bool:
    """Whether the index alone finds more than COMMON rows. PostgreSQL's planner knows; SQLite must be told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM ("
            "SELECT 1 FROM enterprises_search_fts WHERE enterprises_search_fts MATCH %s LIMIT %s)",
            [tokens, COMMON + 1],
        )
        return int(cursor.fetchone()[0]) > COMMON
