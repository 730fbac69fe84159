"""Appending in bulk writes what appending one by one writes, byte for byte."""

from collections.abc import Sequence

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.models import LedgerEntry, LedgerHead
from ledger.record import SYSTEM, Actor, Fact, NotInTransaction, record_many
from ledger.stream import drafted, record_stream
from ledger.verbs import Verb
from ledger.verify import verify
from tests.factories import NOW

A, B = "91350100M000100Y43", "91110000101623741K"
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
facts = st.builds(
    Fact,
    verb=st.sampled_from(Verb),
    subject=texts,
    payload=st.dictionaries(texts, texts | st.integers(0, 9) | st.booleans() | st.none(), max_size=3),
    enterprise=st.sampled_from([A, B, None]),
    supersedes=st.none() | st.integers(1, 9),
)
actors = st.builds(Actor, code=texts, role=texts)


def stored() -> list[tuple[object, ...]]:
    rows = LedgerEntry.objects.order_by("number").values_list()
    return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in rows]


@pytest.mark.django_db
@given(earlier=st.lists(facts, max_size=2), many=st.lists(facts, min_size=1, max_size=5), actor=actors)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_stream_writes_what_single_entries_are(earlier: Sequence[Fact], many: Sequence[Fact], actor: Actor) -> None:
    written = []
    for streamed in (False, True):
        with transaction.atomic():
            record_many(earlier, actor=SYSTEM, at=NOW)
            if streamed:
                last = record_stream(map(drafted, many), chains={A, B}, actor=actor, at=NOW)
                assert last == LedgerHead.objects.get(pk=1).number
            else:
                record_many(many, actor=actor, at=NOW)
            assert verify().fault is None
            written.append((stored(), list(LedgerHead.objects.values_list())))
            transaction.set_rollback(True)
    assert written[0] == written[1]


@pytest.mark.django_db(transaction=True)
def test_a_stream_wants_the_transaction_of_its_facts() -> None:
    with pytest.raises(NotInTransaction):
        record_stream([drafted(Fact(Verb.ENTERPRISE_AMENDED, "x"))], chains=[], actor=SYSTEM, at=NOW)
