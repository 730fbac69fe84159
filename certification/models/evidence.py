"""Evidence (佐证材料): a file on disk under a random name, and the row that knows its digest."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import EvidenceQuerySet


class Evidence(models.Model):
    """An uploaded paper. Rows are withdrawn, never deleted, once the application was submitted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="evidence"
    )
    requirement = models.CharField(_("材料要求"), max_length=40)
    filename = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("上传人"), related_name="+")
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("佐证材料")
        verbose_name_plural = _("佐证材料")
        ordering = ["uploaded_at"]
        indexes = [models.Index(fields=["application", "requirement"], name="evidence_requirement")]

    def __str__(self) -> str:
        return self.filename
