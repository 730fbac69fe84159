"""Demo data: invented names, believable figures, work for every role, and true like everything else."""

import difflib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from certification.audit import fact_faults
from certification.certificates import Attention, shown_on
from certification.demo import load_demo
from certification.demo.names import brands, real_names, resembles
from certification.document_life import Standing
from certification.models import (
    Achievement,
    Application,
    Batch,
    BatchTerms,
    Certificate,
    CreditCheck,
    Document,
    Evaluation,
    Evidence,
    FigureValue,
    Finding,
    Organisation,
    Plan,
    Priority,
    PublicNotice,
    YearFigures,
)
from certification.papers import store
from certification.ranked_views import ranked_view
from certification.services.credit import credits_of
from certification.services.document_events import standing_of
from certification.services.dossiers import outlook
from certification.services.priorities import priorities_of
from certification.totals.checkpoint import fold
from certification.totals.figures import enterprises_behind, figures
from certification.totals.recount import recount
from enterprises.identifiers import check_credit_code
from enterprises.models import Account, Enterprise, ReportingUnit
from enterprises.roles import Role
from ledger.models import LedgerEntry
from ledger.unreadable import unreadable
from ledger.verify import verify
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
TODAY = date(2026, 11, 20)
HOME_TOWN = "320412100"


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for this module, and undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(at=NOW)
        fold(at=NOW)
        yield
        transaction.set_rollback(True)


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def figure(code: str, on: date) -> dict[str, object]:
    (found,) = figures(Plan.objects.get(code="13th"), as_of=on, indicators=[code])
    return {"gained": found.gained, "value": found.value, "valid": found.valid_now}


# --- names ----------------------------------------------------------------------------------------


def test_no_demo_name_equals_or_resembles_a_real_one() -> None:
    real = real_names()
    assert len(real) > 80
    for row in Enterprise.objects.filter(is_demo=True):
        for kept in row.names.values_list("name", flat=True):
            assert kept not in real
            close = difflib.get_close_matches(kept, real, n=1, cutoff=0.85)
            assert not close, (kept, close)


def test_brands_are_distinct_and_come_near_no_real_name() -> None:
    made = list(brands(Random(1)))
    assert len(made) >= 400
    assert len(set(made)) == len(made)
    assert not [brand for brand in made if resembles(brand, real_names())]


def test_a_brand_inside_a_real_name_is_found_either_way_round() -> None:
    assert resembles("星宇", ["常州星宇车灯股份有限公司"])
    assert resembles("宇星", ["常州星宇车灯股份有限公司"])
    assert not resembles("砚舟", ["常州星宇车灯股份有限公司"])


def test_credit_codes_are_valid_and_recognisably_invented() -> None:
    for uscc in Enterprise.objects.values_list("uscc", flat=True):
        assert check_credit_code(uscc).is_valid
        assert uscc[8:11] == "DEM"


# --- extent ---------------------------------------------------------------------------------------


def test_some_300_enterprises_in_all_units_all_marked() -> None:
    assert 280 <= Enterprise.objects.count() <= 340
    assert not Enterprise.objects.filter(is_demo=False).exists()
    spread = Counter(Enterprise.objects.values_list("reporting_unit", flat=True))
    assert set(spread) == set(ReportingUnit.objects.values_list("code", flat=True))
    assert min(spread.values()) >= 15


def test_ten_years_of_history_with_every_kind_of_ending() -> None:
    years = {day.year for day in Achievement.objects.values_list("effective_on", flat=True)}
    assert years >= set(range(2012, 2027))
    endings = Counter(Achievement.objects.exclude(ended_reason="").values_list("ended_reason", flat=True))
    assert set(endings) == {"expired", "withdrawn", "revoked", "annulled"}
    assert Achievement.objects.values("stage").distinct().count() == 10
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"enterprise.renamed", "enterprise.relocated", "high_tech.granted"} <= verbs


def test_figures_are_believable_at_the_plan_s_end_and_today() -> None:
    end = date(2020, 12, 31)
    assert 50 <= figure("guanbiao_enterprises", end)["gained"] <= 70
    assert 170 <= figure("evaluation_passed", end)["gained"] <= 230
    assert 75 <= figure("nationally_certified", end)["gained"] <= 100
    assert figure("nationally_certified", end)["valid"] < figure("nationally_certified", end)["gained"]
    assert 30 <= figure("ip_intensive_high_tech", end)["gained"] <= 50
    assert 60 <= figure("high_tech_guanbiao_coverage", end)["value"] <= 95
    for year in range(2016, 2027):
        assert 10 <= figure("intensive_guided_per_year", min(date(year, 12, 31), TODAY))["gained"] <= 20
    assert figure("guanbiao_enterprises", TODAY)["gained"] > figure("guanbiao_enterprises", end)["gained"]


def test_figures_ledger_and_facts_agree() -> None:
    assert recount(at=NOW, repair=False).is_clean
    assert verify().fault is None
    assert not list(fact_faults(limit=1))
    behind = enterprises_behind("guanbiao_enterprises", as_of=TODAY)
    assert behind.count() == figure("guanbiao_enterprises", TODAY)["gained"]


