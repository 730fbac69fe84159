"""Public notices as they are answered: what they say, and what their draws are repeated from."""

from typing import Any

from django.utils import timezone

from certification.models import NoticeLine, PublicNotice
from certification.panel_views import NoticeView, notice_view
from certification.public_draws import ShownDraw, draws_of, seed_of
from certification.ranked_views import ranking_of

from ..labels import moment, number, stage_name


def row(found: PublicNotice) -> dict[str, Any]:
    return {
        "number": found.number,
        "batch": found.batch.code,
        "title": found.batch.title,
        "stage": found.batch.stage,
        "stage_display": stage_name(found.batch.stage),
        "published_at": moment(found.published_at),
        "ends_on": found.ends_on,
        "appeal_until": found.appeal_until,
        "ledger_number": found.ledger_number,
    }


def notice(found: PublicNotice) -> dict[str, Any]:
    """A notice in full."""
    view, seed = notice_view(found, on=timezone.localdate()), seed_of(found)
    return {
        **row(found),
        "basis": view.basis,
        "notice_days": found.batch.notice_days,
        "phone": found.phone,
        "supervision_phone": found.supervision_phone,
        "passed": [_line(line, view) for line in view.lines],
        "seed": seed.seed,
        "seed_digest": seed.digest,
        "seed_committed_in": seed.committed_in,
        "seed_published_in": seed.published_in,
        "draws": [_draw(each) for each in draws_of(found)],
        "ranking": ranking_of(found),
    }


def _line(line: NoticeLine, view: NoticeView) -> dict[str, Any]:
    return {
        "application": line.application.number,
        "enterprise": line.application.enterprise.uscc,
        "enterprise_display": line.application.enterprise.name,
        "total": number(line.result.total if line.points is None else line.points),
        "place": line.place,
        "grade": line.result.grade,
        "grade_display": line.result.get_grade_display(),
        "stands": line.pk not in view.fallen,
    }


def _draw(draw: ShownDraw) -> dict[str, Any]:
    said = {name: getattr(draw, name) for name in ("application", "sitting", "ledger_number", "field", "experts")}
    return {**said, "order": list(draw.order), "drawn": list(draw.drawn)}
