"""Next year's rules begin as a copy of this year's (规则年度复制)."""

from datetime import date

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from ..errors import refuse
from ..models import Rulebook, StageRule

PARTS = ("route", "waits", "fields", "evidence")


@transaction.atomic
def copy_rulebook(book: Rulebook, *, in_force_from: date) -> Rulebook:
    """A new, editable rulebook with the same content, in force from a later day on."""
    if Rulebook.objects.filter(in_force_from=in_force_from).exists():
        raise refuse(
            "rulebook_exists", _("自 %(day)s 起启用的规则年度已存在") % {"day": in_force_from}, field="in_force_from"
        )
    copy = Rulebook.objects.create(
        year=in_force_from.year,
        title=book.title.replace(str(book.year), str(in_force_from.year)),
        basis=book.basis,
        in_force_from=in_force_from,
    )
    for rule in book.stage_rules.order_by("id"):
        _copy_stage(rule, copy)
    return copy


def _copy_stage(rule: StageRule, book: Rulebook) -> None:
    stage = StageRule.objects.create(
        rulebook=book, stage=rule.stage, basis=rule.basis, guidance=rule.guidance, edition=rule.edition
    )
    for part in PARTS:
        rows = getattr(rule, part)
        rows.model.objects.bulk_create(
            rows.model(rule=stage, **model_to_dict(row, exclude=["id", "rule"])) for row in rows.all()
        )
