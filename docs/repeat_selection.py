"""Repeat the draws and the ranking of a public notice: python3 repeat_selection.py notice.json

The file is what GET /api/v1/notices/NUMBER/ answers; nothing but the standard library and repeat_draw.py is needed.
An expert's total is the sum of weight x points / maximum; a candidate's is their mean, without `trim` at each end where
`trim_from` scored, rounded half up; ties go by the rules in their order (certification/selection/ranking.py).
"""

import json
import sys
from fractions import Fraction as F
from pathlib import Path

from repeat_draw import check, digest


def half_up(number: F, decimals: int) -> F:
    return F(int(number * 10**decimals + F(1, 2)), 10**decimals)


def key_of(each: dict, seed: str, rules: dict) -> tuple:
    """What a candidate is compared by, the smaller first: its total, then each tie rule."""
    weights, decimals, keys = rules["setting"]["weights"], rules["decimals"], []
    sheets = [{code: F(points) for code, points in sheet.items()} for sheet in each["scores"].values()]
    totals = sorted(sum(F(weights[c]) * sheet[c] / F(rules["maxima"][c]) for c in weights) for sheet in sheets)
    trim = rules["trim"] if len(totals) >= max(rules["trim_from"], 2 * rules["trim"] + 1) else 0
    used = totals[trim : len(totals) - trim]
    for kind, _, name in (rule.partition(":") for rule in rules["ties"]):
        if kind == "item":
            keys.append(-half_up(sum(sheet[name] for sheet in sheets) / len(sheets), decimals))
        elif kind == "fact":
            keys.append((name not in each["facts"], -F(each["facts"].get(name, 0))))
        elif kind == "spread":
            keys.append(half_up(totals[-1] - totals[0], decimals))
        else:
            keys.append(each["submitted"] if kind == "earlier" else digest(f"{seed}:{each['application']}:tie"))
    return (-half_up(sum(used) / len(used), decimals), *keys)


def check_ranking(notice: dict) -> list[str]:
    """What does not come out as published; empty: all does. Who was scored again after an appeal is left out."""
    rules, taken, found = notice["ranking"], {}, {}
    setting, again = rules["setting"], {draw["application"] for draw in notice["draws"] if draw["sitting"] > 1}
    ranked = sorted((key_of(each, notice["seed"], rules), each["application"], each) for each in rules["candidates"])
    for place, (keys, number, each) in enumerate(ranked, 1):
        unit, quota = each["unit"], setting["unit_quotas"].get(each["unit"])
        is_in = not each["barred"] and -keys[0] >= F(setting["cut_off"] or 0)
        is_in = is_in and (quota is None or taken.get(unit, 0) < quota)
        is_in = is_in and (setting["quota"] is None or sum(taken.values()) < setting["quota"])
        taken[unit], found[number] = taken.get(unit, 0) + is_in, (place, -keys[0], is_in)
    said = {row["application"]: (row["place"], F(row["total"]), row["is_in"]) for row in rules["places"]}
    return [
        f"{number}: {found.get(number)}" for number in said if number not in again and said[number] != found[number]
    ]


if __name__ == "__main__":
    notice = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    faults = check(notice) + (check_ranking(notice) if notice["ranking"] else [])
    print("\n".join(faults) or f"{len(notice['draws'])} draws and the ranking repeated, all as published")
    sys.exit(bool(faults))
