"""Ranked batches as they are answered, and as they are asked for."""

from decimal import Decimal
from typing import Any

from certification.models import Batch, LateEntry
from certification.ranked_views import KIND_WORDS, LEFT_WORDS, WHY_WORDS, RankedLine, RankedView, Tried
from certification.selection.eligibility import Asked, Kind
from certification.selection.robustness import Shift
from certification.selection.settings import Setting, setting_content
from certification.selection.simulation import End
from certification.selection.terms import BatchRules
from certification.services.recommendations import UnitList

from ..labels import moment, number, stage_name


def stated(given: dict[str, Any]) -> BatchRules:
    """Terms as they came in."""
    rules = (
        Asked(Kind(each["kind"]), tuple(each["stages"]), each["required"], each["basis"])
        for each in given["eligibility"]
    )
    return BatchRules(setting(given), tuple(rules), given["recommended"], tuple(given["ties"]))


def setting(given: dict[str, Any]) -> Setting:
    """A setting as it came in."""
    return Setting(given["weights"], given["cut_off"], given["quota"], given["unit_quotas"], given["edge"])


def terms(row: Batch) -> dict[str, Any]:
    versions = list(row.terms.select_related("made_by").order_by("version"))
    return {
        "batch": row.code,
        "current": _content(versions[-1].content) if versions else None,
        "versions": [
            {
                "version": each.version,
                "made_at": moment(each.made_at),
                "made_by_display": str(each.made_by),
                "reason": each.reason,
                **_content(each.content),
            }
            for each in versions
        ],
    }


def _content(said: dict[str, Any]) -> dict[str, Any]:
    rest = {name: said[name] for name in ("recommended", "ties")}
    return {**_setting(said["setting"]), **rest, "eligibility": [_rule(each) for each in said["eligibility"]]}


def _rule(said: dict[str, Any]) -> dict[str, Any]:
    stages = [stage_name(code) for code in said["stages"]]
    return {**said, "kind_display": str(KIND_WORDS[Kind(said["kind"])]), "stages_display": stages}


def _setting(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "weights": {code: number(Decimal(weight)) for code, weight in said["weights"].items()},
        "cut_off": number(None if said["cut_off"] is None else Decimal(said["cut_off"])),
        "quota": said["quota"],
        "unit_quotas": said["unit_quotas"],
        "edge": number(Decimal(said["edge"])),
    }


def late(row: LateEntry) -> dict[str, Any]:
    return {
        "enterprise": row.enterprise.uscc,
        "enterprise_display": row.enterprise.name,
        "until": row.until,
        "reason": row.reason,
        "granted_at": moment(row.granted_at),
    }


def ranking(view: RankedView) -> dict[str, Any]:
    return {
        "copy_digest": view.copy.digest,
        "frozen_at": moment(view.copy.made_at),
        "sealed_setting": view.seal.setting_id if view.seal else None,
        "contested": view.contested,
        "settings": [_tried(each) for each in view.settings],
        "candidates": [_line(each) for each in view.lines],
    }


def _tried(each: Tried) -> dict[str, Any]:
    return {
        "id": each.row.pk if each.row else None,
        "name": each.name,
        **_setting(setting_content(each.setting)),
        "count": len(each.found.chosen),
        "mix": each.found.mix,
    }


def _line(line: RankedLine) -> dict[str, Any]:
    firm = line.firmness
    return {
        "application": line.application,
        "enterprise_display": line.enterprise,
        "unit": line.ends[0].unit,
        "unit_display": line.unit,
        "place": line.place.place,
        "total": number(line.place.total),
        "used": line.place.used,
        "tie": line.place.tie,
        "best": firm.best,
        "worst": firm.worst,
        "firm": firm.is_firm,
        "hangs_on": list(firm.hangs_on),
        "shifts": [_shift(shift) for shift in firm.shifts],
        "ends": [_end(end) for end in line.ends],
    }


def _shift(shift: Shift) -> dict[str, Any]:
    said = {"code": shift.code, "place": shift.place, "is_in": shift.is_in}
    return {"left": str(shift.left), "left_display": str(LEFT_WORDS[shift.left]), **said}


def _end(end: End) -> dict[str, Any]:
    said = {"place": end.place.place, "total": number(end.place.total), "edge": end.is_edge}
    return {**said, "why": str(end.why), "why_display": str(WHY_WORDS[end.why])}


def recommendation(held: UnitList) -> dict[str, Any]:
    return {
        "batch": held.batch.code,
        "quota": held.quota,
        "sent": [each.application.number for each in held.sent],
        "ranked": [each.application.number for each in held.ranked],
        "unranked": [each.number for each in held.unranked],
    }
