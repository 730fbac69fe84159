"""Administration: every page by every role, and what never changes there."""

from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from certification.models import IndicatorVersion, Job, Rulebook, StageRule
from enterprises.models import DeclaredInterest
from enterprises.roles import Role
from ledger.models import LedgerEntry
from ledger.verbs import Verb

from ..factories import NOW, account, applicant, filled, step
from .reading import posted, text_of
from .world import sign_in

STAFF = (Role.CITY_REVIEWER, Role.PLAN_MANAGER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
NOT_STAFF = (Role.TOWNSHIP_REVIEWER, Role.DISTRICT_REVIEWER, Role.EXPERT, Role.MONITOR, Role.APPLICANT)
EVERYONE, NOBODY = set(STAFF), set()
CITY, PLAN, SYSTEM, AUDITOR = {Role.CITY_REVIEWER}, {Role.PLAN_MANAGER}, {Role.SYSTEM_ADMIN}, {Role.AUDITOR}

# model -> who sees its list, who may add. A model that is not here fails the walk.
EXPECTED = {
    "enterprises.account": (SYSTEM | {Role.SECURITY_ADMIN}, NOBODY),
    "enterprises.declaredinterest": (CITY | {Role.SECURITY_ADMIN}, CITY | {Role.SECURITY_ADMIN}),
    "enterprises.division": (EVERYONE, CITY),
    "enterprises.reportingunit": (EVERYONE, NOBODY),
    "ledger.ledgerentry": (AUDITOR, NOBODY),
    "certification.rulebook": (EVERYONE, CITY),
    "certification.stagerule": (EVERYONE, CITY),
    "certification.edition": (EVERYONE, CITY),
    "certification.calendarday": (EVERYONE, CITY),
    "certification.organisation": (EVERYONE, CITY),
    "certification.editionterms": (EVERYONE, CITY),
    "certification.prioritykind": (EVERYONE, CITY),
    "certification.figureitem": (EVERYONE, CITY),
    "certification.creditsource": (EVERYONE, CITY),
    "certification.titleterms": (EVERYONE, CITY),
    "certification.noticeterms": (EVERYONE, CITY),
    "certification.scoresheet": (EVERYONE, CITY),
    "certification.expert": (CITY, CITY),
    "certification.plan": (EVERYONE, NOBODY),
    "certification.indicator": (EVERYONE, NOBODY),
    "certification.indicatorversion": (EVERYONE, PLAN),
    "certification.job": (SYSTEM, NOBODY),
    "certification.documentwording": (EVERYONE, CITY),
    "certification.messagewording": (EVERYONE, NOBODY),
    "certification.delivery": (SYSTEM, NOBODY),
}


def test_every_model_in_the_administration_has_its_expected_rights():
    assert {model._meta.label_lower for model in admin.site._registry} == set(EXPECTED)


@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF)
def test_each_role_sees_and_adds_what_is_its_own(role):
    client = sign_in(account(role))
    assert client.get("/admin/").status_code == 200
    for label, (sees, adds) in EXPECTED.items():
        name = label.replace(".", "_")
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == (200 if role in sees else 403), label
        assert client.get(reverse(f"admin:{name}_add")).status_code == (200 if role in adds else 403), label


@pytest.mark.django_db
@pytest.mark.parametrize("role", NOT_STAFF)
def test_others_do_not_reach_the_administration(role):
    client = sign_in(account(role))
    answer = client.get("/admin/", follow=True)
    assert "贯标与认定" not in text_of(answer)
    assert client.get("/admin/certification/rulebook/").status_code == 302


