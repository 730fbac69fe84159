"""Papers of a batch whose file could not be made: the city has them tried again at once, on the trail."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.services.trail import note_strictly

from ..errors import NotPossible, Refusal
from ..messages import bell
from ..models import Batch, Document
from ..models.document import DocumentState
from .batches import check_right
from .rendering import RENDER_TASK

if TYPE_CHECKING:
    from django.db.models import QuerySet


def failed_papers(batch: Batch) -> "QuerySet[Document]":
    return Document.objects.filter(application__batch=batch, state=DocumentState.FAILED).order_by("id")


@transaction.atomic
def retry_papers(batch: Batch, *, actor: Account, at: datetime) -> list[str]:
    """Their numbers; by themselves they are tried later and later. Raises NotAllowed, NotPossible (none failed)."""
    check_right(actor)
    numbers = list(failed_papers(batch).values_list("number", flat=True))
    if not numbers:
        message, remedy = _("该批次没有未能生成的文书"), _("刷新页面，查看最新状态")
        raise NotPossible([Refusal("nothing_failed", message, field="action", remedy=remedy)])
    asked = {"state": DocumentState.PENDING, "next_at": at, "retried_by": actor, "retried_at": at}
    Document.objects.filter(number__in=numbers, state=DocumentState.FAILED).update(**asked)
    note_strictly(EventKind.PAPER_RETRIED, account=actor, at=at, detail={"batch": batch.code, "documents": numbers})
    transaction.on_commit(lambda: bell.ring(RENDER_TASK))
    return numbers
