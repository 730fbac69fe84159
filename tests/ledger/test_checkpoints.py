"""Checkpoints and proofs: who rewrites the whole ledger is named, and a proof holds without the database."""

import dataclasses
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

import verify_offline
from ledger.canonical import digest, timestamp
from ledger.checkpoints import Contradicted, checkpoint_faults, keep_files, latest, make, make_if_due
from ledger.guards import guard_statements, unguard_statements
from ledger.models import GENESIS, LedgerCheckpoint, LedgerEntry, LedgerHead, LedgerSubtree
from ledger.notes import BadNote, opened, signed, verifier_key
from ledger.proofs import consistency_of, proof_of
from ledger.record import SYSTEM, Fact, canonical_text, record_many
from ledger.tree import Tree, leaves
from ledger.verbs import Verb
from ledger.verify import verify
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ENTRIES, CHECKPOINTS, SUBTREES = "ledger_ledgerentry", "ledger_ledgercheckpoint", "ledger_ledgersubtree"


def write(count: int) -> list[LedgerEntry]:
    facts = [Fact(Verb.ENTERPRISE_AMENDED, "enterprise:x", {"n": n}) for n in range(count)]
    with transaction.atomic():
        return record_many(facts, actor=SYSTEM, at=NOW)


def checkpoint() -> LedgerCheckpoint:
    made = make(at=NOW)
    assert made is not None
    return made


def without_guards(table: str, *statements: str) -> None:
    """As somebody with the database's password could."""
    with connection.cursor() as cursor:
        for statement in (*unguard_statements(connection.vendor, table), *statements):
            cursor.execute(statement)
        for statement in guard_statements(connection.vendor, table):
            cursor.execute(statement)


def rewrite_everything_from(number: int) -> None:
    """The perfect forger: another payload, and every hash and link after it computed anew, the head too."""
    tail, statements = GENESIS, []
    tails: dict[str, str] = {}
    for entry in LedgerEntry.objects.order_by("number"):
        if entry.number == number:
            entry.payload = '{"forged":true}'
        entry.prev = tail
        if entry.enterprise:
            entry.enterprise_prev = tails.get(entry.enterprise, GENESIS)
        canonical = canonical_text(entry, timestamp(entry.at)).encode()
        tail = entry.hash = digest(canonical)
        tails[entry.enterprise or ""] = tail
        if entry.number >= number:
            entry.canonical = canonical
            statements.append(entry)
    without_guards(ENTRIES)
    with connection.cursor() as cursor:
        for sql in unguard_statements(connection.vendor, ENTRIES):
            cursor.execute(sql)
    LedgerEntry.objects.bulk_update(
        statements, ["payload", "prev", "enterprise_prev", "canonical", "hash"], batch_size=100
    )
    with connection.cursor() as cursor:
        for sql in guard_statements(connection.vendor, ENTRIES):
            cursor.execute(sql)
    LedgerHead.objects.update(hash=tail)


def offline(tmp_path: Path, said: Any, *arguments: str) -> int:
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(dataclasses.asdict(said) if dataclasses.is_dataclass(said) else said))
    return verify_offline.main([str(file), "--key", verifier_key(), *arguments])


def test_an_untouched_ledger_meets_what_was_signed() -> None:
    for _ in range(3):
        write(7)
        checkpoint()
    assert list(checkpoint_faults()) == []


def test_a_chain_rewritten_as_a_whole_is_in_itself_right_and_named_by_the_checkpoint() -> None:
    write(5)
    first = checkpoint()
    [victim, *_] = write(5)
    second = checkpoint()
    rewrite_everything_from(victim.number)
    assert verify().fault is None
    [fault] = checkpoint_faults()
    assert first.size < fault.number <= victim.number
    assert str(second.size) in fault.reason