@pytest.mark.django_db
def test_a_stranger_signs_in_on_the_one_login_page(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/login/")


def rulebook(*, frozen: bool) -> Rulebook:
    book = Rulebook.objects.order_by("-in_force_from").first()
    assert book is not None
    if frozen:
        person = applicant()
        step(filled(person), "submit", person, at=NOW)
        book.refresh_from_db()
        assert book.is_frozen
    return book


@pytest.mark.django_db
def test_an_unfrozen_rulebook_is_edited_by_the_city():
    client, book = sign_in(account(Role.CITY_REVIEWER)), rulebook(frozen=False)
    address = reverse("admin:certification_rulebook_change", args=[book.pk])
    answer = client.post(address, {**posted(client, address), "title": "新名称"})
    assert answer.status_code == 302
    book.refresh_from_db()
    assert book.title == "新名称"


@pytest.mark.django_db
def test_next_years_wait_is_a_row_and_no_code():
    client = sign_in(account(Role.CITY_REVIEWER))
    rule = StageRule.objects.filter(stage="guanbiao.implementation").latest("rulebook__in_force_from")
    wait = rule.waits.get()
    address = reverse("admin:certification_stagerule_change", args=[rule.pk])
    answer = client.post(address, {**posted(client, address), "waits-0-months": "6"})
    assert answer.status_code == 302
    wait.refresh_from_db()
    assert wait.months == 6


@pytest.mark.django_db
def test_a_frozen_rulebook_and_its_stages_are_read_only():
    client, book = sign_in(account(Role.CITY_REVIEWER)), rulebook(frozen=True)
    rule = book.stage_rules.order_by("id").first()
    pages = [
        reverse("admin:certification_rulebook_change", args=[book.pk]),
        reverse("admin:certification_stagerule_change", args=[rule.pk]),
        reverse("admin:certification_edition_change", args=["GB/T 29490-2013".replace("/", "_2F").replace(" ", "_20")]),
    ]
    before = (book.title, rule.basis, rule.route.count())
    for page in pages[:2]:
        assert client.get(page).status_code == 200
        assert 'name="_save"' not in client.get(page).content.decode()
        assert client.post(page, {"title": "x", "basis": "x", "year": 2030}).status_code == 403
        assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    book.refresh_from_db()
    rule.refresh_from_db()
    assert (book.title, rule.basis, rule.route.count()) == before


@pytest.mark.django_db
def test_no_stage_is_added_to_a_frozen_rulebook():
    client, book = sign_in(account(Role.CITY_REVIEWER)), rulebook(frozen=True)
    address = reverse("admin:certification_stagerule_add")
    data = {**posted(client, address), "rulebook": book.pk, "stage": "project.strategy", "basis": "x"}
    assert client.post(address, data).status_code == 200
    assert not StageRule.objects.filter(rulebook=book, stage="project.strategy").exists()


@pytest.mark.django_db
def test_a_rulebook_is_copied_whole_for_the_next_year():
    client, book = sign_in(account(Role.CITY_REVIEWER)), rulebook(frozen=True)
    chosen = {"action": "copy_to_next_year", "_selected_action": [book.pk]}
    client.post(reverse("admin:certification_rulebook_changelist"), chosen)
    copy = Rulebook.objects.get(in_force_from=date(book.year + 1, 1, 1))
    assert not copy.is_frozen
    for old, new in zip(book.stage_rules.order_by("id"), copy.stage_rules.order_by("id"), strict=True):
        assert (old.stage, old.guidance, old.edition_id) == (new.stage, new.guidance, new.edition_id)
        for part in ("route", "waits", "fields", "evidence"):
            assert getattr(old, part).count() == getattr(new, part).count()
    again = client.post(reverse("admin:certification_rulebook_changelist"), chosen, follow=True)
    assert "已存在" in text_of(again)
    assert Rulebook.objects.filter(in_force_from=copy.in_force_from).count() == 1


def version_form(client, **changes: object) -> dict[str, object]:
    old = IndicatorVersion.objects.get(indicator__code="guanbiao_enterprises")
    address = reverse("admin:certification_indicatorversion_add") + f"?indicator={old.indicator_id}"
    return {**posted(client, address), "in_force_from": "2026-11-20", **changes}


@pytest.mark.django_db
def test_a_new_target_is_a_new_version_on_record():
    client = sign_in(account(Role.PLAN_MANAGER))
    answer = client.post(reverse("admin:certification_indicatorversion_add"), version_form(client, target="520"))
    assert answer.status_code == 302
    old, new = IndicatorVersion.objects.filter(indicator__code="guanbiao_enterprises").order_by("version")
    assert (old.target, new.target, new.version, new.opening) == (500, 520, 2, old.opening)
    entry = LedgerEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.subject) == (Verb.TARGET_SET, "indicator:13th:guanbiao_enterprises")


@pytest.mark.django_db
def test_a_new_opening_balance_is_on_record_and_recounts():
    client, changes = sign_in(account(Role.PLAN_MANAGER)), {"opening": "460", "opening_on": "2016-01-31"}
    answer = client.post(reverse("admin:certification_indicatorversion_add"), version_form(client, **changes))
    assert answer.status_code == 302
    assert LedgerEntry.objects.order_by("-number").first().verb == Verb.OPENING_BALANCE_SET
    assert Job.objects.filter(kind="recount").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"in_force_from": "2015-01-01"}, {"target": "0"}, {"opening_on": ""}, {"target": "x"}]
)
def test_a_wrong_version_is_refused_on_the_page(changes):
    client = sign_in(account(Role.PLAN_MANAGER))
    answer = client.post(reverse("admin:certification_indicatorversion_add"), version_form(client, **changes))
    assert answer.status_code == 200
    assert IndicatorVersion.objects.filter(indicator__code="guanbiao_enterprises").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF)
