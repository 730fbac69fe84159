"""Credit checks: what is refused, who may, what the ledger has, correction and annulment on record, files."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.base import ContentFile

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.inputs.credit_rows import checks_matching, visible_checks
from certification.inputs.credit_stated import StatedCheck
from certification.models import CreditCheck, CreditPaper, CreditSource
from certification.queries import timeline
from certification.services.credit import CREDIT, correct_check, credit_of, credits_of, record_check
from certification.services.credit_sources import keep_source
from certification.services.input_facts import annul, file_paper
from enterprises.roles import Role
from enterprises.services.interests import declare_interest
from ledger.models import LedgerEntry
from tests import factories as make
from tests import facts

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
SAID = StatedCheck(**facts.CHECK)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_a_check_is_on_record_with_the_months_of_its_source_and_no_free_text():
    row = facts.check(result="adverse", ground="常市监罚字〔2026〕3号")
    assert row.valid_until == date(2027, 3, 1)  # 6 months, by the table
    entry = LedgerEntry.objects.get(number=row.ledger_number)
    assert (entry.verb, entry.enterprise) == ("credit.checked", row.enterprise.uscc)
    assert "常市监" not in entry.payload
    assert list(fact_faults(limit=3)) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"source": "", "result": "", "checked_on": None}, {"field_missing"}),
        ({"source": "nobody"}, {"source_unknown"}),
        ({"result": "maybe"}, {"result_unknown"}),
        ({"result": "adverse"}, {"ground_missing"}),
        ({"ground": "有处罚"}, {"ground_needless"}),
        ({"result": "adverse", "ground": "罚" * 301}, {"too_long"}),
        ({"checked_on": date(2026, 11, 21)}, {"check_day"}),
        ({"checked_on": date(1980, 1, 1), "valid_until": date(1979, 1, 1)}, {"check_day", "period_turned"}),
    ],
)
def test_what_cannot_be_is_refused_with_field_and_remedy(change, found):
    with pytest.raises(Refused) as refused:
        record_check(make.enterprise(), replace(SAID, **change), facts.act())
    assert codes(refused) == found
    assert all(refusal.field and refusal.message and refusal.remedy for refusal in refused.value.refusals)
    assert not CreditCheck.objects.exists()


def test_one_look_up_is_recorded_once_and_a_source_out_of_use_not_at_all():
    row = facts.check()
    with pytest.raises(Refused) as refused:
        facts.check(row.enterprise)
    assert codes(refused) == {"check_recorded"}
    source = CreditSource.objects.get(pk="credit_china")
    source.is_active = False
    keep_source(source, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    with pytest.raises(Refused) as refused:
        facts.check()
    assert codes(refused) == {"source_unknown"}
    assert list(fact_faults(limit=3)) == []


def test_only_the_city_records_and_nobody_of_their_own():
    row = facts.check()
    for role in set(Role) - {Role.CITY_REVIEWER}:
        who = facts.act(make.account(role), "理由")
        for deed in (
            lambda who=who: record_check(make.enterprise(), SAID, who),
            lambda who=who: annul(CREDIT, row, who),
            lambda who=who: file_paper(CREDIT, row, ContentFile(make.PDF, "a.pdf"), who),
        ):
            with pytest.raises(NotAllowed):
                deed()
    tied = make.account(Role.CITY_REVIEWER)
    declare_interest(tied, row.enterprise, reason="亲属", actor=make.account(Role.SECURITY_ADMIN), at=make.NOW)
    with pytest.raises(NotAllowed) as refused:
        annul(CREDIT, row, facts.act(tied, "理由"))
    assert codes(refused) == {"own_interest"}


def test_a_correction_keeps_the_old_row_with_its_ground_and_takes_effect_on_all_days():
    owner = make.enterprise()
    row = facts.check(owner)
    facts.check(owner, source="market_regulator")
    assert credit_of(owner, on=TODAY).standing == "clear"
    right = replace(SAID, result="adverse", ground="行政处罚")
    with pytest.raises(Refused) as refused:
        correct_check(row, right, facts.act(ground=" "))
    assert codes(refused) == {"ground_missing"}
    made = correct_check(row, right, facts.act(ground="结果抄错"))
    row.refresh_from_db()
    assert (row.annulled_ground, made.replaces_id, row.result) == ("结果抄错", row.pk, "clear")
    assert credit_of(owner, on=date(2026, 9, 2)).standing == "adverse"
    entry = LedgerEntry.objects.get(number=made.ledger_number)
    void = LedgerEntry.objects.get(number=row.annulled_number)
    assert (entry.supersedes, void.supersedes) == (row.ledger_number, row.ledger_number)
    with pytest.raises(NotPossible):
        annul(CREDIT, row, facts.act(ground="再次"))
    assert list(fact_faults(limit=3)) == []


def test_a_correction_that_is_refused_changes_nothing():
    row = facts.check()
    with pytest.raises(Refused):
        correct_check(row, replace(SAID, source=""), facts.act(ground="抄错"))
    row.refresh_from_db()
    assert not row.is_annulled


def test_a_document_is_kept_with_its_digest_and_a_bad_one_keeps_everything_out():
    row = facts.check(upload=ContentFile(make.PDF, "截图.pdf"))
    paper = row.papers.get()
    assert (paper.filename, paper.size) == ("截图.pdf", len(make.PDF))
    assert paper.sha256 in LedgerEntry.objects.get(number=paper.ledger_number).payload
    with pytest.raises(Refused) as refused:
        facts.check(upload=ContentFile(b"MZ", "病毒.exe"))
    assert {refusal.field for refusal in refused.value.refusals} == {"file"}
    assert (CreditCheck.objects.count(), CreditPaper.objects.count()) == (1, 1)
    assert list(fact_faults(limit=3)) == []


def test_each_sees_the_checks_of_their_sight_as_of_a_day():
    near, far = facts.check(), facts.check(make.enterprise(township=make.FAR_TOWN))
    seen = {
        role: set(visible_checks(make.account(role, **scope)).values_list("pk", flat=True))
        for role, scope in (
            (Role.DISTRICT_REVIEWER, {"unit": "liyang"}),
            (Role.TOWNSHIP_REVIEWER, {}),
            (Role.MONITOR, {}),
            (Role.EXPERT, {}),
            (Role.AUDITOR, {}),
        )
    }
    assert list(seen.values()) == [{far.pk}, {near.pk}, {near.pk, far.pk}, set(), set()]
    asked = dict.fromkeys(("source", "result", "state", "reporting_unit", "enterprise", "search", "on"), "")
    city = make.account(Role.CITY_REVIEWER)
    for day, state, count in ((None, "valid", 2), (date(2028, 1, 1), "expired", 2), (date(2026, 8, 1), "", 0)):
        assert checks_matching(city, {**asked, "on": day, "state": state}, on=TODAY).count() == count


def test_the_credit_of_many_is_asked_in_two_questions(django_assert_num_queries):
    rows = [facts.check(), facts.check()]
    facts.check(rows[0].enterprise, source="market_regulator")
    with django_assert_num_queries(2):
        found = credits_of([row.enterprise_id for row in rows], on=TODAY)
    assert [found[row.enterprise_id].standing.value for row in rows] == ["clear", "none"]


def test_the_timeline_tells_the_check_and_its_annulment():
    row = facts.check()
    annul(CREDIT, row, facts.act(ground="登记到了别的企业"))
    told = {event.title: event.detail for event in timeline(row.enterprise)}
    assert told["注销误记的信用核查"] == "登记到了别的企业"
    assert "信用核查（信用中国）：未见不良记录" in told
