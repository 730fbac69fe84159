"""Yearly figures: what cannot be, what is to be explained, versions on record, and what an application rested on."""

from datetime import timedelta

import pytest

from certification.audit import fact_faults
from certification.errors import NotAllowed, Refused, Stale
from certification.inputs.figure_rules import StatedFigures
from certification.models import Application, FigureItem, YearFigures
from certification.services.figure_items import keep_item
from certification.services.figures import figures_at, state_figures, used_by, values_of
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories as make
from tests import facts

pytestmark = pytest.mark.django_db


def refused_by(**said: object) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        facts.figures(**said)
    assert all(each.field and each.message and each.remedy for each in refused.value.refusals)
    return {each.field: each.code for each in refused.value.refusals}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"staff": "-1"}, {"staff": "negative", "rd_staff": "part_too_large"}),
        ({"rd_staff": "201"}, {"rd_staff": "part_too_large"}),
        ({"own_ip_share": "100.01"}, {"own_ip_share": "too_much"}),
        ({"invention_applied": "1.5"}, {"invention_applied": "no_number"}),
        ({"sales_revenue": "八千"}, {"sales_revenue": "no_number"}),
        ({"sales_revenue": "NaN"}, {"sales_revenue": "no_number"}),
        ({"sales_revenue": "1e30"}, {"sales_revenue": "no_number"}),
        ({"nobody": "1"}, {"nobody": "item_unknown"}),
        ({"year": 2027}, {"year": "figures_year"}),
        (dict.fromkeys(facts.FIGURES, " "), {"values": "nothing_stated"}),
        ({"explained": {"staff": "文" * 201}}, {"staff": "too_long"}),
    ],
)
def test_what_cannot_be_is_refused_all_at_once(said, found):
    assert refused_by(**said) == found
    assert not YearFigures.objects.exists()


def test_figures_are_a_version_on_record_without_free_text():
    row = facts.figures(sales_revenue="8,000.50")
    assert {code: f"{value.normalize():f}" for code, value in values_of(row).items()} == {
        "invention_applied": "12",
        "staff": "200",
        "rd_staff": "40",
        "sales_revenue": "8000.5",
        "own_ip_share": "62.5",
    }
    entry = LedgerEntry.objects.get(number=row.ledger_number)
    assert (entry.verb, entry.subject) == ("figures.stated", f"figures:{row.enterprise.uscc}:2025")
    again = facts.figures(row.enterprise, staff="210", why="更正职工数")
    row.refresh_from_db()
    assert (again.version, again.is_latest, row.is_latest) == (2, True, None)
    assert "更正" not in LedgerEntry.objects.get(number=again.ledger_number).payload
    assert list(fact_faults(limit=3)) == []


def test_a_great_difference_from_last_year_is_to_be_explained():
    row = facts.figures(year=2024)
    assert refused_by(of=row.enterprise, staff="401") == {"staff": "unexplained"}
    assert refused_by(of=row.enterprise, staff="99", rd_staff="41") == {"staff": "unexplained"}
    facts.figures(row.enterprise, staff="400")
    told = facts.figures(row.enterprise, staff="401", explained={"staff": "合并子公司"})
    assert told.values.get(item="staff").explained == "合并子公司"
    facts.figures(row.enterprise, invention_held="500")  # nothing was stated of it last year
    assert list(fact_faults(limit=3)) == []


def test_only_the_enterprise_itself_states_its_figures():
    owner = make.enterprise()
    for role in Role:
        with pytest.raises(NotAllowed):
            facts.figures(owner, by=make.account(role))
    facts.figures(owner, by=make.applicant(owner))


def test_of_two_who_look_at_the_same_version_one_is_told():
    row = facts.figures()
    person, said = make.applicant(row.enterprise), StatedFigures(2025, {"staff": "210"})
    with pytest.raises(Stale):
        state_figures(row.enterprise, said, version=0, actor=person, at=make.NOW)
    assert state_figures(row.enterprise, said, version=1, actor=person, at=make.NOW).version == 2


def used(row: YearFigures) -> Application:
    """A submitted application of a kind that rests on the figures."""
    person = make.applicant(row.enterprise)
    made = make.step(make.filled(person), "submit", person)
    Application.objects.filter(pk=made.pk).update(
        stage="intensive.recognition", submitted_at=make.NOW + timedelta(hours=1)
    )
    return Application.objects.get(pk=made.pk)


def test_what_a_submitted_application_rests_on_is_changed_only_as_a_version_that_says_why():
    row = facts.figures()
    assert used_by(row.enterprise, 2025) == ""
    application = used(row)
    assert used_by(row.enterprise, 2025) == application.number
    later = make.NOW + timedelta(days=1)
    assert refused_by(of=row.enterprise, staff="210", at=later) == {"why": "why_missing"}
    newer = facts.figures(row.enterprise, staff="210", why="审计后更正", at=later)
    assert used_by(row.enterprise, 2025) == ""
    assert application.submitted_at is not None
    assert figures_at(row.enterprise, at=application.submitted_at) == {2025: row}
    assert figures_at(row.enterprise, at=later) == {2025: newer}


def test_an_item_is_a_row_that_the_city_keeps():
    city = make.account(Role.CITY_REVIEWER)
    item = FigureItem(code="licences", place=900, group_zh="专利", name_zh="许可", unit="件", basis="市局通知")
    keep_item(item, actor=city, at=make.NOW)
    facts.figures(licences="3")
    item.swing, item.part_of_id, item.decimals = 1, "licences", 5
    with pytest.raises(Refused) as refused:
        keep_item(item, actor=city, at=make.NOW)
    assert {each.field for each in refused.value.refusals} == {"swing", "part_of", "decimals"}
    with pytest.raises(NotAllowed):
        keep_item(FigureItem(code="x", place=1, name_zh="x", unit="x"), actor=make.applicant(), at=make.NOW)
    assert list(fact_faults(limit=3)) == []