def test_the_part_that_was_rewritten_is_named_where_its_subtree_was_kept() -> None:
    write(700)
    checkpoint()
    victim = 256 * (LedgerEntry.objects.count() // 256 - 1) + 100
    rewrite_everything_from(victim)
    [fault] = checkpoint_faults()
    assert victim - 256 < fault.number <= victim


def test_a_ledger_that_was_cut_and_grew_again_is_named() -> None:
    write(4)
    size = checkpoint().size
    without_guards(ENTRIES, f"DELETE FROM {ENTRIES} WHERE number > {size - 2}")
    last = LedgerEntry.objects.get(pk=size - 2)
    LedgerHead.objects.update(number=last.number, hash=last.hash)
    assert verify().fault is None
    assert [fault.number for fault in checkpoint_faults()] == [size - 1]
    write(2)
    assert verify().fault is None
    assert [fault.number for fault in checkpoint_faults()] != []


def test_nothing_further_is_signed_once_the_ledger_differs() -> None:
    victim = write(3)[0]
    checkpoint()
    rewrite_everything_from(victim.number)
    write(1)
    with pytest.raises(Contradicted):
        make(at=NOW)
    assert LedgerCheckpoint.objects.count() == 1


def test_deleting_the_checkpoints_does_not_help_since_the_files_remain() -> None:
    victim = write(3)[0]
    checkpoint()
    rewrite_everything_from(victim.number)
    without_guards(CHECKPOINTS, f"DELETE FROM {CHECKPOINTS}")
    without_guards(SUBTREES, f"DELETE FROM {SUBTREES}")
    assert [fault.number for fault in checkpoint_faults()] == [1]


def test_a_checkpoint_that_somebody_else_signed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    victim = write(3)[0]
    rewrite_everything_from(victim.number)
    with monkeypatch.context() as other:
        other.setattr(settings, "LEDGER_SEED", b"f" * 32)
        size = checkpoint().size
    assert {fault.number for fault in checkpoint_faults()} == {size}
    assert all("签署" in fault.reason for fault in checkpoint_faults())


def test_an_altered_root_or_subtree_is_named() -> None:
    write(300)
    size = checkpoint().size
    without_guards(SUBTREES, f"UPDATE {SUBTREES} SET root = '{'a' * 64}' WHERE position = 0")
    assert [fault.number for fault in checkpoint_faults()] == [1]
    without_guards(CHECKPOINTS, f"UPDATE {CHECKPOINTS} SET root = '{'a' * 64}'")
    assert size in [fault.number for fault in checkpoint_faults()]


@pytest.mark.parametrize("table", [CHECKPOINTS, SUBTREES])
@pytest.mark.parametrize("sql", ["UPDATE {t} SET root = 'x'", "DELETE FROM {t}"])
def test_the_database_refuses_to_change_checkpoints_and_subtrees(table: str, sql: str) -> None:
    write(300)
    checkpoint()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(t=table))


def test_a_day_has_one_checkpoint_and_an_unchanged_ledger_no_second_one() -> None:
    write(1)
    first = make_if_due(at=NOW)
    assert first
    write(1)
    assert make_if_due(at=NOW + timedelta(hours=23)) is None
    second = make_if_due(at=NOW + timedelta(hours=24))
    assert second
    assert second.size == first.size + 1
    assert make_if_due(at=NOW + timedelta(hours=50)) == second
    assert latest() == second


def test_a_file_is_private_never_rewritten_and_made_again_if_it_is_gone() -> None:
    write(1)
    made = checkpoint()
    [file] = Path(settings.LEDGER_CHECKPOINTS).iterdir()
    assert file.stat().st_mode & 0o777 == 0o400
    assert file.read_text() == made.note
    file.unlink()
    keep_files()
    assert file.read_text() == made.note
    file.chmod(0o600)
    file.write_text("something else")
    keep_files()
    assert file.read_text() == "something else"
    assert [fault.number for fault in checkpoint_faults()] == [made.size]


def test_a_note_of_a_former_key_still_counts_and_an_unknown_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    note, key = signed(3, b"r" * 32, at=NOW), verifier_key()
    assert opened(note).size == 3
    monkeypatch.setattr(settings, "LEDGER_SEED", b"n" * 32)
    with pytest.raises(BadNote):
        opened(note)
    monkeypatch.setattr(settings, "LEDGER_FORMER_KEYS", [key])
    assert opened(note).root == b"r" * 32