def test_a_version_on_record_never_changes(role):
    client = sign_in(account(role))
    version = IndicatorVersion.objects.get(indicator__code="guanbiao_enterprises")
    page = reverse("admin:certification_indicatorversion_change", args=[version.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"target": 1}).status_code == 403
    assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.django_db
def test_the_ledger_is_for_the_auditors_eyes_only():
    entry = LedgerEntry.objects.order_by("number").first()
    page = reverse("admin:ledger_ledgerentry_change", args=[entry.pk])
    client = sign_in(account(Role.AUDITOR))
    assert entry.hash in text_of(client.get(page))
    assert client.post(page, {"verb": "x"}).status_code == 403
    assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:ledger_ledgerentry_changelist"), {"q": str(entry.number)}).status_code == 200
    assert {sign_in(account(role)).get(page).status_code for role in STAFF if role != Role.AUDITOR} == {403}


@pytest.mark.django_db
def test_role_and_scope_of_an_account_never_change_here():
    client, person = sign_in(account(Role.SYSTEM_ADMIN)), account("monitor")
    page = reverse("admin:enterprises_account_change", args=[person.pk])
    data = {
        "display_name": "某人",
        "email": "",
        "is_active": "on",
        "new_password": "",
        "role": "city_reviewer",
        "username": "x",
    }
    assert client.post(page, data).status_code == 302
    person.refresh_from_db()
    assert (person.display_name, person.role) == ("某人", "monitor")
    assert person.username != "x"


@pytest.mark.django_db
def test_a_password_given_by_the_administrator_must_be_changed():
    client, person = sign_in(account(Role.SYSTEM_ADMIN)), applicant()
    page = reverse("admin:enterprises_account_change", args=[person.pk])
    client.post(page, {"display_name": "", "email": "", "is_active": "on", "new_password": "a-New-Long-Passw0rd"})
    person.refresh_from_db()
    assert person.check_password("a-New-Long-Passw0rd")
    assert person.must_change_password


@pytest.mark.django_db
def test_the_security_officer_sees_accounts_and_changes_none():
    client, person = sign_in(account(Role.SECURITY_ADMIN)), account("monitor")
    page = reverse("admin:enterprises_account_change", args=[person.pk])
    assert client.get(page).status_code == 200
    assert person.password not in client.get(page).content.decode()
    assert client.post(page, {"display_name": "x"}).status_code == 403


@pytest.mark.django_db
def test_a_declared_interest_is_ended_by_the_security_officer_and_stays_on_file():
    person, enterprise = account(Role.CITY_REVIEWER), applicant().enterprise
    city = sign_in(account(Role.CITY_REVIEWER))
    asked = {"account": person.pk, "enterprise": enterprise.pk, "reason": "亲属任职"}
    city.post(reverse("admin:enterprises_declaredinterest_add"), asked)
    tie = DeclaredInterest.objects.get(account=person)
    ending = {"action": "end", "_selected_action": [tie.pk]}
    address = reverse("admin:enterprises_declaredinterest_changelist")
    city.post(address, ending)
    tie.refresh_from_db()
    assert tie.ended_at is None
    sign_in(account(Role.SECURITY_ADMIN)).post(address, ending)
    tie.refresh_from_db()
    assert tie.ended_at is not None
    assert LedgerEntry.objects.filter(verb=Verb.INTEREST_ENDED).count() == 1


@pytest.mark.django_db
def test_a_frozen_rulebook_is_supplemented_by_a_version_with_day_and_reason():
    client, book = sign_in(account(Role.CITY_REVIEWER)), rulebook(frozen=True)
    address, day = reverse("admin:certification_rulebook_changelist"), timezone.localdate() + timedelta(days=2)
    assert 'name="reason"' in client.get(address).content.decode()
    asked = {"action": "supplement", "_selected_action": [book.pk], "in_force_from": day.isoformat()}
    assert "没有缺少的阶段" in text_of(client.post(address, asked | {"reason": "补充"}, follow=True))
    StageRule.objects.filter(rulebook=book, stage="guanbiao.evaluation").delete()
    assert "理由" in text_of(client.post(address, asked, follow=True))
    assert not Rulebook.objects.filter(in_force_from=day).exists()
    client.post(address, asked | {"reason": "依据新的办法"})
    made = Rulebook.objects.get(in_force_from=day)
    assert made.stage_rules.filter(stage="guanbiao.evaluation").exists()
    assert made.basis.endswith("依据新的办法")
