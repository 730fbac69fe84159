"""Putting evidence on file (佐证材料) and taking it off again."""

import hashlib
import uuid
from datetime import date, datetime

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account

from ..errors import NotPossible, Refusal, refuse
from ..history.edits import keep_paper
from ..models import Application, CertificateFile, Evidence
from ..models.inputs import InputPaper
from ..papers import store
from ..papers.uploads import check_size, check_upload
from .applications import check_editable
from .kept_files import content_on_file
from .rulebooks import rules_for


def attach(
    application: Application, *, requirement: str, filename: str, content: bytes, actor: Account, at: datetime
) -> Evidence:
    """Keep a file as evidence for one of the papers that the rule asks for.

    Raises Refused (type, size, content), NotPossible (already submitted), NotAllowed.
    """
    checked = check_upload(filename, content, max_bytes=settings.EVIDENCE_MAX_BYTES)
    key = uuid.uuid4()
    store.write(key, checked.content)
    try:
        with transaction.atomic():
            row = _locked(application, actor)
            _check_requirement(row, requirement, on=timezone.localdate(at))
            paper = Evidence.objects.create(
                id=key,
                application=row,
                requirement=requirement,
                filename=checked.filename,
                media_type=checked.media_type,
                size=len(checked.content),
                sha256=hashlib.sha256(checked.content).hexdigest(),
                uploaded_at=at,
                uploaded_by=actor,
            )
            keep_paper(row, paper, is_new=True, actor=actor, at=at)
            return paper
    except Exception:
        store.discard(key)
        raise


def attach_upload(
    application: Application, *, requirement: str, upload: "File[bytes]", actor: Account, at: datetime
) -> Evidence:
    """Keep an uploaded file as evidence; one that is too large is refused before it is read."""
    name = upload.name or ""
    check_size(name, upload.size, max_bytes=settings.EVIDENCE_MAX_BYTES)
    return attach(application, requirement=requirement, filename=name, content=upload.read(), actor=actor, at=at)


def content_of(evidence: Evidence | CertificateFile | InputPaper) -> bytes:
    """The file's bytes as they were put on file. Raises NotPossible when they are gone or altered."""
    return content_on_file(evidence)


@transaction.atomic
def take_off(evidence: Evidence, *, actor: Account, at: datetime) -> None:
    """Take a paper off the file; the row and the file stay, since a reviewer may have seen it."""
    row = _locked(evidence.application, actor)
    taken = Evidence.objects.filter(pk=evidence.pk, withdrawn_at__isnull=True).update(withdrawn_at=at)
    if not taken:
        raise NotPossible([Refusal("already_withdrawn", _("该材料已撤下"))])
    keep_paper(row, evidence, is_new=False, actor=actor, at=at)


def _locked(application: Application, actor: Account) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    check_editable(row, actor)
    Application.objects.filter(pk=row.pk).update(version=row.version + 1)
    return row


def _check_requirement(row: Application, requirement: str, *, on: date) -> None:
    needs = {need.code for need in rules_for(row, on=on).rule.evidence}
    if requirement not in needs:
        message = _("材料项“%(code)s”不属于本申报") % {"code": requirement}
        raise refuse("requirement_unknown", message, field="requirement")
    on_file = Evidence.objects.on_file().filter(application=row, requirement=requirement).count()
    if on_file >= settings.EVIDENCE_MAX_FILES:
        message = _("每项材料最多 %(limit)s 个文件") % {"limit": settings.EVIDENCE_MAX_FILES}
        raise refuse("too_many_files", message, field="file")
