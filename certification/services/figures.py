"""Yearly figures (年度数据): stated by the enterprise itself, each time as a new version on record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from ledger.canonical import commitment
from ledger.contents import content_digest
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, Refusal, Refused, Stale
from ..inputs.figure_rules import (
    ItemRule,
    KnownFigures,
    StatedFigures,
    read,
    swinging,
    unexplained,
    wrong_with_figures,
)
from ..models import Application, FigureItem, FigureValue, YearFigures
from ..rights import may_state_figures
from ..stages import STAGES
from ..wording import named
from .input_facts import locked

USING = tuple(stage.code for stage in STAGES.values() if stage.uses_figures)


def state_figures(
    enterprise: Enterprise, said: StatedFigures, *, version: int | None, actor: Account, at: datetime
) -> YearFigures:
    """Keep the figures of a year as a new version. `version`: the one that the person looked at (0: none there yet).

    Raises NotAllowed, Stale, Duplicate, Refused: what cannot be, all at once; then what is to be explained.
    """
    if not may_state_figures(actor, enterprise):
        raise NotAllowed([Refusal("not_allowed", _("年度数据只能由企业自己填报"))])
    said = _plain(said)
    try:
        with transaction.atomic():
            owner = locked(enterprise)
            last = latest(owner, said.year)
            _check_version(last, version)
            values = _checked(said, known_for(owner, said.year, at=at))
            return _written(owner, said, values, last, actor=actor, at=at)
    except IntegrityError as error:
        remedy = _("刷新页面，查看最新状态")
        raise Duplicate([Refusal("stated_twice", _("该年度数据刚刚已由他人填报"), remedy=remedy)]) from error


def _plain(said: StatedFigures) -> StatedFigures:
    explained = {code: text.strip() for code, text in said.explained.items() if text.strip()}
    return replace(said, explained=explained, why=said.why.strip())


def _check_version(last: YearFigures | None, version: int | None) -> None:
    there = last.version if last else 0
    if version is not None and version != there:
        told = {"there": there, "version": version}
        message = _("该年度数据已是第 %(there)s 版，您看到的是第 %(version)s 版") % told
        raise Stale([Refusal("stale", message, field="version", remedy=_("刷新页面后重新填写"))])


def _checked(said: StatedFigures, known: KnownFigures) -> dict[str, Decimal]:
    values, found = read(said, known.items)
    found += wrong_with_figures(said, values, known)
    if found or (found := unexplained(said, values, known)):
        raise Refused(found)
    return values


def _written(
    owner: Enterprise,
    said: StatedFigures,
    values: Mapping[str, Decimal],
    last: YearFigures | None,
    *,
    actor: Account,
    at: datetime,
) -> YearFigures:
    row = YearFigures(enterprise=owner, year=said.year, version=last.version + 1 if last else 1, is_latest=True)
    row.why, row.stated_at, row.stated_by = said.why, at, actor
    rows = [FigureValue(figures=row, item_id=code, value=value) for code, value in values.items()]
    for each in rows:
        each.explained = said.explained.get(each.item_id, "")
    row.salt = commitment("")[0]
    row.ledger_number = record(stated_fact(row, rows), actor=actor.as_actor(), at=at).number
    if last:
        YearFigures.objects.filter(pk=last.pk).update(is_latest=None)
    row.save(force_insert=True)
    FigureValue.objects.bulk_create(rows)
    return row


def stated_fact(row: YearFigures, values: list[FigureValue]) -> Fact:
    """What the ledger says of a version: the digest of its values, and what stands for its words."""
    plain = {each.item_id: f"{Decimal(each.value).quantize(Decimal('0.0001')):f}" for each in values}
    words = [row.why, *(f"{each.item_id} {each.explained}" for each in _by_item(values))]
    said = commitment("\n".join(words), salt=row.salt)[1]
    payload = {"year": row.year, "version": row.version, "digest": content_digest(plain), "said": said}
    subject = f"figures:{row.enterprise.uscc}:{row.year}"
    return Fact(Verb.FIGURES_STATED, subject, payload, enterprise=row.enterprise.uscc)


def _by_item(values: list[FigureValue]) -> list[FigureValue]:
    return sorted(values, key=lambda each: each.item_id)


def latest(enterprise: Enterprise, year: int) -> YearFigures | None:
    """The version in force of a year."""
    return YearFigures.objects.filter(enterprise=enterprise, year=year, is_latest=True).first()


def values_of(row: YearFigures | None) -> dict[str, Decimal]:
    """What a version says, by item; nothing where there is none."""
    return dict(FigureValue.objects.filter(figures=row).values_list("item", "value")) if row else {}


def known_for(enterprise: Enterprise, year: int, *, at: datetime) -> KnownFigures:
    """What a statement of a year is held against."""
    items = {row.pk: rule_of(row) for row in FigureItem.objects.filter(is_active=True)}
    this_year = timezone.localdate(at).year
    before = values_of(latest(enterprise, year - 1))
    return KnownFigures(this_year, settings.EARLIEST_ACHIEVEMENT.year, items, before, used_by(enterprise, year))


def rule_of(row: FigureItem) -> ItemRule:
    return ItemRule(named(row), row.unit, row.decimals, row.most, row.part_of_id, row.swing)


def used_by(enterprise: Enterprise, year: int) -> str:
    """The first application that was submitted on the strength of the version in force; empty: none was."""
    row = latest(enterprise, year)
    if row is None:
        return ""
    numbers = Application.objects.filter(enterprise=enterprise, stage__in=USING, submitted_at__gte=row.stated_at)
    return numbers.order_by("submitted_at").values_list("number", flat=True).first() or ""


def figures_at(enterprise: Enterprise, *, at: datetime) -> dict[int, YearFigures]:
    """The version of each year that was in force at a moment: what an application submitted then rests on."""
    rows = YearFigures.objects.filter(enterprise=enterprise, stated_at__lte=at).order_by("year", "version")
    return {row.year: row for row in rows}


def stated_for(applications: Sequence[Application], year: int) -> dict[int, dict[str, Decimal]]:
    """Of each application (its key) the figures of a year that it rests on, in two questions for all: of the version
    that was in force when it was submitted (figures_at).
    """
    owners = {each.enterprise_id for each in applications}
    versions: dict[int, list[YearFigures]] = {owner: [] for owner in owners}
    for row in YearFigures.objects.filter(enterprise__in=owners, year=year).order_by("version"):
        versions[row.enterprise_id].append(row)
    rests_on = {}
    for each in applications:
        stated = [
            row for row in versions[each.enterprise_id] if each.submitted_at and row.stated_at <= each.submitted_at
        ]
        if stated:
            rests_on[each.pk] = stated[-1].pk
    values: dict[int, dict[str, Decimal]] = {key: {} for key in rests_on.values()}
    for key, item, value in FigureValue.objects.filter(figures__in=values).values_list("figures", "item", "value"):
        values[key][item] = value
    return {application: values[key] for application, key in rests_on.items()}


def swings_of(said: StatedFigures, known: KnownFigures) -> list[str]:
    """The items of a statement that want an explanation."""
    return swinging(read(said, known.items)[0], known)


def figures_payload(row: YearFigures) -> dict[str, Any]:
    """What the ledger says of a version on file."""
    return dict(stated_fact(row, list(row.values.all())).payload)
