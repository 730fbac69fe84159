"""What may be done with a batch, by name: pages and API ask for one of these, and each is its own service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from enterprises.models import Account

from ..models import Batch, BatchState
from .batch_progress import Progress, acts_left
from .batches import cancel_batch, close_batch, open_batch
from .frozen_copies import freeze_copy
from .panels import draw_panels
from .paper_retries import failed_papers, retry_papers
from .public_notices import publish_results, recognise


class Do(Protocol):
    """An act on a batch."""

    def __call__(self, batch: Batch, *, comment: str, actor: Account, at: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class BatchAct:
    """An act: its name for people, in which states it can be done, and the service that does it."""

    label: Promise
    states: tuple[str, ...]
    do: Do


def _open(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return open_batch(batch, actor=actor, at=at)


def _close(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return close_batch(batch, actor=actor, at=at)


def _score(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return draw_panels(batch, actor=actor, at=at)


def _freeze(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return freeze_copy(batch, actor=actor, at=at)


def _publish(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return publish_results(batch, actor=actor, at=at)


def _retry(batch: Batch, *, comment: str, actor: Account, at: datetime) -> object:
    return retry_papers(batch, actor=actor, at=at)


CLOSED = (BatchState.CLOSED.value,)
BATCH_ACTS: Mapping[str, BatchAct] = {
    "open": BatchAct(_("开放申报"), (BatchState.PLANNED.value,), _open),
    "close": BatchAct(_("截止申报"), (BatchState.OPEN.value,), _close),
    "score": BatchAct(_("抽取专家"), CLOSED, _score),
    "freeze": BatchAct(_("冻结排序副本"), CLOSED, _freeze),
    "publish": BatchAct(_("确认并公示结果"), CLOSED, _publish),
    "recognise": BatchAct(_("期满办结"), CLOSED, recognise),
    "retry": BatchAct(_("重新生成失败的文书"), tuple(BatchState.values), _retry),
    "cancel": BatchAct(_("取消批次"), (BatchState.PLANNED.value,), cancel_batch),
}


def act_on(batch: Batch, action: str, *, comment: str = "", actor: Account, at: datetime) -> None:
    """Do one of BATCH_ACTS; raises what its service raises."""
    BATCH_ACTS[action].do(batch, comment=comment, actor=actor, at=at)


def offered(batch: Batch, progress: Progress) -> list[str]:
    """The acts that the batch's state allows and that have something left to do."""
    left = acts_left(batch, progress)
    if failed_papers(batch).exists():
        left |= {"retry"}
    idle = {"score", "freeze", "publish", "recognise", "retry"} - left
    return [name for name, act in BATCH_ACTS.items() if batch.state in act.states and name not in idle]
