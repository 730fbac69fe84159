"""Search by a fragment of two or more characters, through an index of bigrams.

Neither database indexes a two-character substring of Chinese by itself, so each search text is cut into
overlapping pairs of characters: an array with a GIN index on PostgreSQL, an FTS5 table on SQLite. Two
characters are one pair; of longer fragments the pairs narrow the rows down and a LIKE on the text decides.
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
ASKED = 40  # pairs of a fragment, at most; SQLite takes no statement of any length
FEW, COMMON = 4_000, 10_000  # rows of a pair worth asking for; rows too many to be collected
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
    return _by_array(queryset, wanted) if connection.vendor == "postgresql" else _by_fts(queryset, wanted)


def _by_array(queryset: QS, wanted: str) -> QS:
    sql = "SELECT enterprise_id FROM enterprises_enterprisesearch WHERE grams @> %s"
    if _is_pair(wanted):
        return queryset.filter(pk__in=RawSQL(sql, (bigrams(wanted),)))
    return queryset.filter(pk__in=RawSQL(f"{sql} AND text LIKE %s", (bigrams(wanted), f"%{_literally(wanted)}%")))


def _by_fts(queryset: QS, wanted: str) -> QS:
    """PostgreSQL's planner knows how common a pair is; SQLite's must be told.

    The rows come in the order of their numbers, so the text is looked at only until a page is full.
    """
    tokens = _tokens(wanted)[:ASKED]
    hits = dict(zip(tokens, _hits(tokens, most=FEW), strict=True))
    if not all(hits.values()):
        return queryset.none()
    telling = [token for token in tokens if hits[token] <= FEW]
    if not telling and _hits([" ".join(tokens)], most=COMMON)[0] > COMMON:
        # Nearly every name fits: walking the rows in their order ends soon, collecting all hits would not.
        return queryset.filter(search_row__text__contains=wanted)
    sql = "SELECT rowid FROM enterprises_search_fts WHERE enterprises_search_fts MATCH %s"
    found = queryset.filter(pk__in=RawSQL(sql, [" ".join(telling or tokens)]))
    return found if _is_pair(wanted) else found.filter(search_row__text__contains=wanted)


def _is_pair(wanted: str) -> bool:
    """Whether the index alone decides: what it holds are pairs."""
    return len(wanted) == MIN_FRAGMENT


def _literally(text: str) -> str:
    """A text as LIKE takes it for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _hits(asked: list[str], *, most: int) -> tuple[int, ...]:
    """How many rows of the full-text table each of the tokens finds; counted up to one more than `most`."""
    count = (
        "(SELECT COUNT(*) FROM (SELECT 1 FROM enterprises_search_fts WHERE enterprises_search_fts MATCH %s LIMIT %s))"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([count] * len(asked))}", [value for token in asked for value in (token, most + 1)]
        )
        found: tuple[int, ...] = cursor.fetchone()
        return found
