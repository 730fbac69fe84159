"""The ledger, for the auditor; the key of its signatures, for everyone."""

from dataclasses import asdict

from django.conf import settings
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.listings.ledger import FILTERS, sought_by
from certification.services.verification import answer, consistency, proof
from enterprises.rights import may_read_ledger
from ledger.models import LedgerCheckpoint, LedgerEntry
from ledger.notes import verifier_key
from ledger.reading import entries

from ..answers import ledger
from ..base import ApiView, now
from ..operations import Operation, anyone, held_by
from ..pagination import PAGING, Order, ordering, orders, paged
from ..shapes.base import page_of
from ..shapes.ledger import (
    CheckpointShape,
    ConsistencyShape,
    EntryDetailShape,
    EntryShape,
    KeyShape,
    ProofShape,
    VerificationShape,
)

ORDERS = orders("number")
NEWEST_FIRST = Order(("size",), descending=True)
reads_ledger = held_by(may_read_ledger)


class Ledger(ApiView):
    """Entries of the ledger."""

    tag = "ledger"
    operations = {
        "GET": Operation(reads_ledger, page_of(EntryShape), query=(*FILTERS, ordering(ORDERS), *PAGING)),
    }

    def get(self, request: Request) -> Response:
        """The entries in order of their numbers."""
        order = ORDERS[self.asked["ordering"]]
        return paged(request, entries(sought_by(self.asked)), self.asked, order=order, shape=ledger.entry)


class LedgerEntryDetail(ApiView):
    """One entry."""

    tag = "ledger"
    operations = {"GET": Operation(reads_ledger, EntryDetailShape)}

    def get(self, request: Request, number: int) -> Response:
        """An entry with its exact bytes and the numbers of its neighbours."""
        return Response(ledger.entry_with_neighbours(get_object_or_404(LedgerEntry, pk=number)))


class LedgerProof(ApiView):
    """The proof of an entry."""

    tag = "ledger"
    operations = {"GET": Operation(reads_ledger, ProofShape, problems=(409,))}

    def get(self, request: Request, number: int) -> Response:
        """What shows that the entry is in the ledger; a checkpoint is signed now if none covers it yet."""
        return Response(asdict(proof(get_object_or_404(LedgerEntry, pk=number), at=now())))


class LedgerVerification(ApiView):
    """Checking the ledger."""

    tag = "ledger"
    operations = {"GET": Operation(reads_ledger, VerificationShape)}

    def get(self, request: Request) -> Response:
        """Walk the chain, then hold signed roots and facts against it; a long ledger is walked by the worker."""
        return Response(ledger.verification(answer(actor=request.user, at=now())))


class LedgerKey(ApiView):
    """The key of the ledger."""

    tag = "ledger"
    operations = {"GET": Operation(anyone, KeyShape)}

    def get(self, request: Request) -> Response:
        """The public key with which anybody checks a proof."""
        said = {"name": settings.LEDGER_ORIGIN, "algorithm": "Ed25519", "key": verifier_key()}
        return Response({**said, "former_keys": list(settings.LEDGER_FORMER_KEYS)})


class LedgerCheckpoints(ApiView):
    """Checkpoints of the ledger."""

    tag = "ledger"
    operations = {"GET": Operation(reads_ledger, page_of(CheckpointShape), query=PAGING)}

    def get(self, request: Request) -> Response:
        """What was signed, the newest first."""
        rows = LedgerCheckpoint.objects.all()
        return paged(request, rows, self.asked, order=NEWEST_FIRST, shape=ledger.checkpoint)


class LedgerConsistency(ApiView):
    """That nothing was rewritten between two checkpoints."""

    tag = "ledger"
    operations = {"GET": Operation(reads_ledger, ConsistencyShape, problems=(404, 409))}

    def get(self, request: Request, old: int, size: int) -> Response:
        """What shows that the ledger of the larger checkpoint begins with that of the smaller one."""
        earlier, later = (get_object_or_404(LedgerCheckpoint, pk=each) for each in (old, size))
        return Response(asdict(consistency(earlier, later)))
