"""Telling an enterprise that the file of a paper (文书) is there, in the transaction that says so."""

from datetime import datetime

from enterprises.models import Account
from enterprises.roles import Role

from ..models import Document, Message
from .outbox import write


def tell_of_file(row: Document, *, at: datetime) -> None:
    """The people of the enterprise are told once, with a link to the paper."""
    people = Account.objects.filter(role=Role.APPLICANT, is_active=True, enterprise__uscc=row.uscc)
    about = f"document:{row.number}"
    said = {"kind": "document.ready", "source": about, "about": about, "params": {}, "created_at": at}
    write([Message(recipient_id=pk, **said) for pk in people.values_list("pk", flat=True)], at=at)
