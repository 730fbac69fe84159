"""Ten years of an invented enterprise, as dated facts. Pure: chance comes from the generator passed in."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from enterprises.identifiers import with_check_character

from .names import TRADES, brands, company_name

CULTIVATION, IMPLEMENTATION = "guanbiao.cultivation", "guanbiao.implementation"
EVALUATION, CERTIFICATION = "guanbiao.evaluation", "guanbiao.certification"
GUIDED, RECOGNITION = "intensive.cultivation", "intensive.recognition"
LEADER, ADVANTAGE = "intensive.international_leader", "honour.national_advantage"
DEMONSTRATION, STRATEGY = "honour.national_demonstration", "project.strategy"

YEAR = timedelta(days=365)
REGISTER_OPENS = date(2016, 1, 4)
BODIES = ("演示认证中心", "示例认证有限公司")


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage reached on a day, and how it ended, if it did."""

    stage: str
    on: date
    certificate: str = ""
    ended_on: date | None = None
    ended_reason: str = ""
    ground: str = ""


@dataclass(slots=True)
class Profile:
    """One invented enterprise with everything that ever happened to it."""

    uscc: str
    name: str
    township: str
    industry: str
    established_on: date
    tier: str
    has_rd_institution: bool
    registered_on: date
    high_tech: list[tuple[str, date, date]] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    renamed: tuple[date, str] | None = None
    relocated: tuple[date, str] | None = None

    def day_of(self, stage: str) -> date | None:
        return next((item.on for item in self.reached if item.stage == stage), None)


@dataclass(frozen=True, slots=True)
class Era:
    """A group of enterprises by when they implemented the standard, and what share went on how soon."""

    size: int
    starts: tuple[date, date] | None
    evaluated: float
    certified: float


# Inside the opening balance; of the plan's five years; since then.
ERAS = (
    Era(165, (date(2012, 6, 1), date(2015, 12, 20)), 0.95, 0.44),
    Era(62, (date(2016, 2, 1), date(2020, 12, 10)), 0.88, 0.34),
    Era(46, (date(2021, 2, 1), date(2026, 8, 30)), 0.55, 0.25),
)
BEGINNER = Era(1, None, 0.0, 0.0)


class Makers:
    """Makes profiles one after the other: brands are used once, serial numbers run on."""

    def __init__(self, places: dict[str, list[str]], *, rng: Random) -> None:
        self.places, self.rng = places, rng
        self._brands, self._serial = brands(rng), 0
        self._units = [unit for unit in places for _ in range(WEIGHTS.get(unit, 10))]

    def one(self, era: Era, *, unit: str = "", townships: list[str] | None = None) -> Profile:
        self._serial += 1
        unit = unit or self.rng.choice(self._units)
        return _profile(self._serial, next(self._brands), unit, townships or self.places[unit], era, self.rng)


def veterans(makers: Makers, *, today: date) -> list[Profile]:
    """The enterprises of all eras, with what happened to them until today."""
    rng = makers.rng
    made = [makers.one(era) for era in ERAS for _ in range(era.size)]
    for profile in made:
        _high_tech_years(profile, rng)
    _recognise(made, rng)
    _mishaps(made, makers.places, rng)
    for profile in made:
        profile.reached = [item for item in profile.reached if item.on < today]
        profile.reached.sort(key=lambda item: item.on)
    return made


def beginner(makers: Makers, *, unit: str, townships: list[str] | None, cultivated: bool) -> Profile:
    """An enterprise at the start of its way; `cultivated`: in the cultivation store since 2024."""
    profile = makers.one(BEGINNER, unit=unit, townships=townships)
    _high_tech_years(profile, makers.rng)
    if cultivated:
        profile.reached.append(Reached(CULTIVATION, _between(date(2024, 6, 1), date(2024, 12, 20), makers.rng)))
    return profile


WEIGHTS = {"wujin": 22, "xinbei": 22, "tianning": 12, "zhonglou": 10, "jingkai": 10, "liyang": 12, "jintan": 12}
PLACE_NAMES = {"liyang": "溧阳", "jintan": "金坛", "wujin": "武进"}


def _profile(serial: int, brand: str, unit: str, townships: list[str], era: Era, rng: Random) -> Profile:
    trade, industry = rng.choice(TRADES)
    place = PLACE_NAMES.get(unit, "常州") if rng.random() < 0.25 else rng.choice(("常州", "常州", "江苏"))
    start = _between(*era.starts, rng=rng) if era.starts else None
    began = (start or date(2024, 3, 1)) - timedelta(days=rng.randint(3 * 365, 14 * 365))
    profile = Profile(
        uscc=with_check_character(f"91320400DEM{serial:06d}"),
        name=company_name(brand, trade, place=place, rng=rng),
        township=rng.choice(townships),
        industry=industry,
        established_on=began,
        tier=rng.choices(("none", "leading", "listing", "high_tech"), (70, 4, 8, 18))[0],
        has_rd_institution=rng.random() < 0.45,
        registered_on=_registration(start, rng),
    )
    if start:
        _guanbiao(profile, start, era, rng)
    return profile


def _registration(start: date | None, rng: Random) -> date:
    if start is None:
        return _between(date(2024, 1, 8), date(2024, 5, 20), rng)
    return min(max(REGISTER_OPENS, start - timedelta(days=rng.randint(220, 420))), date(2024, 5, 30))


