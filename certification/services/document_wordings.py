"""Keeping in which words the papers of a rule are issued (文书样式); part of the rulebook's content on record.

Words are not rules: they are corrected also where the rules are frozen; how long a paper is valid, how it is numbered
and which papers there are then stand still. Each change is a new version, and a paper that was issued keeps the words
it was issued in.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content, record_loaded
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused
from ..models import DocumentWording, Rulebook, StageRule
from ..papers.characters import missing
from ..paperwork import PLACE, PREFIX, WORDS, Kind
from ..stages import STAGES
from .documents import shown_characters
from .rulebook_changes import frozen_reason, rulebook_contents
from .rulebooks import subject_of

DATA = Path(__file__).parent.parent / "data" / "document_wordings.json"
TEXTS = ("issuing_body", "clause", "title", "body")
NAMING = ("rule", "kind", "level")  # what a wording is for: given once
RULED = ("prefix", "valid_months")  # what it decides besides words: stands still with its rulebook
MOST_MONTHS = 240
GROUND = ("total", "pass_line")


@transaction.atomic
def keep_document_wording(row: DocumentWording, *, actor: Account, at: datetime) -> DocumentWording:
    """Write a wording as its next version, and one ledger entry of its rulebook. Raises NotAllowed, Refused."""
    if not may_edit_rulebooks(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更文书样式"))])
    for part in TEXTS:
        setattr(row, part, getattr(row, part).replace("\r\n", "\n").strip())
    book = Rulebook.objects.select_for_update().get(stage_rules=row.rule_id)
    fields = differing(row)
    found = [*document_wording_refusals(row), *_settled_refusals(row, book, fields)]
    if found:
        raise Refused(found)
    before = DocumentWording.objects.filter(pk=row.pk).values_list("version", flat=True).first()
    row.version = (before or 0) + 1
    row.save()
    subject = subject_of(book)
    entry = record_content(
        Verb.RULEBOOK_CHANGED, subject, lambda: rulebook_contents(book)[subject], actor=actor.as_actor(), at=at
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=[row.rule.stage, row.kind, *fields])
    return row


def _settled_refusals(row: DocumentWording, book: Rulebook, fields: Iterable[str]) -> Iterator[Refusal]:
    """What no longer changes: what a wording is for; in frozen rules, everything but its words."""
    if row._state.adding:
        if book.is_frozen:
            yield Refusal("rulebook_frozen", frozen_reason(), field="rule")
        return
    for name in fields:
        if name in NAMING:
            remedy = _("请在相应的阶段规则下新增样式")
            yield Refusal("wording_named", _("样式的阶段、种类和层级不能变更"), field=name, remedy=remedy)
        elif name in RULED and book.is_frozen:
            yield Refusal("rulebook_frozen", frozen_reason(), field=name)


def document_wording_refusals(row: DocumentWording) -> Iterator[Refusal]:
    """What is wrong with a wording: the form of its prefix, empty parts, unknown places, characters without a glyph."""
    if not PREFIX.fullmatch(row.prefix):
        remedy = _("请填 3 至 8 个大写字母，如 CZZS")
        yield Refusal("prefix_form", _("编号前缀“%(prefix)s”不符合格式") % {"prefix": row.prefix}, "prefix", remedy)
    if row.valid_months is not None and not 1 <= row.valid_months <= MOST_MONTHS:
        message = _("有效期 %(months)s 个月超出范围") % {"months": row.valid_months}
        yield Refusal(
            "months_range", message, "valid_months", _("请填 1 至 %(most)s，长期有效的留空") % {"most": MOST_MONTHS}
        )
    for part in TEXTS:
        yield from _text_refusals(part, getattr(row, part))
    if row.kind == Kind.REFUSAL and STAGES[row.rule.stage].has_panel:
        yield from _ground_refusals(row.body)


def _ground_refusals(body: str) -> Iterator[Refusal]:
    """A refusal after an evaluation says its ground."""
    absent = [name for name in GROUND if f"{{{name}}}" not in body]
    if absent:
        names = _("、").join(f"{{{name}}}" for name in absent)
        message = _("有专家评审的阶段，不予通过决定书须写明评审总分和合格线，缺少 %(names)s") % {"names": names}
        yield Refusal("ground_missing", message, field="body", remedy=_("请在正文中加入上述占位符"))


def _text_refusals(part: str, text: str) -> Iterator[Refusal]:
    if not text.strip():
        yield Refusal("wording_missing", _("请填写内容"), field=part)
    if part != "body" and "\n" in text:
        yield Refusal("wording_form", _("含有换行或控制字符"), field=part)
    absent = missing(text.replace("\n", ""))
    if absent:
        message = _("字符 %(characters)s 不在字库中，无法印制") % {"characters": shown_characters(absent)}
        yield Refusal("glyph_missing", message, field=part, remedy=_("请改用其他字"))
    usable = _("、").join(f"{{{name}}}" for name in WORDS)
    remedy = _("该事项可用的占位符：%(names)s") % {"names": usable}
    for name in dict.fromkeys(PLACE.findall(text)):
        if name not in WORDS or part != "body":
            message = _("占位符“%(name)s”不可用于该事项") % {"name": f"{{{name}}}"}
            yield Refusal("placeholder_unknown", message, field=part, remedy=remedy)
    if re.search(r"[{}]", PLACE.sub("", text)):
        yield Refusal("placeholder_form", _("花括号不成对或其中不是占位符"), field=part, remedy=remedy)


@transaction.atomic
def load_document_wordings(*, at: datetime) -> None:
    """The wordings that a rule begins with, where it has none of the kind; those that are there stay."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    loaded = []
    for book in Rulebook.objects.filter(in_force_from__in=data["rulebooks"]).order_by("in_force_from"):
        year = data["rulebooks"][str(book.in_force_from)]
        rules = book.stage_rules.filter(stage__in=data["stages"]).order_by("id")
        clauses, stages = data["clauses"], data["stages"]
        changed = [
            _load(rule, [*data["common"], *stages[rule.stage]], year, clauses.get(rule.stage, rule.basis))
            for rule in rules
        ]
        if any(changed):
            loaded.append(subject_of(book))
    if loaded:
        record_loaded(Verb.RULEBOOK_CHANGED, rulebook_contents(), loaded, at=at)


def add_wordings(rule: StageRule) -> None:
    """The wordings that a new rule begins with, as the product has them for its rulebook's days."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    begun = [day for day in data["rulebooks"] if day <= str(rule.rulebook.in_force_from)]
    year = data["rulebooks"][max(begun, default=min(data["rulebooks"]))]
    if rule.stage in data["stages"]:
        papers = [*data["common"], *data["stages"][rule.stage]]
        _load(rule, papers, year, data["clauses"].get(rule.stage, rule.basis))


def _load(rule: StageRule, papers: list[dict[str, Any]], year: dict[str, str], clause: str) -> bool:
    """Whether anything was missing."""
    given = set(rule.documents.values_list("kind", "level"))
    said = [{"level": "", "clause": clause, **paper} for paper in papers]
    wanted = {(each["kind"], each["level"]): each for each in said}  # a stage's own words before the common ones
    missing_ones = [each for key, each in wanted.items() if key not in given]
    DocumentWording.objects.bulk_create(
        DocumentWording(
            rule=rule,
            issuing_body=year["issuing_body"],
            prefix=year["certificates" if each["kind"] == "certificate" else "letters"],
            **each,
        )
        for each in missing_ones
    )
    return bool(missing_ones)