def test_no_row_of_any_table_is_taken_for_unreadable() -> None:
    assert [(model, found) for model in apps.get_models() for found in unreadable(model)] == []


def test_the_ledger_is_in_the_order_of_time_and_ends_before_now() -> None:
    reference = (
        "plan.",
        "calendar.",
        "division.",
        "edition.",
        "edition_terms.",
        "title_terms.",
        "notice_terms.",
        "rulebook.changed",
    )
    reference = (*reference, "wording.", "expert_field.", "sheet.", "credit_source.", "priority_kind.", "figure_item.")
    entries = LedgerEntry.objects.order_by("number").values_list("verb", "at")
    times = [at for verb, at in entries if not verb.startswith(reference)]
    history = [at for at in times if at < NOW]
    assert history == sorted(history)
    assert len(times) - len(history) <= 1  # frozen rulebooks and what the reference data recorded


# --- accounts -------------------------------------------------------------------------------------


def test_every_demo_account_of_the_contract_is_there_with_its_role() -> None:
    wanted = {
        "qiye": Role.APPLICANT,
        "zhenjie": Role.TOWNSHIP_REVIEWER,
        "quju": Role.DISTRICT_REVIEWER,
        "shiju": Role.CITY_REVIEWER,
        **{f"zhuanjia{n}": Role.EXPERT for n in range(1, 6)},
        "jiance": Role.MONITOR,
        "guihua": Role.PLAN_MANAGER,
        "sysadmin": Role.SYSTEM_ADMIN,
        "secadmin": Role.SECURITY_ADMIN,
        "auditor": Role.AUDITOR,
    }
    rows = Account.objects.filter(username__in=wanted, is_demo=True)
    assert {row.username: row.role for row in rows} == wanted


def test_demo_accounts_open_with_the_demo_password() -> None:
    for username in ("qiye", "shiju", Enterprise.objects.order_by("?").values_list("uscc", flat=True)[0]):
        assert account(username).check_password(settings.DEMO_ACCOUNT_PASSWORD)
        assert not account(username).check_password("another")


def test_each_enterprise_has_its_applicant() -> None:
    pairs = (
        Account.objects.filter(role=Role.APPLICANT).exclude(username="qiye").values_list("username", "enterprise__uscc")
    )
    assert all(username == uscc for username, uscc in pairs)
    assert len(pairs) == Enterprise.objects.count()


def test_zhenjie_and_quju_review_where_qiye_is() -> None:
    qiye = account("qiye").enterprise
    assert qiye is not None
    assert account("zhenjie").township_id == qiye.township_id == HOME_TOWN
    assert account("quju").unit_id == qiye.reporting_unit_id == "wujin"


# --- applications ---------------------------------------------------------------------------------


def test_every_status_occurs_at_every_level_that_it_can() -> None:
    found = set(Application.objects.values_list("status", "level"))
    for level in ("township", "district", "city"):
        assert {("submitted", level), ("accepted", level)} <= found
    assert {("returned", "township"), ("returned", "district"), ("draft", ""), ("approved", "city")} <= found
    assert {status for status, _ in found} >= {"rejected", "withdrawn"}


def test_one_correction_is_nearly_late_and_one_never_came() -> None:
    near = Application.objects.filter(status="returned").order_by("correct_by").values_list("correct_by", flat=True)
    assert TODAY <= near[0] <= TODAY + timedelta(days=7)
    lapsed = Application.objects.get(decisions__action="lapse")
    assert (lapsed.status, lapsed.decisions.get(action="lapse").actor) == ("withdrawn", None)


@pytest.mark.parametrize("username", ["zhenjie", "quju", "shiju"])
def test_each_reviewer_has_work_some_of_it_overdue(username: str) -> None:
    work = Application.objects.all().awaiting(account(username))
    assert work.count() >= 4
    assert {row.status for row in work} == {"submitted", "accepted"}
    assert work.overdue(on=TODAY).exists()
    assert work.exclude(due_on__lt=TODAY).exists()


def test_qiye_is_in_the_cultivation_store_and_half_way_through_its_next_application() -> None:
    qiye = account("qiye").enterprise
    assert qiye is not None
    since = Achievement.objects.get(enterprise=qiye).effective_on
    assert timedelta(days=60) < TODAY - since < timedelta(days=250)
    row = Application.objects.get(enterprise=qiye, status="draft")
    assert (row.stage, row.evidence.count()) == ("guanbiao.implementation", 2)
    assert row.fields
    (chance,) = [each for each in outlook(qiye, on=TODAY, seen_by=account("qiye")) if each.stage.code == row.stage]
    assert {refusal.code for refusal in chance.missing} >= {"field_missing", "evidence_missing", "modules_too_few"}


def test_evidence_is_a_pdf_that_says_what_it_is() -> None:
    row = Evidence.objects.order_by("?")[0]
    content = store.path_of(row.pk).read_bytes()
    assert content.startswith(b"%PDF-")
    assert "演示" in row.filename


