"""Files of a certificate: its scan, and the look-up in the national register with its screenshot (查询核对)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files import File
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal, Refused
from ..models import Certificate, CertificateFile, Evidence, LookupCheck
from ..models.certificate import FileKind, LookupResult
from ..papers.uploads import CheckedFile
from .certificates import check_right, subject_of
from .filing import columns_of, looked_at, named, stored

SCAN_PAPER = "certificate_scan"  # the paper of an application that is the certificate itself
MAX_NOTE = 200
PDF = "application/pdf"
VERBS = {FileKind.SCAN: Verb.CERTIFICATE_FILED, FileKind.LOOKUP: Verb.CERTIFICATE_LOOKED_UP}


def file_scan(certificate: Certificate, upload: "File[bytes]", *, actor: Account, at: datetime) -> CertificateFile:
    """Keep the scan of a certificate, a PDF; the latest one is shown, the earlier ones stay."""
    check_right(actor, certificate.enterprise)
    checked = looked_at(upload)
    if checked.media_type != PDF:
        message = _("文件“%(name)s”不是 PDF") % {"name": checked.filename}
        raise Refused([Refusal("file_type", message, field="file", remedy=_("请上传证书的 PDF 扫描件"))])

    return stored(checked, lambda key: _filed(certificate, Paper(key, FileKind.SCAN, checked), actor=actor, at=at))


def look_up(
    certificate: Certificate, result: str, upload: "File[bytes] | None", *, note: str, actor: Account, at: datetime
) -> LookupCheck:
    """Somebody held the certificate against the national look-up; the screenshot is kept."""
    check_right(actor, certificate.enterprise)
    if found := _lookup_refusals(result, upload, note.strip()):
        raise Refused(found)
    checked, (salt, said) = looked_at(upload), commitment(note.strip())

    def write(key: uuid.UUID) -> LookupCheck:
        paper = Paper(key, FileKind.LOOKUP, checked, {"result": result, "said": said})
        shown = _filed(certificate, paper, actor=actor, at=at)
        return LookupCheck.objects.create(
            certificate=certificate, result=result, note=note.strip(), salt=salt, screenshot=shown, actor=actor, at=at
        )

    return stored(checked, write)


def scan_of(certificate: Certificate) -> CertificateFile | Evidence | None:
    """The scan on file: the latest kept with the certificate, or the paper of the application that it came with."""
    kept = CertificateFile.objects.filter(certificate=certificate, kind=FileKind.SCAN).order_by("-uploaded_at").first()
    if kept is not None:
        return kept
    papers = Evidence.objects.on_file().filter(application__achievement__certificate=certificate)
    return papers.filter(requirement=SCAN_PAPER, media_type=PDF).order_by("-uploaded_at").first()


def _lookup_refusals(result: str, upload: "File[bytes] | None", note: str) -> list[Refusal]:
    found = []
    if result not in LookupResult.values:
        message, allowed = _("查询结果“%(result)s”不存在") % {"result": result}, _("、").join(LookupResult.values)
        remedy = _("可用的值：%(results)s") % {"results": allowed}
        found.append(Refusal("result_unknown", message, field="result", remedy=remedy))
    if upload is None:
        found.append(Refusal("file_missing", _("缺查询截图"), field="file", remedy=_("请上传查询页面的截图")))
    if len(note) > MAX_NOTE:
        message = _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字")
        told = {"label": _("说明"), "limit": MAX_NOTE, "count": len(note)}
        found.append(Refusal("too_long", message % told, field="note", remedy=_("请精简后再填")))
    return found


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked file that is kept under a key; `codes`: what the ledger says beside its digest."""

    key: uuid.UUID
    kind: FileKind
    file: CheckedFile
    codes: dict[str, str] = field(default_factory=dict)


def _filed(certificate: Certificate, paper: Paper, *, actor: Account, at: datetime) -> CertificateFile:
    row = Certificate.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=certificate.pk)
    if row.is_annulled:
        raise NotPossible([Refusal("annulled", _("该证书系录入错误，已注销"))])
    kept = CertificateFile(certificate=row, kind=paper.kind, **columns_of(paper.key, paper.file, actor=actor, at=at))
    codes = {**paper.codes, "sha256": kept.sha256, "file": named(kept)}
    fact = Fact(VERBS[paper.kind], subject_of(row), codes, enterprise=row.enterprise.uscc)
    kept.ledger_number = record(fact, actor=actor.as_actor(), at=at).number
    kept.save(force_insert=True)
    return kept
