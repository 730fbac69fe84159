"""Repeat the draws of experts of a public notice: python3 repeat_draw.py notice.json

The file is what GET /api/v1/notices/NUMBER/ answers. Nothing but the standard library and this page is needed:

    lot = SHA-256 of "seed:application number:expert code", as lower-case hexadecimal

Who is not barred is put in order: the experts of the application's field first, then the others, each by their lot. The
first ones sit. That the seed was fixed before anybody applied is shown by its SHA-256 in the entry of the opening.
"""

import hashlib
import json
import sys
from pathlib import Path


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def order_of(draw: dict, seed: str) -> list[str]:
    """In which order the experts of a draw are called."""
    free = [expert for expert in draw["experts"] if not expert["barred"]]
    free.sort(
        key=lambda each: (draw["field"] not in each["fields"], digest(f"{seed}:{draw['application']}:{each['code']}"))
    )
    return [expert["code"] for expert in free]


def check(notice: dict) -> list[str]:
    """What does not come out as published; empty: everything does."""
    seed, wrong = notice["seed"], []
    if digest(seed) != notice["seed_digest"]:
        wrong.append("the seed is not the one that was committed to")
    for draw in notice["draws"]:
        name = f"{draw['application']} (ledger entry {draw['ledger_number']})"
        if any(expert["fields"] is None for expert in draw["experts"]):
            wrong.append(f"{name}: cannot be repeated, the experts' fields were not on record then")
        elif (order := order_of(draw, seed)) != draw["order"] or order[: len(draw["drawn"])] != draw["drawn"]:
            wrong.append(f"{name}: another order, {order}")
    return wrong


if __name__ == "__main__":
    notice = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    faults = check(notice)
    print("\n".join(faults) or f"{len(notice['draws'])} draws repeated, all as published")
    sys.exit(bool(faults))
