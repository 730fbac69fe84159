"""What the worker does of the bench's jobs. Each may be begun again at any time: states decide, not messages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import may_import

from ..errors import NotAllowed, Refusal, refuse
from ..models import ImportFile, ImportState, Job
from ..services.jobs import Handler, touch
from ..totals.checkpoint import fold
from .applying import apply
from .asking import APPLY, UNDO, in_the_way
from .checking import check, move, said
from .intake import CHECK
from .parse import Progress
from .undoing import undo

Done = tuple[str, dict[str, Any]]


def check_job(job: Job) -> Done:
    """Look at a file; one that was handed in to be taken at once goes on."""
    file, actor = _file(job), _actor(job)
    _say(job, _("正在读取并逐行检查"))
    check(file, at=timezone.now(), progress=_progress(job, 1))
    if file.state == ImportState.CHECKED and file.at_once:
        if refusal := in_the_way(file, skip_bad_rows=file.skip_bad_rows):
            kept = said(refuse(refusal.code, refusal.message, field=refusal.field, remedy=refusal.remedy))
            ImportFile.objects.filter(pk=file.pk, state=ImportState.CHECKED).update(refusals=kept)
        else:
            move(file, ImportState.CHECKED, ImportState.APPLYING)
    return _applied(job, file, actor) if file.state == ImportState.APPLYING else _told(file)


def apply_job(job: Job) -> Done:
    """Take a confirmed file in."""
    return _applied(job, _file(job), _actor(job))


def undo_job(job: Job) -> Done:
    """Undo an import."""
    file = _file(job)
    _say(job, _("正在核对后续记录并撤销"))
    undo(file, actor=_actor(job), at=timezone.now(), progress=_progress(job, 1))
    fold(at=timezone.now())
    return _told(file)


def _applied(job: Job, file: ImportFile, actor: Account) -> Done:
    _say(job, _("正在复核并写入登记簿和台账"))
    apply(file, actor=actor, at=timezone.now(), progress=_progress(job, 2))
    _say(job, _("正在更新汇总数"))
    fold(at=timezone.now())
    return _told(file)


def _file(job: Job) -> ImportFile:
    return ImportFile.objects.get(pk=job.arguments["file"])


def _actor(job: Job) -> Account:
    """Who asked; whoever lost the right meanwhile has it asked in vain."""
    actor = job.owner
    if actor is None or not (actor.is_active and may_import(actor)):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以导入数据"))])
    return actor


def _say(job: Job, words: str) -> None:
    """What is being done, for whoever waits."""
    Job.objects.filter(pk=job.pk).update(message=words)


def _progress(job: Job, passes: int) -> Progress:
    """Tells of a job how many rows are done; `passes`: how often it comes by each."""

    def told(done: int, rows: int) -> None:
        touch(job, done, passes * rows, at=timezone.now())

    return told


def _told(file: ImportFile) -> Done:
    file.refresh_from_db()
    counts = {name: getattr(file, name) for name in ("rows", "new", "changed", "unchanged", "repeated", "bad_rows")}
    return str(file.get_state_display()), {"import": str(file.key), "state": file.state, **counts}


FALLS_BACK = {
    ImportState.CHECKING: ImportState.UNREADABLE,
    ImportState.APPLYING: ImportState.CHECKED,
    ImportState.UNDOING: ImportState.APPLIED,
}


def _safely(handler: Handler) -> Handler:
    """What fails unforeseen leaves the file where it can be asked for again; the failure itself is the job's."""

    def handled(job: Job) -> Done:
        try:
            return handler(job)
        except Exception:
            _fall_back(_file(job), at=timezone.now())
            raise

    return handled


def _fall_back(file: ImportFile, *, at: datetime) -> None:
    message = _("处理时发生意外，未作任何更改；原因已记入日志")
    told = refuse("failed", message, field="file", remedy=_("请重试；仍不成功的，请联系系统管理员"))
    for before, after in FALLS_BACK.items():
        move(file, before, after, refusals=said(told))


HANDLERS: dict[str, Callable[[Job], Done]] = {
    CHECK: _safely(check_job),
    APPLY: _safely(apply_job),
    UNDO: _safely(undo_job),
}
