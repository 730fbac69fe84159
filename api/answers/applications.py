"""Applications as they are answered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from certification.ledger_words import ROLES as ACTING_ROLES
from certification.models import Application, Decision, Evidence
from certification.queries import content_shown, history
from certification.rights import ROLE_OF_LEVEL, applicant_of
from certification.services.door import allowed_moves
from certification.services.dossiers import missing_for
from certification.services.rulebooks import Rules, rules_for
from certification.stages import STAGES, WITH_APPLICANT, WITH_REVIEWER, Move
from certification.wording import named, worded
from enterprises.models import Account
from enterprises.roles import Role

from .. import problems
from ..labels import action_names, level_name, moment, programme_name, stage_name, status_name
from .enterprises import unit_name

ROW = {
    "uscc": F("enterprise__uscc"),
    "enterprise_name": F("enterprise__name"),
    "batch_code": F("batch__code"),
    "edition": F("rule__edition"),
    "edition_title": F("rule__edition__title"),
    "township_name": F("township__name"),
}


def listed(rows: QuerySet[Application]) -> QuerySet[Any]:
    """What a list row is made of, straight from the database."""
    return rows.values(
        "id",
        "number",
        "stage",
        "round",
        "status",
        "level",
        "due_on",
        "correct_by",
        "township",
        "reporting_unit",
        "created_at",
        "submitted_at",
        "closed_at",
        "version",
        **ROW,
        unit_name=F(f"reporting_unit__{unit_name()}"),
    )


def row_on(day: date) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Makes a listed row the answer's row, as it stands on a day."""

    def worded_row(row: dict[str, Any]) -> dict[str, Any]:
        programme = STAGES[row["stage"]].programme.value
        return {
            "number": row["number"],
            "enterprise": row["uscc"],
            "enterprise_display": row["enterprise_name"],
            "programme": programme,
            "programme_display": programme_name(programme),
            "stage": row["stage"],
            "stage_display": stage_name(row["stage"]),
            "edition": row["edition"],
            "edition_display": row["edition_title"] or "",
            "round": row["round"],
            "batch": row["batch_code"],
            "status": row["status"],
            "status_display": status_name(row["status"]),
            "step": _step(row, day),
            "township": row["township"],
            "township_display": row["township_name"],
            "reporting_unit": row["reporting_unit"],
            "reporting_unit_display": row["unit_name"],
            "created_at": moment(row["created_at"]),
            "submitted_at": moment(row["submitted_at"]),
            "closed_at": moment(row["closed_at"]),
            "version": row["version"],
        }

    return worded_row


def _step(row: dict[str, Any], day: date) -> dict[str, Any] | None:
    """Null for a draft and for what is closed."""
    if not row["level"] or row["closed_at"]:
        return None
    role = ROLE_OF_LEVEL[row["level"]]
    late = row["due_on"] is not None and row["due_on"] < day
    return {
        "level": row["level"],
        "level_display": level_name(row["level"]),
        "role": role,
        "role_display": str(Role(role).label),
        "due_on": row["due_on"],
        "overdue": late and row["status"] in WITH_REVIEWER,
        "correct_by": row["correct_by"],
    }


def full(number: str, *, to: Account, on: date) -> dict[str, Any]:
    """One application, within the account's sight, with everything on file."""
    visible = Application.objects.visible_to(to).filter(number=number)
    row = listed(visible).get()
    application = visible.select_related("enterprise__township").get()
    rules, content = rules_for(application, on=on), content_shown(application, to)
    moves = allowed_moves(application, to, rules=rules, on=on)
    return {
        **row_on(on)(row),
        "fields": content.fields,
        "modules": content.modules,
        "modules_display": _module_names(content.modules, rules),
        "evidence": [evidence(file, rules) for file in content.evidence],
        "missing": _missing(application, rules, on) if applicant_of(to, application) else [],
        **_actions(moves),
        "history": [_move(decision) for decision in history(application)],
    }


def _module_names(chosen: list[str], rules: Rules) -> list[str]:
    edition = rules.row.edition
    names = {m.code: worded((m.title, m.title_en)) for m in edition.modules.all()} if edition else {}
    return [names.get(code, code) for code in chosen]


def _missing(application: Application, rules: Rules, on: date) -> list[dict[str, str]]:
    if application.status not in WITH_APPLICANT:
        return []
    return [problems.reason(refusal) for refusal in missing_for(application, rules, on=on)]


def _actions(moves: list[Move]) -> dict[str, list[str]]:
    return {
        "allowed_actions": [move.action for move in moves],
        "allowed_actions_display": [named(move) for move in moves],
    }


def evidence(file: Evidence, rules: Rules) -> dict[str, Any]:
    labels = {need.code: need.label for need in rules.rule.evidence}
    return {
        "id": file.pk,
        "requirement": file.requirement,
        "requirement_display": labels.get(file.requirement, file.requirement),
        "filename": file.filename,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "uploaded_at": moment(file.uploaded_at),
        "url": reverse("api-evidence-file", args=[file.pk]),
    }


def _move(decision: Decision) -> dict[str, Any]:
    return {
        "action": decision.action,
        "action_display": action_names()[decision.action],
        "level": decision.level,
        "level_display": level_name(decision.level),
        "from_status": decision.from_status,
        "from_status_display": status_name(decision.from_status),
        "to_status": decision.to_status,
        "to_status_display": status_name(decision.to_status),
        "role": decision.role,
        "role_display": str(ACTING_ROLES[decision.role]),
        "at": moment(decision.at),
        "comment": decision.comment,
        "defects": decision.defects,
        "correct_by": decision.correct_by,
        "ledger_number": decision.ledger_number,
        "channel": decision.channel,
        "channel_display": decision.get_channel_display(),
    }
