"""Opening and filling in applications (申报). A draft is the applicant's own and may be incomplete."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, Refused, StaleStage, refuse
from ..fields import field_refusals, unknown_field
from ..gates import Dossier, modules_chosen, not_already_achieved
from ..history.edits import keep_content
from ..models import Application
from ..numbering import APPLICATION_SERIES, application_number
from ..rights import applicant_of
from ..stages import STAGES, WITH_APPLICANT
from ..values import as_kept
from ..wording import named
from .dossiers import dossier_of
from .rulebooks import Rules, rule_in_force, rules_for
from .series import next_serial


def open_application(
    enterprise: Enterprise, stage: str, *, actor: Account, at: datetime, number: int = 0
) -> Application:
    """Start a draft for a stage, in the round that is next; `number` is the round that was asked for, if one was.

    Raises NotPossible (stage closed, reached already, another round), Duplicate (one is open), NotAllowed.
    """
    if actor.enterprise_id != enterprise.pk:
        raise NotAllowed([Refusal("not_allowed", _("只有企业本人的账户可以建立申报"))])
    day = timezone.localdate(at)
    rules = rule_in_force(stage, on=day)
    coming = _round_asked_for(rules, dossier_of(enterprise, on=day), number)
    try:
        with transaction.atomic():
            row = Application.objects.create(
                number=application_number(day.year, next_serial(APPLICATION_SERIES, day.year)),
                enterprise=enterprise,
                stage=stage,
                round=coming,
                rule=rules.row,
                township_id=enterprise.township_id,
                reporting_unit_id=enterprise.reporting_unit_id,
                modules=[module.code for module in rules.rule.menu if module.obligatory],
                created_at=at,
                created_by=actor,
            )
            record(_opened_fact(row), actor=actor.as_actor(), at=at)
    except IntegrityError as error:
        message = _("“%(stage)s”已有未办结的申报") % {"stage": named(STAGES[stage])}
        remedy = _("请继续办理已有申报")
        raise Duplicate([Refusal("application_open", message, field="stage", remedy=remedy)]) from error
    return row


def _round_asked_for(rules: Rules, dossier: Dossier, number: int) -> int:
    """The round that the draft is for. Raises NotPossible (reached, or not the next), Refused (no rounds here)."""
    if number > 1 and not STAGES[rules.rule.stage].has_rounds:
        words = {"stage": named(STAGES[rules.rule.stage]), "round": number}
        message = _("“%(stage)s”不分轮次，不能申报第 %(round)s 轮") % words
        raise refuse("no_rounds", message, field="round", remedy=_("请不填轮次，或填 1"))
    if achieved := not_already_achieved(rules.rule, replace(dossier, round=number)):
        raise NotPossible(achieved)
    return dossier.next_round(rules.rule.stage)


def _opened_fact(row: Application) -> Fact:
    """What the ledger says of a new draft; the first round goes without saying."""
    payload: dict[str, str | int] = {"stage": row.stage}
    if row.round > 1:
        payload["round"] = row.round
    return Fact(Verb.APPLICATION_OPENED, f"application:{row.number}", payload, enterprise=row.enterprise.uscc)


@transaction.atomic
def save_draft(
    application: Application,
    *,
    fields: Mapping[str, Any] | None = None,
    modules: Iterable[str] | None = None,
    actor: Account,
    at: datetime,
    expected_version: int | None = None,
) -> Application:
    """Keep what was filled in; missing values are fine, wrong ones and unknown keys are refused.

    Only in draft or while returned for correction.
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    check_editable(row, actor)
    if expected_version is not None and row.version != expected_version:
        message = _("该申报已在别处修改，请刷新后再保存")
        raise StaleStage([Refusal("stale", message, remedy=_("刷新页面，核对后重新填写"))])
    rules = rules_for(row, on=timezone.localdate(at))
    new_fields = _as_kept(rules, {**_still_asked(rules, row.fields), **(fields or {})})
    menu = {module.code for module in rules.rule.menu}
    new_modules = _ordered_modules(rules, menu.intersection(row.modules) if modules is None else modules)
    found = _content_refusals(rules, new_fields, new_modules, timezone.localdate(at))
    if found:
        raise Refused(found)
    keep_content(row, new_fields, new_modules, actor=actor, at=at)
    row.fields, row.modules, row.version = new_fields, new_modules, row.version + 1
    row.save(update_fields=["fields", "modules", "version"])
    return row


def check_editable(row: Application, actor: Account) -> None:
    """Only the enterprise itself, only in draft or while returned."""
    if not applicant_of(actor, row):
        raise NotAllowed([Refusal("not_allowed", _("只有企业本人的账户可以修改申报"))])
    if row.status not in [status.value for status in WITH_APPLICANT]:
        remedy = _("需要修改的，请联系审核人员退回补正，或撤回后重新申报")
        raise NotPossible([Refusal("not_editable", _("该申报已提交，不能修改"), remedy=remedy)])


def is_editable(row: Application, actor: Account) -> bool:
    """Whether this person may fill in the application now."""
    try:
        check_editable(row, actor)
    except Refused:
        return False
    return True


def _still_asked(rules: Rules, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft of last year's rules keeps under this year's: the fields that are still asked for."""
    codes = {need.code for need in rules.rule.fields}
    return {code: value for code, value in fields.items() if code in codes}


def _as_kept(rules: Rules, fields: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {need.code: need.kind for need in rules.rule.fields}
    return {code: as_kept(kinds.get(code, ""), value) for code, value in fields.items()}


def _ordered_modules(rules: Rules, chosen: Iterable[str]) -> list[str]:
    """The menu's order, obligatory modules always included; unknown codes last, to be refused."""
    wanted = set(chosen)
    menu = [module.code for module in rules.rule.menu if module.obligatory or module.code in wanted]
    return menu + sorted(wanted - {module.code for module in rules.rule.menu})


def _content_refusals(rules: Rules, fields: Mapping[str, Any], modules: list[str], day: date) -> list[Refusal]:
    """What is wrong with filled-in values; what is merely missing is no refusal for a draft."""
    needs = {need.code: need for need in rules.rule.fields}
    found = []
    for code, value in fields.items():
        if code not in needs:
            found.append(unknown_field(code))
        elif value not in (None, "") and not (value is False and needs[code].kind == "boolean"):
            found.extend(field_refusals(needs[code], value))
    chosen = modules_chosen(rules.rule, Dossier(day=day, modules=frozenset(modules)))
    return found + [refusal for refusal in chosen if refusal.code == "module_unknown"]
