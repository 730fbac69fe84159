"""What may be done with a batch, by name: pages and API ask for one of these, and each is its own service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from enterprises.models import Account

from ..models import Batch, BatchState
from .batches import close_batch, open_batch
from .panels import draw_panels
from .paper_retries import failed_papers, retry_papers
from .public_notices import publish_results, recognise


class Do(Protocol):
    """An act on a batch."""

    def __call__(self, batch: Batch, *, comment: str, actor: Account, at: datetime) -> object: ...


def _always(batch: Batch) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class BatchAct:
    """An act: its name for people, in which states it is offered (and when), and the service that does it."""

    label: Promise
    states: tuple[str, ...]
    do: Do
    when: Callable[[Batch], bool] = _always


def _open(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return open_batch(batch, actor=actor, at=at)


def _close(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return close_batch(batch, actor=actor, at=at)


def _score(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return draw_panels(batch, actor=actor, at=at)


def _publish(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return publish_results(batch, actor=actor, at=at)


def _retry(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return retry_papers(batch, actor=actor, at=at)


RUNNING = (BatchState.OPEN.value, BatchState.CLOSED.value)
BATCH_ACTS: Mapping[str, BatchAct] = {
    "open": BatchAct(_("开放申报"), (BatchState.PLANNED.value,), _open),
    "close": BatchAct(_("截止申报"), (BatchState.OPEN.value,), _close),
    "score": BatchAct(_("抽取专家"), RUNNING, _score),
    "publish": BatchAct(_("确认并公示结果"), (BatchState.CLOSED.value,), _publish),
    "recognise": BatchAct(_("期满办结"), (BatchState.CLOSED.value,), recognise),
    "retry": BatchAct(
        _("重新生成失败的文书"), tuple(BatchState.values), _retry, when=lambda batch: failed_papers(batch).exists()
    ),
}


def act_on(batch: Batch, action: str, *, comment: str = "", actor: Account, at: datetime) -> None:
    """Do one of BATCH_ACTS; raises what its service raises."""
    BATCH_ACTS[action].do(batch, comment=comment, actor=actor, at=at)


def offered(batch: Batch) -> list[str]:
    """The acts that the batch's state allows."""
    return [name for name, act in BATCH_ACTS.items() if batch.state in act.states and act.when(batch)]
