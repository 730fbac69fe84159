"""Cumulative, valid now and lapsed of the nationally certified: month by month as plain Python counts them."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from certification.certificate_checks import stated
from certification.charts.trend import curves
from certification.models import Certificate, IndicatorVersion, Plan
from certification.services.certificate_events import Act, annul, renew, restore, surrender, survey, suspend, withdraw
from certification.services.certificate_expiry import expire_certificates
from certification.totals.checkpoint import fold
from certification.totals.series import month_ends, series
from enterprises.roles import Role
from tests import factories as make

from .reference import Company, Reached, counts, is_valid

pytestmark = pytest.mark.django_db
STAGE, OLD = "guanbiao.certification", "GB/T 29490-2013"
D = date.fromisoformat


def issued(on: str, until: str, of=None):
    said = {"edition": OLD, "system_since": "2014-01-01", "applied_on": on}
    return make.certificate(of, **said, issued_on=on, expires_on=until)


def world() -> list[Company]:
    """Certificates by the services, and the same told to the reference by hand."""
    city = make.account(Role.CITY_REVIEWER)
    told: dict[str, list[Reached]] = {}

    def tell(row, *ended) -> None:
        told.setdefault(row.enterprise.uscc, []).append(Reached(STAGE, row.issued_on, ended or None))

    def act(on: str) -> Act:
        return Act(D(on), "认证机构通知", city, make.NOW)

    again = make.enterprise()
    tell(issued("2016-03-10", "2019-03-09", again), "expired", D("2019-03-10"))
    tell(issued("2019-05-01", "2022-04-30", again), "expired", D("2022-05-01"))
    tell(issued("2017-07-15", "2020-07-14"), "expired", D("2020-07-15"))
    for on, until, way, day, reason in (
        ("2024-02-01", "2027-01-31", withdraw, "2025-06-30", "revoked"),
        ("2024-02-29", "2027-02-27", surrender, "2025-07-01", "withdrawn"),
        ("2024-03-31", "2027-03-30", suspend, "2025-08-01", ""),
    ):
        row = issued(on, until)
        way(row, act(day))
        tell(row, *((reason, D(day)) if reason else ()))
    expire_certificates(at=make.NOW)
    fold(at=make.NOW)
    return [Company(code, [], reached=reached) for code, reached in told.items()]


def agree(companies: list[Company], until: str = "2026-10-31") -> Any:
    """Every month end of the curves is what the reference counts; the points."""
    plan = Plan.objects.get(pk="13th")
    version = IndicatorVersion.objects.get(indicator__code="nationally_certified")
    points = series(version, plan, until=D(until))
    for point, day in zip(points, month_ends(plan.starts_on, D(until)), strict=True):
        counted = {each.code for each in companies if any(counts(one, day) for one in each.reached)}
        valid = {each.code for each in companies if any(is_valid(one, day) for one in each.reached)}
        said = (point.value, point.valid_now, point.lapsed)
        assert said == (len(counted), len(valid), len(counted - valid)), day
    return points


def test_three_curves_are_what_plain_python_counts():
    points = agree(world())
    drawn = curves(points)
    assert (drawn.last.value, drawn.last.valid_now, drawn.last.lapsed) == (4, 1, 3)
    plan, version = Plan.objects.get(pk="13th"), IndicatorVersion.objects.get(indicator__code="nationally_certified")
    assert curves(series(version, plan, until=D("2026-10-31"), unit="wujin")) is None


# --- random lives ---------------------------------------------------------------------------------

TERM, LAST_ISSUE = timedelta(days=1090), D("2024-10-31")
ENDINGS = {"withdraw": (withdraw, "revoked"), "surrender": (surrender, "withdrawn"), "annul": (annul, "annulled")}


class Life:
    """One enterprise's certificates, one after the other by chance; what happened is told to the reference by hand."""

    def __init__(self, rng: random.Random, city: Any, body: Any) -> None:
        self.rng, self.city, self.body = rng, city, body
        self.enterprise, self.reached = make.enterprise(), list[Reached]()

    def lived(self) -> Company:
        day = D("2016-01-10") + timedelta(days=self.rng.randint(0, 1500))
        row, renewed = self._issued(day), False
        while True:
            ended, renewed = self._one(row)
            if renewed:
                row = Certificate.objects.filter(enterprise=self.enterprise).latest("pk")
                continue
            day = ended + timedelta(days=self.rng.randint(1, 700))
            if day > LAST_ISSUE or self.rng.random() < 0.3:
                return Company(self.enterprise.uscc, [], reached=self.reached)
            row = self._issued(day)

    def _issued(self, day: date) -> Certificate:
        said = {"edition": OLD, "system_since": "2014-01-01", "applied_on": str(day), "body": self.body}
        return make.certificate(self.enterprise, **said, issued_on=str(day), expires_on=str(day + TERM))

    def _act(self, day: date) -> Act:
        """Told on the very day: of an expired certificate nothing more is told."""
        return Act(day, "认证机构通知", self.city, datetime.combine(day, time(4), tzinfo=UTC))

    def _one(self, row: Certificate) -> tuple[date, bool]:
        """What happens to one certificate; when it ended, and whether another one follows at once."""
        day = row.issued_on + timedelta(days=self.rng.randint(20, 300))
        survey(row, self._act(day))
        if self.rng.random() < 0.5:
            day += timedelta(days=self.rng.randint(1, 200))
            suspend(row, self._act(day))
            if self.rng.random() < 0.5:
                day += timedelta(days=self.rng.randint(1, 100))
                restore(row, self._act(day))
        return self._end(row, min(day + timedelta(days=self.rng.randint(1, 400)), row.expires_on))

    def _end(self, row: Certificate, day: date) -> tuple[date, bool]:
        fate = self.rng.choice(["withdraw", "surrender", "annul", "renew", "expire", "expire"])
        if fate in ENDINGS:
            service, reason = ENDINGS[fate]
            service(row, self._act(day))
            if fate == "annul" and row.replaces:
                self.reached[-1] = Reached(STAGE, row.replaces.issued_on, self._over(row.replaces))
            self.reached.append(Reached(STAGE, row.issued_on, (reason, day)))
            return day, False
        if fate == "renew" and day <= LAST_ISSUE:
            renew(row, self._following(row, day), self._act(day))
            self.reached.append(Reached(STAGE, row.issued_on, ("expired", day)))
            return day, True
        self.reached.append(Reached(STAGE, row.issued_on, self._over(row)))
        return row.expires_on + timedelta(days=1), False

    def _over(self, row: Certificate) -> tuple[str, date] | None:
        """How a certificate to which nothing more happens ends."""
        over = row.expires_on + timedelta(days=1)
        return ("expired", over) if over <= make.NOW.date() else None

    def _following(self, row: Certificate, day: date) -> Any:
        said = {**make.CERTIFICATE, "number": f"{row.number}-R", "body": self.body.pk, "edition": OLD}
        said["holder"] = row.holder
        said |= {"system_since": "2014-01-01", "applied_on": str(day)}
        return stated({**said, "issued_on": str(day), "expires_on": str(day + TERM)})


@pytest.mark.parametrize("seed", range(8))
def test_three_curves_of_random_lives_are_what_plain_python_counts(seed: int):
    rng, city, body = random.Random(seed), make.account(Role.CITY_REVIEWER), make.body()
    companies = [Life(rng, city, body).lived() for _ in range(5)]
    expire_certificates(at=make.NOW)
    fold(at=make.NOW)
    agree(companies)


def test_the_random_lives_hold_every_kind_of_event():
    rng, city, body = random.Random(0), make.account(Role.CITY_REVIEWER), make.body()
    companies = [Life(rng, city, body).lived() for _ in range(12)]
    told = set(Certificate.objects.values_list("events__kind", flat=True))
    assert {"suspend", "restore", "withdraw", "surrender", "annul", "renew", "surveillance"} <= told
    assert any(len(each.reached) > 1 for each in companies)
    assert any(one.ended and one.ended[0] == "expired" for each in companies for one in each.reached)
