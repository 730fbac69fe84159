"""Checkpoints: a signed root of the first so many entries, kept in the database and in files outside it.

Whoever rewrites the ledger, all hashes included, does not meet the roots that were signed before, and cannot sign
others without the key. One is made every day, and whenever a proof is asked of an entry that none covers yet.
"""

import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from . import merkle
from .canonical import to_milliseconds
from .models import LedgerCheckpoint, LedgerHead, LedgerSubtree
from .notes import BadNote, opened, signed
from .tree import HEIGHT, WIDTH, Gap, Tree, fill, leaves
from .verify import Fault

logger = logging.getLogger(__name__)
EVERY = timedelta(days=1)


class Contradicted(Exception):
    """The ledger no longer fits what was signed: nothing further is signed. Says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def latest() -> LedgerCheckpoint | None:
    return LedgerCheckpoint.objects.order_by("-size").first()


def covering(number: int, *, at: datetime) -> LedgerCheckpoint:
    """The newest checkpoint, made now if none covers the entry of this number; raises Contradicted."""
    found = latest()
    if found is None or found.size < number:
        found = make(at=at)
    if found is None or found.size < number:
        raise Contradicted(Fault(number, _("末端记录少于第 %(number)s 号") % {"number": number}))
    return found


def make_if_due(*, at: datetime) -> LedgerCheckpoint | None:
    """Today's checkpoint, unless there is one or nothing is new; raises Contradicted."""
    keep_files()
    last = latest()
    return None if last and at - last.at < EVERY else make(at=at)


def make(*, at: datetime) -> LedgerCheckpoint | None:
    """Sign what the ledger is now, or give the checkpoint that says so already; None of an empty ledger.

    Not inside the transaction of a decision: it reads all entries since the last one. Raises Contradicted.
    """
    size = LedgerHead.objects.get(pk=1).number
    known = LedgerCheckpoint.objects.filter(size=size).first()
    if known or not size:
        return known
    root = _root(size)
    at = to_milliseconds(at)
    row = LedgerCheckpoint(size=size, at=at, root=root.hex(), note=signed(size, root, at=at))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # two at once
        return LedgerCheckpoint.objects.get(size=size)
    _keep_file(row)
    return row


def _root(size: int) -> bytes:
    """The root, once the last signed one was met again."""
    tree, last = Tree(), latest()
    try:
        fill(size)
        if last and (last.size > size or tree.root(last.size).hex() != last.root):
            raise Contradicted(Fault(min(size, last.size), _("台账与第 %(size)s 号检查点不符") % {"size": last.size}))
        return tree.root(size)
    except Gap as gap:
        raise Contradicted(Fault(gap.number, _("缺少第 %(number)s 号") % {"number": gap.number})) from gap


def folder() -> Path:
    return Path(settings.LEDGER_CHECKPOINTS)


def _file(size: int) -> Path:
    return folder() / f"{size:012d}.txt"


def keep_files() -> None:
    """Write the files that are missing, e.g. because the disk was full when their checkpoint was made."""
    there = {path.name for path in folder().glob("*.txt")}
    for row in LedgerCheckpoint.objects.order_by("size").iterator():
        if _file(row.size).name not in there:
            _keep_file(row)


def _keep_file(row: LedgerCheckpoint) -> None:
    """A file that is there is never written again."""
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(_file(row.size), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        if _file(row.size).read_bytes() != row.note.encode():
            logger.error("checkpoint %d differs from its file in %s", row.size, folder())
        return
    except OSError:
        logger.exception("checkpoint %d not written to %s", row.size, folder())
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(row.note)
        file.flush()
        os.fsync(file.fileno())


def checkpoint_faults() -> Iterator[Fault]:
    """Where the ledger does not fit what was signed: the first entry that may differ, for each root that is not met.

    Walks all entries once. Looks at the checkpoints of the database and at the files; either may have been altered.
    """
    roots = {row.size: row.root for row in LedgerCheckpoint.objects.all()}
    for size, note in _notes():
        try:
            said = opened(note)
        except BadNote:
            yield Fault(size, _("第 %(size)s 号检查点不是本系统签署的") % {"size": size})
            continue
        if said.size != size or roots.setdefault(size, said.root.hex()) != said.root.hex():
            yield Fault(size, _("第 %(size)s 号检查点的内容前后不一") % {"size": size})
    yield from _unmet(roots)


def _notes() -> Iterator[tuple[int, str]]:
    for row in LedgerCheckpoint.objects.order_by("size").iterator():
        yield row.size, row.note
    for path in sorted(folder().glob("*.txt")):
        if path.stem.isdecimal():
            yield int(path.stem), path.read_text(encoding="utf-8", errors="replace")


def _unmet(roots: dict[int, str]) -> Iterator[Fault]:
    kept, met = _KeptSubtrees(), 0
    try:
        for leaf in leaves():
            size = kept.add(leaf)
            if size in roots:
                if roots.pop(size) != kept.frontier.root().hex():
                    yield _rewritten(max(kept.differs_from, met + 1), size)
                    return
                met = size
    except Gap as gap:
        yield Fault(gap.number, _("缺少第 %(number)s 号") % {"number": gap.number})
        return
    if roots:
        said = {"count": kept.frontier.size, "size": max(roots)}
        yield Fault(said["count"] + 1, _("台账只有 %(count)s 条，少于已签署的检查点的 %(size)s 条") % said)
    elif kept.differs_from:
        said = {"first": kept.differs_from}
        yield Fault(kept.differs_from, _("第 %(first)s 号起的子树与台账条目不符") % said)


class _KeptSubtrees:
    """The tree of the entries as they come, held against its parts that are kept in the table.

    `differs_from`: the first number of the first part that says something else; 0 as long as none does.
    """

    def __init__(self) -> None:
        self.frontier = merkle.Frontier()
        self.differs_from = 0
        self._leaves: list[bytes] = []
        self._rows = LedgerSubtree.objects.filter(level=HEIGHT).order_by("position").iterator()
        self._next = next(self._rows, None)

    def add(self, leaf: bytes) -> int:
        self.frontier.add(leaf)
        self._leaves.append(leaf)
        if len(self._leaves) == WIDTH:
            self._compare(self.frontier.size // WIDTH - 1)
            self._leaves.clear()
        return self.frontier.size

    def _compare(self, position: int) -> None:
        if self._next is None or self._next.position != position:
            return
        if not self.differs_from and self._next.root != merkle.folded(self._leaves).hex():
            self.differs_from = position * WIDTH + 1
        self._next = next(self._rows, None)


def _rewritten(first: int, size: int) -> Fault:
    return Fault(
        first,
        _("第 %(first)s 号至第 %(last)s 号中有条目在签署之后被改写：与第 %(last)s 号检查点的签名不符")
        % {"first": first, "last": size},
    )
