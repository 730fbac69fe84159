"""The guidance of a year toward IP-intensive (培育指导): visits, advisers recommended, what was achieved."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment, text_of
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal, Refused
from ..models import Achievement, Guidance, Organisation
from ..stages import STAGES
from ..title_checks import StatedGuidance, missing, unsound_guidance
from ..title_life import Standing
from .titles import check_right, locked_title, not_held, subject_of


@transaction.atomic
def guide(achievement: Achievement, said: StatedGuidance, *, actor: Account, at: datetime) -> Guidance:
    """Record a step of the guidance of a year. Raises NotAllowed, NotPossible, Refused."""
    check_right(actor, achievement.enterprise)
    today = timezone.localdate(at)
    row, state = locked_title(achievement, on=today)
    # What was done in the year may be recorded after it: a year that is over is no obstacle.
    if not (state.is_held or state.standing is Standing.EXPIRED):
        raise not_held()
    if not STAGES[row.stage].is_yearly:
        message, remedy = _("培育指导只登记在年度培育之下"), _("请先将企业列入当年的密集型培育")
        raise NotPossible([Refusal("not_guided", message, remedy=remedy)])
    adviser = Organisation.objects.advisers().filter(pk=said.organisation).first() if said.organisation else None
    found = [*missing(said), *unsound_guidance(said, since=row.effective_on, until=_last_day(row, today))]
    if said.organisation and adviser is None:
        message = _("所选机构“%(code)s”不是已登记的服务机构") % {"code": said.organisation}
        remedy = _("请从机构名单中选择；名单由市局维护")
        found.append(Refusal("adviser_unknown", message, field="organisation", remedy=remedy))
    if found:
        raise Refused(found)
    texts = {name: getattr(said, name) for name in ("on", "by", "done", "achieved")}
    made = Guidance(achievement=row, organisation=adviser, recorded_at=at, recorded_by=actor, **texts)
    made.salt, _said = commitment(text_of(_texts(made)))
    fact = Fact(Verb.TITLE_GUIDED, subject_of(row), guided_payload(made), enterprise=row.enterprise.uscc)
    made.ledger_number = record(fact, actor=actor.as_actor(), at=at).number
    made.save()
    return made


def _last_day(row: Achievement, today: date) -> date:
    return min(today, date(row.effective_on.year, 12, 31))


def _texts(row: Guidance) -> list[str]:
    return [row.by, row.done, row.achieved]


def guided_payload(row: Guidance) -> dict[str, Any]:
    """What the ledger says of a step of guidance: the day, whom it recommended, what stands for its texts."""
    return {
        "achievement": row.achievement.ledger_number,
        "on": str(row.on),
        "organisation": row.organisation_id or "",
        "said": commitment(text_of(_texts(row)), salt=row.salt)[1],
    }