@pytest.mark.parametrize("note", ["", "x", "\n\n", "a\n1\nb\nc\n\n— a !\n", "— \n\n— \n"])
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        opened(note)


def test_the_proof_of_every_entry_holds_offline(tmp_path: Path) -> None:
    write(300)
    checkpoint()
    for number in (1, 2, 255, 256, 257, LedgerEntry.objects.count()):
        assert offline(tmp_path, proof_of(LedgerEntry.objects.get(pk=number), at=NOW)) == 0


def test_an_entry_newer_than_the_last_checkpoint_gets_one(tmp_path: Path) -> None:
    write(2)
    checkpoint()
    [entry] = write(1)
    assert offline(tmp_path, proof_of(entry, at=NOW)) == 0
    assert LedgerCheckpoint.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"canonical": "{}"},
        {"number": 1},
        {"index": 0},
        {"path": []},
        {"hash": "0" * 64},
        {"checkpoint": "x"},
        {"checkpoint": None},
        {"path": ["zz"]},
    ],
)
def test_an_altered_proof_is_refused(
    tmp_path: Path, change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    entry = write(4)[2]
    said = dataclasses.asdict(proof_of(entry, at=NOW))
    assert offline(tmp_path, {**said, **change}) in (1, 2)
    assert "Traceback" not in capsys.readouterr().out


def test_a_proof_signed_by_another_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = proof_of(write(1)[0], at=NOW)
    monkeypatch.setattr(settings, "LEDGER_SEED", b"o" * 32)
    assert offline(tmp_path, said) == 1


def test_a_note_altered_under_its_signature_is_refused_everywhere(tmp_path: Path) -> None:
    said = dataclasses.asdict(proof_of(write(1)[0], at=NOW))
    altered = said["checkpoint"].replace("at 2026", "at 2016")
    assert altered != said["checkpoint"]
    assert offline(tmp_path, {**said, "checkpoint": altered}) == 1
    with pytest.raises(BadNote):
        opened(altered)


def test_one_checkpoint_is_the_beginning_of_the_next(tmp_path: Path) -> None:
    write(9)
    first = checkpoint()
    write(300)
    said = consistency_of(first, checkpoint())
    assert offline(tmp_path, said) == 0
    assert offline(tmp_path, {**dataclasses.asdict(said), "old_checkpoint": said.checkpoint}) == 1


def test_the_whole_ledger_is_checked_offline_against_the_files(tmp_path: Path) -> None:
    write(20)
    checkpoint()
    write(20)
    checkpoint()
    file = tmp_path / "ledger.jsonl"
    call_command("export_ledger", str(file))
    given = [str(file), "--key", verifier_key(), "--checkpoints", str(settings.LEDGER_CHECKPOINTS)]
    assert verify_offline.main(given) == 0
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]))
    assert verify_offline.main(given) == 1
    file.write_bytes(b"".join([*lines[:3], lines[3].replace(b'"number":4', b'"number":5'), *lines[4:]]))
    assert verify_offline.main(given) == 1


def test_the_offline_program_stands_alone() -> None:
    source = Path(verify_offline.__file__).read_text(encoding="utf-8")
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported >= {"hashlib", "json"}
    assert imported <= set(sys.stdlib_module_names)


def test_a_proof_reads_few_rows_whatever_the_subtrees_lack(django_assert_max_num_queries: Any) -> None:
    write(1200)
    made = checkpoint()
    full = Tree().root(made.size)
    with django_assert_max_num_queries(8):
        proof_of(LedgerEntry.objects.get(pk=600), at=NOW)
    without_guards(SUBTREES, f"DELETE FROM {SUBTREES}")
    assert Tree().root(made.size) == full
    assert LedgerSubtree.objects.count() == 0
    assert len(list(leaves())) == made.size
