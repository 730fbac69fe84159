"""A changed definition is counted anew when the system starts, and is no incident; a wrong total is one."""

import logging
from datetime import date
from decimal import Decimal

import pytest

from certification.models import Indicator, Total, TotalsCheckpoint
from certification.services.plans import revise_indicator
from certification.tasks import nightly_recount
from certification.totals.figures import figures
from certification.totals.recount import bring_up_to_date, is_outdated
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_facts():
    make.achievement(make.enterprise(), "guanbiao.evaluation", date(2015, 3, 1))
    make.achievement(make.enterprise(), "guanbiao.evaluation", date(2017, 3, 1))
    bring_up_to_date(at=make.NOW)


def value():
    plan = Indicator.objects.get(code="evaluation_passed").plan
    return figures(plan, as_of=date(2020, 1, 1), indicators=["evaluation_passed"])[0]


def test_revised_opening_day_is_counted_anew_without_an_incident(caplog):
    assert not is_outdated(at=make.NOW)
    assert (value().gained, value().value) == (2, 2)
    changes = {"opening": Decimal(40), "opening_on": date(2015, 12, 31), "opening_source": "市局文件"}
    indicator, manager = Indicator.objects.get(code="evaluation_passed"), make.account("plan_manager")
    revise_indicator(indicator, changes, in_force_from=date(2016, 1, 1), actor=manager, at=make.NOW)
    assert is_outdated(at=make.NOW)
    with caplog.at_level(logging.ERROR):
        nightly_recount()
    assert not caplog.records
    assert (value().gained, value().value) == (1, 41)
    assert not is_outdated(at=make.NOW)


def test_nightly_recount_reports_and_repairs_a_wrong_total(caplog):
    Total.objects.filter(indicator="evaluation_passed", month=201703).update(gained=7)
    with caplog.at_level(logging.ERROR):
        assert nightly_recount() is False
    assert "evaluation_passed" in caplog.text
    assert value().gained == 2
    assert LedgerEntry.objects.order_by("-number")[0].verb == "totals.repaired"
    assert TotalsCheckpoint.objects.get().recounted_at
    assert nightly_recount() is True
