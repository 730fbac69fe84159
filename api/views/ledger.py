"""The ledger, for the auditor."""

from rest_framework.request import Request
from rest_framework.response import Response

from certification.audit import fact_faults
from enterprises.rights import may_read_ledger
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import verify

from ..answers import ledger
from ..base import ApiView
from ..operations import Operation, held_by
from ..pagination import PAGING, ordering, orders, paged
from ..params import choice, code, text
from ..shapes.base import page_of
from ..shapes.ledger import EntryShape, VerificationShape

ORDERS = orders("number")
FAULTS_NAMED = 20
reads_ledger = held_by(may_read_ledger)


class Ledger(ApiView):
    """Entries of the ledger."""

    tag = "ledger"
    operations = {
        "GET": Operation(
            reads_ledger,
            page_of(EntryShape),
            query=(
                code("enterprise", "Credit code"),
                choice("verb", "What is recorded", Verb.values),
                text("subject", "Subject, e.g. application:SQ2026000001"),
                ordering(ORDERS),
                *PAGING,
            ),
        )
    }

    def get(self, request: Request) -> Response:
        """The entries in order of their numbers."""
        narrowed = {name: self.asked[name] for name in ("enterprise", "verb", "subject") if self.asked[name]}
        rows = LedgerEntry.objects.filter(**narrowed).defer("canonical")
        return paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]], shape=ledger.entry)


class LedgerVerification(ApiView):
    """Checking the ledger."""

    tag = "ledger"
    operations = {"GET": Operation(reads_ledger, VerificationShape)}

    def get(self, request: Request) -> Response:
        """Walk the whole chain, then hold the facts against it."""
        found = verify()
        faults = [found.fault] if found.fault else list(fact_faults(limit=FAULTS_NAMED))
        return Response(ledger.verification(found.checked, faults))
