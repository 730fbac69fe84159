"""Making the files of the papers (文书), by the worker, after the decision: pages, ledger entry, proof, signature.

Each is claimed, tried, and kept as made or to be tried again with growing pauses. Done twice it changes nothing: the
same content gives the same pages, whose digest is on record once, and a file that is there stays.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ledger.checkpoints import covering
from ledger.models import LedgerEntry
from ledger.proofs import proof_of
from ledger.record import SYSTEM, Fact, record
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal
from ..models import Document
from ..models.document import WAITING, DocumentState
from ..notices.papers import tell_of_file
from ..papers import fonts
from ..papers.attached import FORM
from ..papers.sheets import Printing, pages_of
from ..papers.signing import signed
from ..papers.store import write_whole
from .documents import subject_of

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
RENDER_TASK = "certification.render_documents"


def render_due(*, clock: Clock) -> int:
    """Make the files that are due, up to RENDER_BATCH of them; how many were made.

    The pages come first, all of them: one checkpoint then covers the whole batch. Where none of the pages could be
    made it covers the decisions, so that one is signed at each batch whatever fails.
    """
    now = clock()
    keys = list(Document.objects.due(at=now).values_list("pk", flat=True)[: settings.RENDER_BATCH])
    if keys and not fonts.make_ready():
        return 0  # before the claims, which would run out meanwhile; the next run finds them made
    claimed = [row for key in keys if (row := claim(key, at=now))]
    printed = [(row, pages) for row in claimed if (pages := _attempted(_pages, row, clock)) is not None]
    if claimed:
        _attempted(_signed_root, max(claimed, key=_last_entry), clock)
    return sum(_attempted(partial(_file, pages), row, clock) is not None for row, pages in printed)


def _signed_root(row: Document, clock: Clock) -> int:
    """The checkpoint that covers this paper's pages and all before them."""
    return covering(_last_entry(row), at=clock()).size


def _last_entry(row: Document) -> int:
    """Of its pages, or of its issue as long as it has none."""
    return row.page_number or row.ledger_number


def claim(key: int, *, at: datetime) -> Document | None:
    """Take a paper that is due; None if another has it, or it is made."""
    ahead = at + timedelta(seconds=settings.RENDER_CLAIM_SECONDS)
    taken = Document.objects.due(at=at).filter(pk=key).update(next_at=ahead, tries=F("tries") + 1)
    return Document.objects.get(pk=key) if taken else None


def _attempted(work: Callable[[Document, Clock], Any], row: Document, clock: Clock) -> Any:
    """What the work gives; None where it failed, which is kept with the paper."""
    try:
        return work(row, clock)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:200]
        Document.objects.filter(pk=row.pk, state__in=WAITING).update(
            state=DocumentState.FAILED, last_error=said, next_at=clock() + backoff(row.tries)
        )
        logger.exception("document %s not made, attempt %d", row.number, row.tries)
        return None


def backoff(tries: int) -> timedelta:
    """How long after so many tries the next one is made: doubled each time, up to a most."""
    seconds = settings.RENDER_BACKOFF_SECONDS * 2 ** min(tries - 1, 30)
    return timedelta(seconds=min(seconds, settings.RENDER_BACKOFF_MOST_SECONDS))


def printing_of(row: Document) -> Printing:
    """What is printed; the address is the registry's own as it is configured, never one that a request named."""
    address = f"{settings.SITE_BASE_URL}/verify/{row.code}/"
    return Printing(row.content, row.code, address, settings.PDF_SEAL_NOTE)


def _pages(row: Document, clock: Clock) -> bytes:
    """The pages, their digest on record."""
    pages = pages_of(printing_of(row))
    digest = hashlib.sha256(pages).hexdigest()
    if digest != row.page_sha256:
        with transaction.atomic():
            entry = record(_rendered_fact(row, digest, len(pages)), actor=SYSTEM, at=clock())
            row.page_sha256, row.page_size, row.page_number = digest, len(pages), entry.number
            row.save(update_fields=["page_sha256", "page_size", "page_number"])
    return pages


def _rendered_fact(row: Document, digest: str, size: int) -> Fact:
    payload = {"sha256": digest, "size": size, "issued": row.ledger_number}
    return Fact(Verb.DOCUMENT_RENDERED, subject_of(row), payload, enterprise=row.uscc)


def _file(pages: bytes, row: Document, clock: Clock) -> str:
    """Proof and signature added, the file kept under its digest; that digest."""
    at = clock()
    content = signed(pages, proof_for(row, at=at), body=row.content["issuing_body"], at=at)
    digest = hashlib.sha256(content).hexdigest()
    write_whole(path_of(digest), content)
    _kept(row, at, sha256=digest, size=len(content))
    return digest


@transaction.atomic
def _kept(row: Document, at: datetime, **file: Any) -> None:
    """The file is there, on record, and the enterprise is told so."""
    waiting = Document.objects.filter(pk=row.pk, state__in=WAITING)
    if waiting.update(state=DocumentState.RENDERED, rendered_at=at, last_error="", **file):
        tell_of_file(row, at=at)
        record(Fact(Verb.DOCUMENT_SIGNED, subject_of(row), file, enterprise=row.uscc), actor=SYSTEM, at=at)


def proof_for(row: Document, *, at: datetime) -> bytes:
    """What shows without the database that the paper was issued so: its words, and the proofs of both its entries."""
    entries = LedgerEntry.objects.in_bulk([row.ledger_number, row.page_number or 0])
    said = {
        "form": FORM,
        "code": row.code,
        "content": row.content,
        "salt": row.salt,
        "issued": asdict(proof_of(entries[row.ledger_number], at=at)),
        "rendered": asdict(proof_of(entries[row.page_number or 0], at=at)),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def path_of(digest: str) -> Path:
    return Path(settings.DOCUMENT_ROOT) / digest[:2] / f"{digest}.pdf"


def file_of(row: Document) -> bytes:
    """The file's bytes, provided that they are still those that were made. Raises NotPossible."""
    if not row.is_ready:
        message = _("文书“%(number)s”正在生成") % {"number": row.number}
        raise NotPossible([Refusal("document_pending", message, remedy=_("请稍后刷新页面再下载"))])
    try:
        content = path_of(row.sha256).read_bytes()
    except OSError as error:
        logger.exception("document file missing: %s", row.number)
        raise _lost(row) from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        logger.error("document file altered: %s", row.number)
        raise _lost(row)
    return content


def _lost(row: Document) -> NotPossible:
    message = _("文书“%(number)s”的文件缺失或已被改动") % {"number": row.number}
    return NotPossible([Refusal("file_altered", message, remedy=_("请联系系统管理员从备份恢复"))])