# --- the deeper stages -----------------------------------------------------------------------------


def test_third_party_certificates_stand_in_every_way_and_need_every_kind_of_attention() -> None:
    shown = shown_on(Certificate.objects.prefetch_related("events"), on=TODAY)
    standings = {each.state.standing.value for each in shown}
    assert standings >= {
        "valid",
        "suspended",
        "withdrawn",
        "surrendered",
        "expired",
        "superseded",
        "annulled",
    }
    # The only conversion that there is was due by the end of 2025: it is no longer ahead of anyone.
    assert {attention for each in shown for attention in each.attention} == set(Attention) - {Attention.CONVERTING}
    assert {row.body.note for row in Certificate.objects.select_related("body")} == {"演示数据，虚构机构"}
    assert all("演示" in note for note in Organisation.objects.values_list("note", flat=True))


def test_there_is_a_batch_in_each_phase_and_an_appeal() -> None:
    phases = dict(Batch.objects.values_list("code", "state"))
    assert phases == {
        "DEMO-1": "finished",
        "DEMO-2": "closed",
        "DEMO-3": "closed",
        "DEMO-4": "open",
        "DEMO-5": "planned",
        "DEMO-M1": "closed",
    }
    held = Counter(Application.objects.filter(batch__code="DEMO-2").values_list("status", flat=True))
    assert held == {"noticed": 2, "objected": 1}
    assert PublicNotice.objects.filter(ends_on__gte=TODAY).count() == 1


def test_a_batch_is_ranked_and_its_settings_are_compared() -> None:
    view = ranked_view(Batch.objects.select_related("sheet").get(code="DEMO-M1"))
    assert view is not None
    assert view.seal is None
    assert len(view.lines) == 5
    assert len(view.settings) == 3
    assert view.contested
    assert any(not line.firmness.is_firm for line in view.lines)
    assert [str(kind) for kind, _counts in view.settings[0].mix] == ["统计单元", "产业链", "优先标识"]


def test_who_is_ranked_has_clear_credit_and_one_is_soon_to_be_checked_again() -> None:
    asked = BatchTerms.objects.get(batch__code="DEMO-M1").content["eligibility"]
    assert "credit_check" in {rule["kind"] for rule in asked if rule["required"]}
    owners = Application.objects.filter(batch__code="DEMO-M1").values_list("enterprise", flat=True)
    states = credits_of(owners, on=TODAY).values()
    assert {state.standing.value for state in states} == {"clear"}
    assert sum(state.valid_until < TODAY + timedelta(days=30) for state in states if state.valid_until) == 1


@pytest.mark.parametrize("username", [f"zhuanjia{n}" for n in range(1, 6)])
def test_each_expert_has_something_to_score(username: str) -> None:
    assert Evaluation.objects.visible_to(account(username)).filter(state="assigned").exists()


def test_credit_stands_in_every_way_and_some_have_all_three_inputs() -> None:
    owners = set(CreditCheck.objects.values_list("enterprise", flat=True))
    assert {state.standing.value for state in credits_of(owners, on=TODAY).values()} == {"clear", "expired", "adverse"}
    assert CreditCheck.objects.filter(annulled_at__isnull=False, replaced_by__isnull=False).count() == 1
    held = priorities_of(owners, on=TODAY)
    assert all("industry_chain" in {each.kind for each in of_it} for of_it in held.values())
    assert Priority.objects.filter(ended_on__lt=TODAY).count() == 1
    assert set(YearFigures.objects.values_list("enterprise", flat=True)) < owners
    assert FigureValue.objects.exclude(explained="").count() == 1
    assert YearFigures.objects.filter(version=2, is_latest=True).count() == 1


def test_findings_are_open_answered_overdue_and_closed() -> None:
    assert {"open", "answered", "closed"} == set(Finding.objects.values_list("status", flat=True))
    assert Finding.objects.filter(status="open", due_on__lt=TODAY).exists()


def test_the_bureau_s_own_certificates_stand_in_every_way() -> None:
    rows = Document.objects.filter(kind="certificate").select_related("achievement").prefetch_related("events")
    assert {standing_of(row, on=TODAY)[0] for row in rows} == set(Standing)
    passed = rows.filter(application__batch__code="DEMO-1", application__status="approved")
    assert passed.count() == 2
    assert {standing_of(row, on=TODAY)[0] for row in passed} == {Standing.VALID}


def test_qiye_has_papers_to_look_at() -> None:
    kinds = set(
        Document.objects.filter(application__enterprise=account("qiye").enterprise).values_list("kind", flat=True)
    )
    assert {"acceptance", "decision"} <= kinds


# --- loading --------------------------------------------------------------------------------------


def test_loading_again_does_nothing() -> None:
    before = (Enterprise.objects.count(), LedgerEntry.objects.count(), Account.objects.count())
    load_demo(at=datetime(2026, 12, 1, tzinfo=UTC))
    assert (Enterprise.objects.count(), LedgerEntry.objects.count(), Account.objects.count()) == before
