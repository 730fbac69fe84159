"""Statements written once: they find and write what the querysets and `save` would, on either database."""

from datetime import date

import pytest
from django.db import transaction
from django.db.models import Exists, OuterRef

from certification.models import Achievement, Application, ApplicationStep
from enterprises.models import DeclaredInterest, Enterprise
from enterprises.models.enterprise import EnterpriseLocation
from ledger.prepared import Given, NothingChanged, Prepared, Statement, run
from ledger.rows import change, columns_of, insert, insertion, made
from tests import factories as make

pytestmark = pytest.mark.django_db
ENTERPRISES = Prepared(lambda: Enterprise.objects.filter(pk=Given("pk")).values_list(*columns_of(Enterprise)))
APPLICATIONS = Prepared(lambda: Application.objects.filter(pk=Given("pk")).values_list(*columns_of(Application)))


def columns(row):
    return {name: getattr(row, name) for name in columns_of(type(row))}


def test_a_row_is_what_the_model_reads_decrypted_and_with_its_types() -> None:
    for kept in (make.enterprise(), make.enterprise(established_on=None)):
        (found,) = ENTERPRISES.rows(pk=kept.pk)
        assert columns(made(Enterprise, found)) == columns(Enterprise.objects.get(pk=kept.pk))
    application = make.filled(make.applicant())
    (found,) = APPLICATIONS.rows(pk=application.pk)
    assert columns(made(Application, found)) == columns(Application.objects.get(pk=application.pk))
    assert made(Application, found).fields["legal_representative"] == "张三"


def test_the_sql_is_written_once_and_each_call_has_its_own_values() -> None:
    written = []
    names = Prepared(
        lambda: (
            written.append(1)
            or Enterprise.objects.filter(name=Given("name"), is_demo=Given("demo")).order_by().values_list("pk")
        )
    )
    first, second = make.enterprise(name="甲%s公司"), make.enterprise(name="乙'公司")
    assert names.rows(name="甲%s公司", demo=False) == [(first.pk,)]
    assert names.rows(name="乙'公司", demo=False) == [(second.pk,)]
    assert names.rows(name="乙'公司", demo=True) == []
    assert written == [1]


def test_values_reach_subqueries_and_days() -> None:
    enterprise, account = make.enterprise(), make.reviewers()["city"]
    ties = DeclaredInterest.objects.filter(account=Given("account"), enterprise=OuterRef("enterprise"))
    places = Prepared(
        lambda: (
            EnterpriseLocation.objects.filter(enterprise=Given("enterprise"))
            .in_force(on=Given("on"))
            .annotate(tied=Exists(ties))
            .values_list("valid_from", "tied")
        )
    )
    start = EnterpriseLocation.objects.get(enterprise=enterprise).valid_from
    asked = {"enterprise": enterprise.pk, "account": account.pk}
    assert places.rows(on=start, **asked) == [(start, False)]
    assert places.rows(on=date(1990, 1, 1), **asked) == []
    DeclaredInterest.objects.create(account=account, enterprise=enterprise, reason="配偶", declared_at=make.NOW)
    assert places.rows(on=start, **asked) == [(start, True)]


def test_insert_and_change_keep_what_save_would() -> None:
    application = make.draft(make.applicant())
    step = ApplicationStep(
        application=application, turn=1, level="city", entered_at=make.NOW, clock_from=date(2026, 11, 20)
    )
    insert(step)
    assert columns(ApplicationStep.objects.get(pk=step.pk)) == columns(step)
    step.closed_at, step.used_days, step.clock_from, step.level = make.NOW, 3, None, "township"
    run(change(step, "closed_at", "used_days", "clock_from"))
    kept = ApplicationStep.objects.get(pk=step.pk)
    assert (kept.closed_at, kept.used_days, kept.clock_from) == (make.NOW, 3, None)
    assert kept.level == "city"  # not named, not written


def test_what_the_database_generates_is_read_when_asked_for() -> None:
    row = make.achievement(make.enterprise(), "guanbiao.cultivation", date(2026, 1, 5))
    assert row.effective_ymd == 20260105
    assert columns(Achievement.objects.get(pk=row.pk)) == columns(row)


def test_a_change_of_what_is_no_longer_so_is_told_and_changes_nothing() -> None:
    application = make.draft(make.applicant())
    application.modules = ["7.1"]
    with pytest.raises(NothingChanged), transaction.atomic():
        run(change(application, "modules", where={"version": application.version + 1}))
    assert Application.objects.get(pk=application.pk).modules == []
    run(change(application, "modules", where={"version": application.version, "status": "draft"}))
    assert Application.objects.get(pk=application.pk).modules == ["7.1"]


def test_each_of_several_statements_sees_those_before_it_and_answers_for_itself() -> None:
    first, second = make.enterprise(), make.enterprise()
    first.name = "常州改名有限公司"
    stranger = Enterprise(pk=second.pk + 1000, name="无")
    found = run(
        ENTERPRISES.given(pk=first.pk), change(first, "name"), ENTERPRISES.given(pk=first.pk), ENTERPRISES.given(pk=0)
    )
    assert [len(rows) for rows in found] == [1, 0, 1, 0]
    assert made(Enterprise, found[2][0]).name == "常州改名有限公司" != made(Enterprise, found[0][0]).name
    with pytest.raises(NothingChanged), transaction.atomic():
        run(change(first, "name"), change(stranger, "name"), Statement("SELECT 1"))


def test_an_insertion_gives_its_key_among_others() -> None:
    application = make.draft(make.applicant())
    steps = [
        ApplicationStep(application=application, turn=turn, level="city", entered_at=make.NOW, closed_at=make.NOW)
        for turn in (1, 2)
    ]
    keys = [rows[0][0] for rows in run(*map(insertion, steps))]
    assert list(ApplicationStep.objects.order_by("turn").values_list("pk", flat=True)) == keys
