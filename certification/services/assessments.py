"""What stands beside the experts' scores: the enterprise's own assessment (企业自评), and visits (现场核查)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import SALT_BYTES
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Application, ScoreSheet, SelfScore, SiteVisit
from ..rights import reviewer_at_level
from ..scoring import points_of, points_refusals
from ..stages import STAGES, WITH_PANEL, Status
from .applications import check_editable
from .batches import field_label
from .entering import batch_entered
from .panel_records import record_panel
from .sheets import items_of

MOST_REMARK, MOST_VISITORS, MOST_FINDINGS = 300, 200, 2000


def sheet_for(application: Application, *, on: date) -> ScoreSheet | None:
    """The sheet by which an application is (or, before its submission, would be) scored."""
    batch = application.batch or batch_entered(application.stage, enterprise=application.enterprise_id, on=on)
    return batch.sheet if batch else None


def sheet_to_assess(application: Application, *, on: date) -> ScoreSheet:
    """As sheet_for; NotPossible where there is none."""
    found = sheet_for(application, on=on)
    if found is None:
        remedy = _("请在批次的申报窗口期内填写")
        raise NotPossible([Refusal("no_sheet", _("现在没有可供自评的评分表"), remedy=remedy)])
    return found


@transaction.atomic
def assess_oneself(
    application: Application, given: Mapping[str, tuple[object, str]], *, actor: Account, at: datetime
) -> None:
    """Keep what the enterprise gives itself, item by item; while it may fill in its application.

    Raises NotAllowed, NotPossible (submitted; no batch is open), Refused (points that cannot be given).
    """
    row = Application.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=application.pk)
    check_editable(row, actor)
    sheet = sheet_to_assess(row, on=timezone.localdate(at))
    if found := _self_refusals(sheet, given):
        raise Refused(found)
    SelfScore.objects.filter(application=row).delete()
    SelfScore.objects.bulk_create(
        SelfScore(
            application=row,
            item=item,
            points=points_of(given[item.code][0]) or Decimal(0),
            remark=given[item.code][1].strip(),
            salt=secrets.token_hex(SALT_BYTES),
        )
        for item in sheet.items.all()
        if item.code in given
    )
    record_panel(Verb.SELF_ASSESSED, row, {"items": len(given)}, actor=actor, at=at)


def _self_refusals(sheet: ScoreSheet, given: Mapping[str, tuple[object, str]]) -> list[Refusal]:
    items = {item.code: item for item in items_of(sheet)}
    found = []
    for code, (points, remark) in given.items():
        if code not in items:
            message = _("评分表中没有评分项“%(code)s”") % {"code": code}
            found.append(Refusal("item_unknown", message, field=f"scores.{code}", remedy=_("请使用评分表中的代码")))
            continue
        found += points_refusals(items[code], points)
        if len(remark) > MOST_REMARK:
            said = {"item": items[code].title, "most": MOST_REMARK, "count": len(remark)}
            message = _("“%(item)s”的文字最多 %(most)s 字，现为 %(count)s 字") % said
            found.append(Refusal("too_long", message, field=f"scores.{code}.remark", remedy=_("请精简")))
    return found


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it is told."""

    visited_on: date
    visitors: str
    findings: str


@transaction.atomic
def record_visit(application: Application, visit: Visit, *, actor: Account, at: datetime) -> SiteVisit:
    """Put a visit on record, by the level that has the application. Raises NotAllowed, NotPossible, Refused."""
    row = Application.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=application.pk)
    if not reviewer_at_level(actor, row):
        raise NotAllowed([Refusal("not_allowed", _("只有正在办理该申报的审核员可以记录现场核查"))])
    if not STAGES[row.stage].has_panel or row.status not in (Status.ACCEPTED, *WITH_PANEL):
        raise NotPossible([Refusal("not_possible", _("该申报现在不能记录现场核查"), field="visited_on")])
    if found := _visit_refusals(visit, timezone.localdate(at)):
        raise Refused(found)
    made = SiteVisit.objects.create(
        application=row,
        visited_on=visit.visited_on,
        visitors=visit.visitors.strip(),
        findings=visit.findings.strip(),
        salt=secrets.token_hex(SALT_BYTES),
        recorded_at=at,
        recorded_by=actor,
    )
    record_panel(Verb.SITE_VISITED, row, {"on": str(visit.visited_on)}, actor=actor, at=at)
    return made


def _visit_refusals(visit: Visit, today: date) -> list[Refusal]:
    found = []
    if visit.visited_on > today:
        message = _("核查日期 %(day)s 晚于今天") % {"day": visit.visited_on}
        found.append(Refusal("visit_ahead", message, field="visited_on", remedy=_("请在核查之后记录")))
    for name, most in (("visitors", MOST_VISITORS), ("findings", MOST_FINDINGS)):
        words = getattr(visit, name).strip()
        if not 0 < len(words) <= most:
            said = {"name": field_label(SiteVisit, name), "most": most, "count": len(words)}
            message = _("%(name)s应为 1 至 %(most)s 字，现为 %(count)s 字") % said
            found.append(Refusal("words_length", message, field=name, remedy=_("请填写并精简")))
    return found
