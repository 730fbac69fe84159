"""Keeping the rules of a year (规则年度) until the first application is submitted under them.

From then on nothing in a rulebook changes; next year's begins as a copy of it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows, differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Application, DocumentWording, Rulebook, StageRule
from .rule_checks import check_stage_rule
from .rulebooks import content_of, subject_of

PARTS = ("route", "waits", "fields", "evidence", "panel")
NO_ROWS = Rows()


@transaction.atomic
def keep_rulebook(book: Rulebook, *, stages: Rows = NO_ROWS, actor: Account, at: datetime) -> Rulebook:
    """Write a rulebook with the changed stage rules of it, and one ledger entry.

    Raises NotAllowed, NotPossible (frozen), Refused (days the wrong way round, or a first day that is not ahead).
    """
    before = _locked(book.pk, actor)
    if book.in_force_to and book.in_force_to < book.in_force_from:
        raise Refused([Refusal("rulebook_turned", _("停用日早于启用日"), field="in_force_to")])
    if before is None or before.in_force_from != book.in_force_from:
        check_start(book.in_force_from, today=timezone.localdate(at))
    fields = [*differing(book), *stages.differing()]
    book.save()
    stages.write(rulebook=book)
    for rule in book.stage_rules.all():
        check_stage_rule(rule)
    _record(book, actor, at, fields, instead_of=subject_of(before) if before else "")
    return book


@transaction.atomic
def drop_rulebook(book: Rulebook, *, actor: Account, at: datetime) -> None:
    """Remove a rulebook under which nothing was opened."""
    before = _locked(book.pk, actor)
    if before is None or Application.objects.filter(rule__rulebook=before).exists():
        raise NotPossible([Refusal("rulebook_in_use", _("已有申报按该规则建立，不能删除"))])
    before.delete()
    _record(before, actor, at, ["removed"])


@transaction.atomic
def keep_stage_rule(rule: StageRule, *, parts: Rows = NO_ROWS, actor: Account, at: datetime) -> StageRule:
    """Write what a stage asks for, with the changed rows of it, and one ledger entry of its rulebook.

    Raises NotAllowed, NotPossible (frozen), Refused (rows that cannot be worked with, see rule_checks.py).
    """
    left = StageRule.objects.filter(pk=rule.pk).exclude(rulebook=rule.rulebook_id).first() if rule.pk else None
    books = [_locked(pk, actor) for pk in sorted({rule.rulebook_id, *([left.rulebook_id] if left else [])})]
    fields = [*differing(rule), *parts.differing()]
    rule.save()
    parts.write(rule=rule)
    check_stage_rule(rule)
    for book in filter(None, books):
        _record(book, actor, at, [rule.stage, *fields])
    return rule


@transaction.atomic
def drop_stage_rule(rule: StageRule, *, actor: Account, at: datetime) -> None:
    """Take a stage out of a rulebook."""
    book = _locked(rule.rulebook_id, actor)
    if book is None or Application.objects.filter(rule=rule).exists():
        raise NotPossible([Refusal("rulebook_in_use", _("已有申报按该规则建立，不能删除"))])
    rule.delete()
    _record(book, actor, at, [rule.stage, "removed"])


@transaction.atomic
def copy_rulebook(book: Rulebook, *, in_force_from: date, actor: Account, at: datetime) -> Rulebook:
    """A new, editable rulebook with the same content, in force from a later day on."""
    check_right(actor)
    check_start(in_force_from, today=timezone.localdate(at))
    if Rulebook.objects.filter(in_force_from=in_force_from).exists():
        message = _("自 %(day)s 起启用的规则年度已存在") % {"day": in_force_from}
        raise Refused([Refusal("rulebook_exists", message, field="in_force_from")])
    copy = Rulebook.objects.create(
        year=in_force_from.year,
        title=book.title.replace(str(book.year), str(in_force_from.year)),
        basis=book.basis,
        in_force_from=in_force_from,
    )
    for rule in book.stage_rules.order_by("id"):
        copy_stage(rule, copy)
    _record(copy, actor, at, ["copied"])
    return copy


def frozen_reason() -> str:
    return _(
        "该规则年度已有申报提交，规则已冻结，不再变更；下一年度的规则请从“复制为下一年度”建立，缺少的阶段请以新版本补充"
    )


def rulebook_contents(*books: Rulebook) -> dict[str, Any]:
    """What each rulebook says, by its subject; of all without books. Menus are the editions' own."""
    return {subject_of(book): _said(book) for book in (books or Rulebook.objects.all())}


def _said(book: Rulebook) -> dict[str, Any]:
    content = content_of(book)
    guidance = dict(book.stage_rules.values_list("stage", "guidance"))
    stages = [
        {name: part for name, part in stage.items() if name not in ("modules", "minimum")}
        | {"guidance": guidance[stage["stage"]]}
        for stage in content["stages"]
    ]
    said = {**content, "stages": stages, "title": book.title, "basis": book.basis, "to": str(book.in_force_to or "")}
    papers = _papers(book)
    return {**said, "papers": papers} if papers else said  # older entries of a rulebook without any say nothing of them


def _papers(book: Rulebook) -> list[list[Any]]:
    """In which words its papers are issued, in order."""
    columns = ("kind", "level", "prefix", "issuing_body", "clause", "title", "body", "valid_months", "version")
    rows = DocumentWording.objects.filter(rule__rulebook=book).order_by("rule__stage", "kind", "level")
    return [list(row) for row in rows.values_list("rule__stage", *columns)]


def check_start(day: date, *, today: date) -> None:
    """Rules begin in time to be filled in, and never for what has been applied for already."""
    if day <= today:
        message = _("启用日 %(day)s 不晚于今天 %(today)s") % {"day": day, "today": today}
        raise Refused([Refusal("rulebook_start", message, field="in_force_from", remedy=_("请填今天以后的日期"))])


def check_right(actor: Account) -> None:
    if not may_edit_rulebooks(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更规则年度"))])


def _locked(pk: int | None, actor: Account) -> Rulebook | None:
    """The rulebook as it was, locked; None for a new one."""
    check_right(actor)
    book = Rulebook.objects.select_for_update().filter(pk__in=[pk] if pk else []).first()
    if book and book.is_frozen:
        raise NotPossible([Refusal("rulebook_frozen", frozen_reason())])
    return book


def _record(book: Rulebook, actor: Account, at: datetime, fields: Sequence[str], *, instead_of: str = "") -> None:
    """One entry; `instead_of` is the name that the rulebook had before its year or first day was changed."""
    subject = subject_of(book)
    renamed = {"instead_of": instead_of} if instead_of not in ("", subject) else {}

    def read() -> Any:
        found = Rulebook.objects.filter(year=book.year, in_force_from=book.in_force_from).first()
        return _said(found) if found else None

    entry = record_content(Verb.RULEBOOK_CHANGED, subject, read, actor=actor.as_actor(), at=at, codes=renamed)
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)


def copy_stage(rule: StageRule, book: Rulebook) -> None:
    stage = StageRule.objects.create(
        rulebook=book, stage=rule.stage, basis=rule.basis, guidance=rule.guidance, edition=rule.edition
    )
    for part in PARTS:
        rows = getattr(rule, part)
        rows.model.objects.bulk_create(
            rows.model(rule=stage, **model_to_dict(row, exclude=["id", "rule"])) for row in rows.all()
        )
    DocumentWording.objects.bulk_create(
        DocumentWording(rule=stage, **model_to_dict(row, exclude=["id", "rule"])) for row in rule.documents.all()
    )