def _between(first: date, last: date, rng: Random) -> date:
    """A weekday between two days."""
    day = first + timedelta(days=rng.randint(0, (last - first).days))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _guanbiao(profile: Profile, start: date, era: Era, rng: Random) -> None:
    """Cultivation, implementation, and for a share of them evaluation and certification."""
    profile.reached += [
        Reached(CULTIVATION, start - timedelta(days=rng.randint(60, 200))),
        Reached(IMPLEMENTATION, start),
    ]
    if rng.random() < era.evaluated:
        first = max(start + timedelta(days=200), date(2014, 6, 1))
        profile.reached.append(Reached(EVALUATION, _between(first, first + 2 * YEAR, rng)))
    if rng.random() < era.certified:
        _certificates(profile, max(start + timedelta(days=120), date(2014, 3, 1)), rng)


def _certificates(profile: Profile, first: date, rng: Random) -> None:
    """A certificate for three years, renewed, expired, or given up."""
    on = _between(first, first + 3 * YEAR, rng)
    while on < date(2026, 12, 1):
        ends = date(on.year + 3, on.month, min(on.day, 28))
        number = f"DEMO-{on.year}-{profile.uscc[11:17]}-R{on.year % 10}"
        fate = rng.random()
        if fate < 0.06:
            gave_up = on + timedelta(days=rng.randint(300, 900))
            profile.reached.append(Reached(CERTIFICATION, on, number, gave_up, "withdrawn", "企业申请注销证书（演示）"))
            return
        profile.reached.append(Reached(CERTIFICATION, on, number, ends, "expired", f"证书有效期至 {ends}（演示）"))
        if fate < 0.45:
            return
        on = ends


def _high_tech_years(profile: Profile, rng: Random) -> None:
    """Certificates of three years each, one after the other, for about three enterprises in five."""
    if rng.random() > 0.6:
        return
    year = rng.randint(max(2010, profile.established_on.year + 2), max(2023, profile.established_on.year + 3))
    granted = date(year, rng.randint(10, 12), rng.randint(1, 28))
    while granted.year <= 2026:
        number = f"GR{granted.year}32{rng.randint(900000, 999999)}"
        last_day = date(granted.year + 3, granted.month, granted.day) - timedelta(days=1)
        profile.high_tech.append((number, granted, last_day))
        if rng.random() < 0.15:
            return
        granted = last_day + timedelta(days=rng.randint(1, 40))


def _was_high_tech(profile: Profile, on: date) -> bool:
    return any(first <= on <= last for _, first, last in profile.high_tech)


def _recognise(made: list[Profile], rng: Random) -> None:
    """Guidance, recognition, leaders and honours among those that passed the evaluation."""
    able = [profile for profile in made if profile.day_of(EVALUATION)]
    rng.shuffle(able)
    for year in range(2016, 2027):
        for profile in rng.sample(able, rng.randint(11, 18)):
            profile.reached.append(Reached(GUIDED, date(year, rng.randint(3, 5), rng.randint(1, 28))))
    for year in range(2017, 2026):
        _batch_of(date(year, rng.randint(9, 11), rng.randint(1, 28)), able, places=10 if year <= 2020 else 4)
    for number, profile in enumerate(able[:34]):
        profile.reached += _honours(number)
    for profile in able[40:75]:
        profile.reached.append(Reached(STRATEGY, date(rng.randint(2014, 2025), 6, rng.randint(1, 28))))


def _batch_of(day: date, able: list[Profile], *, places: int) -> None:
    """A year's recognitions as IP-intensive, among the high-tech ones."""
    fresh = [profile for profile in able if _was_high_tech(profile, day) and not profile.day_of(RECOGNITION)]
    for profile in fresh[:places]:
        profile.reached.append(Reached(RECOGNITION, day))


def _honours(number: int) -> list[Reached]:
    """The first few are leaders, the next ones carry national honours."""
    found = []
    if number < 6:
        found.append(Reached(LEADER, date(2018 + number, 12, 10)))
    if number >= 4:
        found.append(Reached(ADVANTAGE, date(2016 + number % 9, 11, 20)))
    if 4 <= number < 9:
        found.append(Reached(DEMONSTRATION, date(2015 + number, 10, 15)))
    return found


def _mishaps(made: list[Profile], places: dict[str, list[str]], rng: Random) -> None:
    """Revocations, entries made in error, new names, moves to other townships and units."""
    counted = [profile for profile in made if profile.day_of(IMPLEMENTATION)]
    for profile in rng.sample(counted, 4):
        _end(profile, IMPLEMENTATION, "revoked", "以虚假材料取得，依法撤销（演示）", rng)
    for profile in rng.sample(counted, 3):
        _end(profile, EVALUATION, "annulled", "录入时认错企业（演示）", rng)
    for profile in rng.sample(made, 16):
        on = _between(date(2019, 1, 1), date(2024, 12, 1), rng)
        if on > profile.registered_on:
            profile.renamed = (on, profile.name.replace("有限公司", "集团有限公司").replace("股份集团", "集团股份"))
    everywhere = [code for codes in places.values() for code in codes]
    for profile in rng.sample(made, 14):
        on = _between(date(2017, 1, 1), date(2024, 12, 1), rng)
        target = rng.choice(everywhere)
        if on > profile.registered_on and target != profile.township:
            profile.relocated = (on, target)


def _end(profile: Profile, stage: str, reason: str, ground: str, rng: Random) -> None:
    for index, item in enumerate(profile.reached):
        if item.stage == stage and not item.ended_reason:
            ended = max(item.on, profile.registered_on) + timedelta(days=rng.randint(90, 700))
            profile.reached[index] = Reached(stage, item.on, item.certificate, ended, reason, ground)
            return
