"""What people ask for once a file was looked at: to take it in, to undo that. The worker does it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import may_import

from ..errors import NotAllowed, NotPossible, Refusal
from ..models import ImportFile, ImportState
from ..services.jobs import queue_job

APPLY, UNDO = "import_apply", "import_undo"


def confirm(file: ImportFile, *, skip_bad_rows: bool, actor: Account, at: datetime) -> ImportFile:
    """Have a checked file taken in: whole, or with `skip_bad_rows` its good rows.

    Raises NotAllowed, NotPossible (another state, bad rows, nothing new).
    """
    _check_right(actor)
    _check_state(file, ImportState.CHECKED)
    if refusal := in_the_way(file, skip_bad_rows=skip_bad_rows):
        raise NotPossible([refusal])
    return _ask(file, ImportState.APPLYING, APPLY, actor=actor, at=at, skip_bad_rows=skip_bad_rows)


def in_the_way(file: ImportFile, *, skip_bad_rows: bool) -> Refusal | None:
    """Why a checked file cannot be taken in as it is, if so."""
    if not file.makes_changes:
        return Refusal("nothing_new", _("文件中没有可导入的内容"), field="file")
    if file.bad_rows and not skip_bad_rows:
        message = _("%(count)s 行有误，整个文件未导入") % {"count": file.bad_rows}
        remedy = _("请下载错误清单更正后重新上传，或明确选择“只导入正确的行”")
        return Refusal("bad_rows", message, field="skip_bad_rows", remedy=remedy)
    return None


def ask_undo(file: ImportFile, *, actor: Account, at: datetime) -> ImportFile:
    """Have an import undone. Raises NotAllowed, NotPossible (another state)."""
    _check_right(actor)
    _check_state(file, ImportState.APPLIED)
    return _ask(file, ImportState.UNDOING, UNDO, actor=actor, at=at)


def _check_right(actor: Account) -> None:
    if not may_import(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以导入数据"))])


def _check_state(file: ImportFile, wanted: str) -> None:
    file.refresh_from_db(fields=["state"])
    if file.state != wanted:
        said = {"state": file.get_state_display(), "wanted": ImportState(wanted).label}
        message = _("该文件现为“%(state)s”，只有“%(wanted)s”的文件可以这样办理") % said
        raise NotPossible([Refusal("state", message, remedy=_("请刷新页面查看最新状态"))])


@transaction.atomic
def _ask(file: ImportFile, after: str, kind: str, *, actor: Account, at: datetime, **fields: bool) -> ImportFile:
    """Of two who ask at once, one is told the new state."""
    before = file.state
    if not ImportFile.objects.filter(pk=file.pk, state=before).update(state=after, refusals=[], **fields):
        _check_state(file, before)
    job = queue_job(kind, owner=actor, at=at, arguments={"file": file.pk})
    ImportFile.objects.filter(pk=file.pk).update(job=job)
    file.refresh_from_db()
    return file
