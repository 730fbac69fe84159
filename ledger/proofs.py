"""What shows that an entry is in the chain, checkable without the database (verify_offline.py)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from . import merkle
from .canonical import digest
from .checkpoints import Contradicted, covering, latest
from .models import LedgerCheckpoint, LedgerEntry
from .notes import BadNote, opened, verifier_key
from .tree import Tree
from .verify import Fault

FORM = "changzhou-ip-registry/ledger-proof/1"
CONSISTENCY_FORM = "changzhou-ip-registry/ledger-consistency/1"


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry's exact bytes, the path from it to the root of a signed checkpoint, and that checkpoint.

    `canonical` is the text whose UTF-8 bytes are hashed; `index` counts from 0; hashes of `path` are hexadecimal.
    """

    form: str
    number: int
    canonical: str
    hash: str
    index: int
    size: int
    path: tuple[str, ...]
    checkpoint: str
    key: str


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the ledger of `size` entries begins with the ledger of `old` entries, both signed."""

    form: str
    old: int
    size: int
    path: tuple[str, ...]
    old_checkpoint: str
    checkpoint: str
    key: str


def proof_of(entry: LedgerEntry, *, at: datetime) -> Proof:
    """The proof of an entry against the newest checkpoint; one is made now if none covers the entry yet.

    Raises checkpoints.Contradicted where the ledger no longer fits what was signed.
    """
    return _proof(entry, covering(entry.number, at=at))


def proof_on_file(number: int) -> Proof | None:
    """The proof of an entry against the newest checkpoint there is; None: none covers it yet. Signs nothing.

    For whoever asks without a login. Raises checkpoints.Contradicted.
    """
    checkpoint = latest()
    if checkpoint is None or checkpoint.size < number:
        return None
    return _on_file(number, checkpoint.size, checkpoint.root, checkpoint.note)


@lru_cache(maxsize=1024)
def _on_file(number: int, size: int, root: str, note: str) -> Proof:
    """Made once in a process: everything in a proof follows from the root that was signed. What raises is not kept."""
    checkpoint = LedgerCheckpoint(size=size, root=root, note=note)
    return _proof(LedgerEntry.objects.get(pk=number), checkpoint)


def _proof(entry: LedgerEntry, checkpoint: LedgerCheckpoint) -> Proof:
    index, tree = entry.number - 1, Tree()
    if digest(bytes(entry.canonical)) != entry.hash or tree.root(checkpoint.size).hex() != checkpoint.root:
        raise _differs(entry.number, checkpoint)
    path = merkle.inclusion(tree.node, index, checkpoint.size)
    return Proof(
        form=FORM,
        number=entry.number,
        canonical=bytes(entry.canonical).decode(),
        hash=entry.hash,
        index=index,
        size=checkpoint.size,
        path=tuple(each.hex() for each in path),
        checkpoint=checkpoint.note,
        key=verifier_key(),
    )


def _differs(number: int, checkpoint: LedgerCheckpoint) -> Contradicted:
    """No proof is given that would not hold."""
    return Contradicted(Fault(number, _("台账与第 %(size)s 号检查点不符") % {"size": checkpoint.size}))


class BadProof(ValueError):
    """What is no proof of an entry of this ledger."""


def proven(proof: Mapping[str, Any]) -> dict[str, Any]:
    """What the entry says whose proof this is. Asks no database, so that nothing done to one changes the answer.

    Raises BadProof.
    """
    try:
        canonical, checkpoint = str(proof["canonical"]), opened(str(proof["checkpoint"]))
        entry: dict[str, Any] = json.loads(canonical)
        leaf = merkle.leaf_of(bytes.fromhex(digest(canonical.encode())))
        path = [bytes.fromhex(each) for each in proof["path"]]
        root = merkle.root_over(leaf, entry["number"] - 1, checkpoint.size, path)
    except (BadNote, KeyError, TypeError, ValueError) as error:
        raise BadProof("not a proof of this ledger") from error
    if root != checkpoint.root:
        raise BadProof("not in the checkpoint")
    return entry


def consistency_of(old: LedgerCheckpoint, new: LedgerCheckpoint) -> Consistency:
    """The proof that nothing was rewritten between two checkpoints, `old` being the smaller one; raises as proof_of."""
    tree = Tree()
    for each in (old, new):
        if tree.root(each.size).hex() != each.root:
            raise _differs(each.size, each)
    path = merkle.consistency(tree.node, old.size, new.size)
    return Consistency(
        form=CONSISTENCY_FORM,
        old=old.size,
        size=new.size,
        path=tuple(each.hex() for each in path),
        old_checkpoint=old.note,
        checkpoint=new.note,
        key=verifier_key(),
    )
