"""Priorities: what is refused, which an enterprise has on any day, ended and corrected on record."""

from dataclasses import replace
from datetime import date

import pytest

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.inputs.priority_stated import StatedPriority, overlaps
from certification.models import Priority, PriorityKind
from certification.queries import timeline
from certification.services.priorities import correct_priority, end_priority, priorities_of, record_priority
from certification.services.priority_kinds import keep_kind
from enterprises.roles import Role
from enterprises.services.qualifications import grant_high_tech
from ledger.models import LedgerEntry
from tests import factories as make
from tests import facts

pytestmark = pytest.mark.django_db
SAID = StatedPriority(**facts.PRIORITY)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"kind": "", "valid_from": None, "document": ""}, {"field_missing"}),
        ({"kind": "nobody"}, {"kind_unknown"}),
        ({"value": ""}, {"field_missing"}),
        ({"value": "造船"}, {"value_unknown"}),
        ({"kind": "core_invention_sme"}, {"value_needless"}),
        ({"kind": "rd_body", "value": "院" * 61}, {"too_long"}),
        ({"valid_from": date(2026, 11, 21), "valid_until": None}, {"priority_day"}),
        ({"valid_until": date(2023, 12, 31)}, {"period_turned"}),
    ],
)
def test_what_cannot_be_is_refused_with_field_and_remedy(change, found):
    with pytest.raises(Refused) as refused:
        record_priority(make.enterprise(), replace(SAID, **change), facts.act())
    assert codes(refused) == found
    assert all(refusal.field and refusal.message and refusal.remedy for refusal in refused.value.refusals)
    assert not Priority.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ((1, 3), (3, 4), True),
        ((1, 2), (3, None), False),
        ((2, None), (1, None), True),
        ((4, 5), (1, 3), False),
    ],
)
def test_periods_overlap_by_a_day_in_common(one, other, is_so):
    days = [(date(2026, 1, first), date(2026, 1, last) if last else None) for first, last in (one, other)]
    assert overlaps(*days) is is_so


def test_the_same_mark_is_not_held_twice_but_another_value_or_later_period_may_be():
    row = facts.priority()
    with pytest.raises(Refused) as refused:
        facts.priority(row.enterprise, valid_from=date(2025, 1, 1))
    assert codes(refused) == {"priority_overlaps"}
    facts.priority(row.enterprise, value="碳材料")
    end_priority(row, date(2025, 6, 30), facts.act(ground="移出名单"))
    facts.priority(row.enterprise, valid_from=date(2025, 7, 1))
    assert list(fact_faults(limit=3)) == []


def test_any_day_has_its_priorities_high_tech_included(django_assert_num_queries):
    row, city = facts.priority(), make.account(Role.CITY_REVIEWER)
    days = {"valid_from": date(2025, 1, 1), "valid_to": date(2027, 12, 31)}
    grant_high_tech(row.enterprise, certificate="GR202532000001", **days, actor=city, at=make.NOW)
    end_priority(row, date(2026, 6, 30), facts.act(ground="移出名单"))
    annulled = facts.priority(value="碳材料", of=row.enterprise)
    correct_priority(annulled, replace(SAID, value="新医药"), facts.act(ground="抄错"))

    def held(day: date) -> list[tuple[str, str]]:
        with django_assert_num_queries(2):
            found = priorities_of([row.enterprise_id], on=day)[row.enterprise_id]
        return [(each.kind, each.value) for each in found]

    chain, other, tech = ("industry_chain", "轨道交通"), ("industry_chain", "新医药"), ("high_tech", "GR202532000001")
    assert held(date(2023, 12, 31)) == []
    assert held(date(2024, 1, 1)) == [other, chain]
    assert held(date(2026, 6, 30)) == [other, chain, tech]
    assert held(date(2026, 7, 1)) == [other, tech]
    assert held(date(2027, 1, 1)) == [tech]


def test_an_end_is_on_record_within_the_period_and_only_once():
    row = facts.priority()
    for day, code in ((None, "field_missing"), (date(2023, 12, 31), "end_day"), (date(2026, 11, 21), "end_day")):
        with pytest.raises(Refused) as refused:
            end_priority(row, day, facts.act(ground="移出"))
        assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        end_priority(row, date(2026, 1, 1), facts.act())
    assert codes(refused) == {"ground_missing"}
    with pytest.raises(NotAllowed):
        end_priority(row, date(2026, 1, 1), facts.act(make.account(Role.DISTRICT_REVIEWER), "移出"))
    ended = end_priority(row, date(2026, 1, 1), facts.act(ground="移出名单"))
    entry = LedgerEntry.objects.get(number=ended.ended_number)
    assert (entry.verb, entry.supersedes) == ("priority.ended", row.ledger_number)
    with pytest.raises(NotPossible):
        end_priority(row, date(2026, 1, 1), facts.act(ground="再次"))
    assert "优先标识终止：十大产业链" in {event.title for event in timeline(row.enterprise)}
    assert list(fact_faults(limit=3)) == []


def test_a_kind_is_a_row_that_the_city_keeps():
    city = make.account(Role.CITY_REVIEWER)
    kind = PriorityKind(code="gazelle", name_zh="瞪羚企业", basis="市局通知")
    keep_kind(kind, actor=city, at=make.NOW)
    facts.priority(kind="gazelle", value="")
    for wrong, code in (
        (PriorityKind(code="Bad code", name_zh="一", basis="x"), "code_form"),
        (PriorityKind(code="good", name_zh="二", values="甲", basis="x"), "values_needless"),
    ):
        with pytest.raises(Refused) as refused:
            keep_kind(wrong, actor=city, at=make.NOW)
        assert codes(refused) == {code}
    with pytest.raises(NotAllowed):
        keep_kind(kind, actor=make.account(Role.PLAN_MANAGER), at=make.NOW)
    assert list(fact_faults(limit=3)) == []
