"""Cumulative, valid now and lapsed of the nationally certified: month by month as plain Python counts them."""

from datetime import date

import pytest

from certification.charts.trend import curves
from certification.models import IndicatorVersion, Plan
from certification.services.certificate_events import Act, surrender, suspend, withdraw
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


def test_three_curves_are_what_plain_python_counts():
    companies, plan = world(), Plan.objects.get(pk="13th")
    version = IndicatorVersion.objects.get(indicator__code="nationally_certified")
    points = series(version, plan, until=D("2026-10-31"))
    for point, day in zip(points, month_ends(plan.starts_on, D("2026-10-31")), strict=True):
        counted = {each.code for each in companies if any(counts(one, day) for one in each.reached)}
        valid = {each.code for each in companies if any(is_valid(one, day) for one in each.reached)}
        said = (point.value, point.valid_now, point.lapsed)
        assert said == (len(counted), len(valid), len(counted - valid)), day
    drawn = curves(points)
    assert (drawn.last.value, drawn.last.valid_now, drawn.last.lapsed) == (4, 1, 3)
    assert curves(series(version, plan, until=D("2026-10-31"), unit="wujin")) is None
