"""Histories as they are answered."""

from collections.abc import Callable, Sequence
from typing import Any

from certification.history.changes import Shown, shown_application_change, shown_enterprise_change
from certification.history.compared import Comparison
from certification.models import Decision
from certification.services.rulebooks import Rules
from enterprises.models import Account, EnterpriseChange

from ..labels import moment


def enterprise_edit(reader: Account) -> Callable[[EnterpriseChange], dict[str, Any]]:
    def answer(change: EnterpriseChange) -> dict[str, Any]:
        shown = shown_enterprise_change(change, reader)
        what = {"field": change.field, "field_display": shown.what, "ledger_number": shown.ledger_number}
        return {**_whence(shown), **what, "before": shown.before, "after": shown.after}

    return answer


def application_edit(rules: Rules, reader: Account) -> Callable[[Any], dict[str, Any]]:
    def answer(change: Any) -> dict[str, Any]:
        shown = shown_application_change(change, rules, reader)
        return {
            **_whence(shown),
            "part": change.part,
            "part_display": shown.part,
            "item": change.code,
            "item_display": shown.what,
            "before": shown.before,
            "after": shown.after,
            "times": shown.times,
            "first_at": moment(shown.first_at),
            "round": change.round,
        }

    return answer


def _whence(shown: Shown) -> dict[str, Any]:
    return {
        "at": moment(shown.at),
        "actor_display": shown.who,
        "role_display": shown.role,
        "channel": shown.channel,
        "channel_display": shown.channel_name,
        "address": shown.address or None,
    }


def comparison(known: Sequence[Decision], numbers: tuple[int, int] | None, found: Comparison | None) -> dict[str, Any]:
    listed = [{"number": number, "at": moment(each.at)} for number, each in enumerate(known, start=1)]
    return {
        "submissions": listed,
        "earlier": listed[numbers[0] - 1] if numbers else None,
        "later": listed[numbers[1] - 1] if numbers else None,
        "fields": [
            {"field": each.code, "field_display": each.label, "before": each.before, "after": each.after}
            for each in (found.fields if found else ())
        ],
        "modules_added": _modules(found.modules_added if found else ()),
        "modules_dropped": _modules(found.modules_dropped if found else ()),
        "evidence": [
            {
                "requirement": each.code,
                "requirement_display": each.label,
                "taken_off": list(each.taken_off),
                "added": list(each.added),
            }
            for each in (found.papers if found else ())
        ],
    }


def _modules(found: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "title": title} for code, title in found]
