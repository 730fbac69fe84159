"""Invented company names: none equals or resembles a name on the list of real ones. Pure but for one file."""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

REAL_NAMES = Path(__file__).parent / "real_names.csv"
# Of GB2312 only: a rarer character has a font of its own cut, which takes long.
FIRST = "砚霁筠弦昙渚笺蘅芷岫汀翎槿皓珩雯榆樾洄沅澧溆"
SECOND = "舟泊屿岚禾澜苇砚笙翮桁檐廪蘅渡笠筏野栈畔埠榭"
SUFFIXES = ("有限公司", "有限公司", "有限公司", "有限公司", "股份有限公司")
# Words of a trade with its class in GB/T 4754-2017.
TRADES: tuple[tuple[str, str], ...] = (
    ("精密机械", "C3489"),
    ("智能装备", "C3499"),
    ("轨道交通设备", "C3714"),
    ("光伏材料", "C3985"),
    ("新材料科技", "C2651"),
    ("碳纤维制品", "C3091"),
    ("汽车零部件", "C3670"),
    ("电机电器", "C3812"),
    ("生物医药", "C2761"),
    ("医疗器械", "C3581"),
    ("集成电路", "C3973"),
    ("软件技术", "I6513"),
    ("环保设备", "C3591"),
    ("纺织科技", "C1751"),
    ("动力电池", "C3841"),
    ("工业机器人", "C3491"),
    ("检测仪器", "C4014"),
    ("农业机械", "C3572"),
)


def real_names() -> list[str]:
    """Names of existing enterprises that no invented name may come near."""
    with REAL_NAMES.open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def resembles(brand: str, real: list[str]) -> bool:
    """Whether the distinctive part of a name, either way round, occurs in a real name."""
    return any(brand in name or brand[::-1] in name for name in real)


def brands(rng: Random) -> Iterator[str]:
    """Distinctive two-character parts, each once, in random order."""
    real = real_names()
    pairs = [first + second for first in FIRST for second in SECOND if first != second]
    rng.shuffle(pairs)
    taken: set[str] = set()
    for pair in pairs:
        if pair[::-1] not in taken and not resembles(pair, real):
            taken.add(pair)
            yield pair


def company_name(brand: str, trade: str, *, place: str, rng: Random) -> str:
    """E.g. 常州砚舟精密机械有限公司, sometimes with the place in brackets after the brand."""
    suffix = rng.choice(SUFFIXES)
    if rng.random() < 0.08:
        return f"{brand}（{place}）{trade}{suffix}"
    return f"{place}{brand}{trade}{suffix}"
