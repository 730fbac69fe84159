"""Search by a fragment of two or more characters, through an index of bigrams.

Neither database indexes a two-character substring of Chinese by itself, so each search text is cut into
overlapping pairs of characters: an array with a GIN index on PostgreSQL, an FTS5 table on SQLite. Two
characters are one pair; of longer fragments the pairs narrow the rows down and a LIKE on the text decides.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import connection, models
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from ledger.bulk import delete_among, insert_rows

from .identifiers import pinyin_initials, search_form

if TYPE_CHECKING:
    from .models import Enterprise

MIN_FRAGMENT = 2
BATCH = 500
SAME_NAMES = 50  # enterprises that share a name, or whose initials it is, at most
ASKED = 40  # pairs of a fragment, at most; SQLite takes no statement of any length
# Rows of a pair worth asking for; of a fragment worth walking for; too many to be collected from all over a table.
FEW, COMMON, MANY = 4_000, 10_000, 30_000
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


def _tokens(pairs: Iterable[str]) -> str:
    """Pairs as hexadecimal words: what a full-text tokeniser cannot split or fold."""
    return " ".join(pair.encode("utf-16-be").hex() for pair in pairs)


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
        insert_rows("enterprises_search_fts", ("rowid", "grams"), [(pk, _tokens(bigrams(text))) for pk, text in part])


def unindex(ids: Sequence[int]) -> None:
    """Take the search rows of enterprises away."""
    delete_among("enterprises_enterprisesearch", "enterprise_id", ids)
    if connection.vendor == "sqlite":
        delete_among("enterprises_search_fts", "rowid", ids)


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
            [(pk, _tokens(bigrams(text))) for pk, text in rows],
        )


def matching(queryset: QS, fragment: str) -> QS:
    """Rows of `queryset` found by the fragment; none for a fragment that is too short.

    Rows are wanted in the order of their numbers, a page at a time: what nearly every name holds is found soonest
    by walking them, all else by collecting what the index finds of those pairs that tell most.
    """
    wanted = search_form(fragment)
    if len(wanted) < MIN_FRAGMENT:
        return queryset.none()
    pairs = bigrams(wanted)[:ASKED]
    hits = dict(zip(pairs, _hits([[pair] for pair in pairs], most=FEW), strict=True))
    if not all(hits.values()):
        return queryset.none()
    telling = [pair for pair in pairs if hits[pair] <= FEW]
    if not telling and _is_common(wanted, pairs):
        return queryset.filter(search_row__text__contains=wanted)
    collected = _by_array if connection.vendor == "postgresql" else _by_fts
    return collected(queryset, telling or pairs, wanted)


def named(queryset: QS, name: str) -> QS:
    """Rows of `queryset` that have or had just this name, in whatever brackets and spaces it is written."""
    wanted = search_form(name)
    lines = Concat(Value("\n"), "search_row__text", Value("\n"), output_field=TextField())
    found = matching(queryset, wanted).annotate(lines=lines).filter(lines__contains=f"\n{wanted}\n")
    keys = list(found.values_list("pk", flat=True)[:SAME_NAMES])
    names = apps.get_model("enterprises", "EnterpriseName")._default_manager.filter(enterprise__in=keys)
    same = {key for key, each in names.values_list("enterprise", "name") if search_form(each) == wanted}
    return queryset.filter(pk__in=same)


def _is_pair(wanted: str) -> bool:
    """Whether the index alone decides: what it holds are pairs."""
    return len(wanted) == MIN_FRAGMENT


def _hits(asked: list[list[str]], *, most: int) -> list[int]:
    """How many rows hold all pairs of each group: as PostgreSQL's planner expects, or counted to just over `most`."""
    if connection.vendor == "postgresql":
        return _expected("grams @> %s", asked)
    count = (
        "(SELECT COUNT(*) FROM (SELECT 1 FROM enterprises_search_fts WHERE enterprises_search_fts MATCH %s LIMIT %s))"
    )
    values = [value for pairs in asked for value in (_tokens(pairs), most + 1)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([count] * len(asked))}", values)
        return list(cursor.fetchone())


def _is_common(wanted: str, pairs: list[str]) -> bool:
    """Whether so many names hold the fragment that walking the rows ends soon."""
    if connection.vendor == "postgresql":
        return _expected("text LIKE %s", [_pattern(wanted)])[0] > COMMON or _expected("grams @> %s", [pairs])[0] > MANY
    return _hits([pairs], most=COMMON)[0] > COMMON


def _expected(condition: str, values: Sequence[Any]) -> list[int]:
    """How many rows the planner expects for each value of the condition; nothing is looked at for that."""
    explain = f"EXPLAIN (FORMAT JSON) SELECT 1 FROM enterprises_enterprisesearch WHERE {condition}"
    with connection.cursor() as cursor:
        cursor.execute("; ".join([explain] * len(values)), values)
        plans = [cursor.fetchone()]
        while cursor.nextset():
            plans.append(cursor.fetchone())
    return [int(plan["Plan"]["Plan Rows"]) for ((plan,),) in plans]


def _by_array(queryset: QS, pairs: list[str], wanted: str) -> QS:
    """What the array index finds, collected first: left to weigh it, the planner may walk all rows for a rare pair."""
    sql = "SELECT enterprise_id FROM enterprises_enterprisesearch WHERE grams @> %s"
    values: list[Any] = [pairs]
    if not _is_pair(wanted):
        sql, values = f"{sql} AND text LIKE %s", [*values, _pattern(wanted)]
    return queryset.filter(_Among(F("pk"), RawSQL(sql, values)))


class _Among(Func):
    """Whether a number is among those that a statement of its own finds first."""

    template, arg_joiner = "%(expressions)s)", " = ANY(ARRAY"
    output_field = BooleanField()


def _pattern(wanted: str) -> str:
    """The fragment as LIKE takes it, its signs for themselves."""
    return "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _by_fts(queryset: QS, pairs: list[str], wanted: str) -> QS:
    """What the full-text table finds, in the order of its numbers: texts are looked at until a page is full."""
    sql = "SELECT rowid FROM enterprises_search_fts WHERE enterprises_search_fts MATCH %s"
    found = queryset.filter(pk__in=RawSQL(sql, (_tokens(pairs),)))
    return found if _is_pair(wanted) else found.filter(search_row__text__contains=wanted)
