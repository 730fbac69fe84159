"""Long exports: a job writes the file, its owner watches it and takes it, and right and scope are asked again then."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.services.scopes import scope_code

from ..errors import NotAllowed, NotPossible, Refusal
from ..models import Job
from ..models.background import JobState
from ..services.jobs import queue_job, touch
from .listing import Selection
from .making import Order, order, write
from .store import discard_before, path_of, writing

KIND = "export"
logger = logging.getLogger(__name__)
UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Ready:
    """A finished export that may be taken now."""

    order: Order
    path: Path
    rows: int


@transaction.atomic
def queue_export(asked: Order) -> Job:
    """The job of a long export; the same one asked for again while it is under way is that job.

    Raises NotPossible beyond the number of exports that one account may have under way.
    """
    account = Account.objects.select_for_update().get(pk=asked.asked.account.pk)
    arguments = {
        "kind": asked.listing.kind,
        "form": asked.form,
        "given": dict(asked.given),
        "language": translation.get_language(),
        "scope": _scope(account),
    }
    waiting = list(Job.objects.filter(kind=KIND, owner=account, state__in=UNDER_WAY))
    for job in waiting:
        if job.arguments == arguments:
            return job
    if len(waiting) >= settings.EXPORT_JOBS_AT_ONCE:
        message = _("您已有 %(n)s 个导出正在进行") % {"n": len(waiting)}
        raise NotPossible([Refusal("exports_under_way", message, remedy=_("请等其中一个完成后再试"))])
    return queue_job(KIND, owner=account, at=asked.at, arguments=arguments)


def run_export(job: Job) -> tuple[str, Any]:
    """Write the file of a job, in the language in which it was asked for: (message, result)."""
    with translation.override(job.arguments["language"]):
        asked = _order(job)
        selection = Selection(asked.listing, asked.asked)
        touch(job, 0, selection.total, at=timezone.now())
        rows, size = _written(job, asked, selection)
        return "", {"rows": rows, "size": size, "filename": asked.filename}


def _written(job: Job, asked: Order, selection: Selection) -> tuple[int, int]:
    """The file of a job, whole or not at all: its rows and bytes. What the disk says is for the log alone."""
    try:
        with writing(job.pk) as file:
            rows = write(asked, selection, file, lambda done, total: touch(job, done, total, at=timezone.now()))
            return rows, file.tell()
    except OSError as error:
        logger.exception("export %s not written", job.pk)
        raise NotPossible(
            [Refusal("export_not_written", _("导出文件未能写入磁盘"), remedy=_("请联系系统管理员"))]
        ) from error


def own_export(account: Account, key: UUID) -> Job:
    """The account's own export; Http404 for another's and for none."""
    return get_object_or_404(Job, pk=key, kind=KIND, owner=account)


def own_exports(account: Account) -> Any:
    """What the account has had exported by jobs, the newest first, as long as files are kept."""
    since = timezone.now() - timedelta(days=settings.EXPORT_DAYS_KEPT)
    return Job.objects.filter(kind=KIND, owner=account, created_at__gte=since).order_by("-created_at")


def ready(job: Job) -> Ready:
    """The file of a finished export, if its owner may still have what is in it.

    Raises NotAllowed where role or scope are others by now, NotPossible where there is no file (yet, or any more).
    """
    asked = _order(job)
    if job.state != JobState.DONE:
        raise NotPossible([Refusal("export_not_done", _("导出尚未完成"), remedy=_("请稍后再取"))])
    path = path_of(job.pk)
    if not path.is_file():
        remedy = _("请重新导出")
        raise NotPossible([Refusal("export_gone", _("文件已过保存期，不再保留"), remedy=remedy)])
    return Ready(asked, path, dict(job.result or {})["rows"])


def _order(job: Job) -> Order:
    """What a job was asked for, by the account as it is now."""
    said: Mapping[str, Any] = job.arguments
    account = get_object_or_404(Account, pk=job.owner_id)
    if not account.is_active or _scope(account) != said["scope"]:
        message = _("您的角色或范围在导出后已有变更")
        raise NotAllowed([Refusal("scope_changed", message, remedy=_("请按现在的权限重新导出"))])
    given = QueryDict(mutable=True)
    given.update(said["given"])
    return order(said["kind"], said["form"], given, account=account, at=job.created_at)


def _scope(account: Account) -> str:
    """Role and scope, as they were when the rows were chosen."""
    return ":".join([account.role, account.scope_kind, scope_code(account)])


def discard_old(*, at: datetime) -> int:
    """Remove the files whose time is over; how many."""
    return discard_before((at - timedelta(days=settings.EXPORT_DAYS_KEPT)).timestamp())
