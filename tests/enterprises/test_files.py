"""The one-enterprise file: registering, amending, renaming, moving, qualifications; who sees it."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from certification.queries import timeline
from enterprises.errors import Duplicate, NotAllowed, Refused, Stale
from enterprises.models import Account, Enterprise, HighTechPeriod
from enterprises.roles import Role
from enterprises.services.accounts import create_account
from enterprises.services.amendments import amend, relocate, rename
from enterprises.services.qualifications import end_high_tech, grant_high_tech
from enterprises.services.registration import Registration, register_enterprise
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests import factories as make

pytestmark = pytest.mark.django_db


def asked(**changes):
    fields = {"uscc": make.credit_code(), "name": "常州星河（试验）有限公司", "township": make.TOWN, **changes}
    return Registration(**fields)


def refusal_codes(call):
    with pytest.raises(Refused) as refused:
        call()
    return {r.code for r in refused.value.refusals}


def test_applicant_registers_its_own_enterprise_once():
    person = make.account(Role.APPLICANT)
    row = register_enterprise(asked(), actor=person, at=make.NOW)
    person.refresh_from_db()
    assert (person.enterprise, row.reporting_unit_id) == (row, "wujin")
    with pytest.raises(NotAllowed):
        register_enterprise(asked(), actor=person, at=make.NOW)


def test_registering_names_every_defect_and_changes_nothing():
    city = make.account(Role.CITY_REVIEWER)
    before = LedgerEntry.objects.count()
    wrong = asked(
        uscc="91350100M000100Y44", name=" ", township="320499", innovation_tier="gold", established_on=date(2030, 1, 1)
    )
    codes = refusal_codes(lambda: register_enterprise(wrong, actor=city, at=make.NOW))
    assert codes == {"uscc_checksum", "name_missing", "unknown_division", "tier_unknown", "established_in_future"}
    assert (Enterprise.objects.count(), LedgerEntry.objects.count()) == (0, before)


def test_checksum_is_overridden_by_a_reviewer_with_a_reason_only():
    code = "91350100M000100Y44"
    with_reason = asked(uscc=code, uscc_override_reason="登记机关书面确认")
    assert refusal_codes(lambda: register_enterprise(with_reason, actor=make.account(Role.APPLICANT), at=make.NOW))
    city = make.account(Role.CITY_REVIEWER)
    assert refusal_codes(lambda: register_enterprise(asked(uscc=code), actor=city, at=make.NOW)) == {"uscc_checksum"}
    assert register_enterprise(with_reason, actor=city, at=make.NOW).uscc == code


def test_existing_enterprise_is_a_duplicate_however_it_is_typed():
    row = make.enterprise()
    with pytest.raises(Duplicate):
        register_enterprise(asked(uscc=row.uscc.lower()), actor=make.account(Role.CITY_REVIEWER), at=make.NOW)


def test_ended_township_is_refused():
    city = make.account(Role.CITY_REVIEWER)
    assert refusal_codes(lambda: register_enterprise(asked(township="320411001"), actor=city, at=make.NOW)) == {
        "division_ended"
    }


@pytest.mark.parametrize("fragment", ["星河", "(试验)", "（试验）", "CZXH", "czxh", "新星"])
def test_search_finds_names_initials_and_old_names(fragment):
    row = make.enterprise(name="常州星河（试验）有限公司")
    make.enterprise(name="溧阳某厂")
    rename(row, "常州新星有限公司", since=date(2026, 6, 1), actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    assert list(Enterprise.objects.found_by(fragment)) == [row]


def test_search_by_code_fragment_and_hostile_input():
    row = make.enterprise()
    assert row in Enterprise.objects.found_by(row.uscc[6:].lower())
    for fragment in ("", "常", "%%", "__", "'\"; --", '" OR "', "\\", "x" * 500, "没有这家"):
        assert list(Enterprise.objects.found_by(fragment)) == []


def test_relocation_moves_the_file_but_not_the_past():
    row = make.enterprise()
    city = make.account(Role.CITY_REVIEWER)
    fact = make.achievement(row, "guanbiao.evaluation", date(2020, 5, 1))
    relocate(row, make.FAR_TOWN, since=date(2024, 1, 1), actor=city, at=make.NOW)
    later = make.achievement(row, "guanbiao.certification", date(2024, 5, 1))
    fact.refresh_from_db()
    assert (fact.reporting_unit_id, later.reporting_unit_id) == ("wujin", "liyang")


def test_amending_keeps_before_and_after_and_refuses_a_stale_page():
    row = make.enterprise()
    person = make.applicant(row)
    amend(row, {"industry": "C3825", "contact_phone": "13900000001"}, actor=person, at=make.NOW, expected_version=1)
    kept = {change.field: (change.before, change.after) for change in row.changes.all()}
    assert kept == {"industry": ("", "C3825"), "contact_phone": ("", "（已更新）")}
    with pytest.raises(Stale):
        amend(row, {"industry": "C1"}, actor=person, at=make.NOW, expected_version=1)
    assert refusal_codes(lambda: amend(row, {"uscc": "x"}, actor=person, at=make.NOW)) == {"unknown_field"}


def test_telephone_and_industry_are_kept_in_one_form():
    person = make.account(Role.APPLICANT)
    row = register_enterprise(asked(contact_phone="０５１９ 88881234", industry="c3484"), actor=person, at=make.NOW)
    assert (row.contact_phone, row.industry) == ("0519-88881234", "C3484")
    amend(row, {"contact_phone": "138 0000 0000", "industry": "ｃ３８２５"}, actor=person, at=make.NOW)
    row.refresh_from_db()
    assert (row.contact_phone, row.industry) == ("13800000000", "C3825")


def test_what_is_no_telephone_is_refused_with_its_remedy():
    def refused_for(call):
        with pytest.raises(Refused) as refused:
            call()
        return [
            (each.field, "“abc”" in each.message, "0519-88881234" in each.remedy) for each in refused.value.refusals
        ]

    person = make.applicant()
    registered = refused_for(
        lambda: register_enterprise(asked(contact_phone="abc"), actor=make.account(Role.APPLICANT), at=make.NOW)
    )
    amended = refused_for(lambda: amend(person.enterprise, {"contact_phone": "abc"}, actor=person, at=make.NOW))
    assert registered == amended == [("contact_phone", True, True)]


def test_an_old_telephone_stands_until_it_is_changed():
    person = make.applicant()
    row = person.enterprise
    Enterprise.objects.filter(pk=row.pk).update(contact_phone="总机转老王")
    amend(row, {"contact_phone": "总机转老王", "industry": "C3825"}, actor=person, at=make.NOW)
    row.refresh_from_db()
    assert (row.contact_phone, row.industry) == ("总机转老王", "C3825")
    amend(row, {"contact_phone": ""}, actor=person, at=make.NOW)


def test_contact_is_encrypted_at_rest():
    row = make.enterprise()
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone FROM enterprises_enterprise WHERE id = %s", [row.pk])
        stored = cursor.fetchone()[0]
    assert "13800000000" not in stored
    assert Enterprise.objects.get(pk=row.pk).contact_phone == "13800000000"


def test_high_tech_periods_do_not_overlap_and_decide_the_status_of_the_day():
    row, city = make.enterprise(), make.account(Role.CITY_REVIEWER)
    words = {"actor": city, "at": make.NOW}
    grant_high_tech(
        row, certificate="GR202032000001", valid_from=date(2020, 12, 1), valid_to=date(2023, 11, 30), **words
    )
    again = {"certificate": "GR202332000001", "valid_from": date(2023, 11, 30), "valid_to": date(2026, 1, 1)}
    assert refusal_codes(lambda: grant_high_tech(row, **again, **words)) == {"period_overlaps"}
    assert make.achievement(row, "intensive.recognition", date(2023, 11, 30)).was_high_tech
    assert not make.achievement(row, "intensive.recognition", date(2023, 12, 1)).was_high_tech


def test_everyone_sees_only_their_scope():
    near, far = make.enterprise(), make.enterprise(township=make.FAR_TOWN)
    staff = make.reviewers()
    assert set(Enterprise.objects.visible_to(staff["city"])) == {near, far}
    assert set(Enterprise.objects.visible_to(staff["district"])) == {near}
    assert set(Enterprise.objects.visible_to(staff["township"])) == {near}
    assert set(Enterprise.objects.visible_to(make.applicant(far))) == {far}
    for role in (Role.EXPERT, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        assert not Enterprise.objects.visible_to(make.account(role)).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "auditor", "scope_kind": "city"},
        {"role": "system_admin", "scope_kind": "unit", "unit_id": "wujin"},
        {"role": "security_admin", "scope_kind": "none", "unit_id": "wujin"},
        {"role": "auditor,system_admin", "scope_kind": "none"},
        {"role": "district_reviewer", "scope_kind": "city"},
        {"role": "township_reviewer", "scope_kind": "township"},
    ],
)
def test_database_refuses_a_role_with_another_scope(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(username="wrong", password="x", **fields)


@pytest.mark.parametrize(
    ("role", "scope"),
    [("township_reviewer", "320412"), ("district_reviewer", "nowhere"), ("auditor", "wujin"), ("king", "")],
)
def test_account_service_explains_a_wrong_scope(role, scope):
    assert refusal_codes(lambda: create_account("neu", role=role, scope=scope, password=make.PASSWORD, at=make.NOW))


def test_weak_password_is_refused_in_words():
    assert refusal_codes(
        lambda: create_account("neu", role="monitor", scope="city", password="12345678", at=make.NOW)
    ) == {"password_weak"}


def test_timeline_lists_every_fact_with_its_ledger_number():
    row = make.enterprise()
    rename(row, "常州改名有限公司", since=date(2025, 1, 1), actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    make.achievement(row, "guanbiao.evaluation", date(2020, 5, 1))
    events = timeline(row)
    assert [e.kind for e in events] == ["change", "registration", "achievement"]
    assert all(e.ledger_number for e in events)
    assert verify().fault is None


def test_facts_that_figures_rest_on_are_stated_by_reviewers_only():
    row = make.enterprise()
    person = make.applicant(row)
    today = date(2026, 11, 20)
    calls = (
        lambda: rename(row, "常州改名有限公司", since=today, actor=person, at=make.NOW),
        lambda: relocate(row, make.FAR_TOWN, since=today, actor=person, at=make.NOW),
        lambda: amend(row, {"innovation_tier": "leading"}, actor=person, at=make.NOW),
        lambda: grant_high_tech(row, certificate="", valid_from=today, valid_to=today, actor=person, at=make.NOW),
    )
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
    with pytest.raises(NotAllowed):
        register_enterprise(asked(innovation_tier="leading"), actor=make.account(Role.APPLICANT), at=make.NOW)
    amend(row, {"innovation_tier": "leading"}, actor=make.reviewers()["township"], at=make.NOW)


def test_high_tech_status_can_end_early_and_open_periods_overlap():
    row, city = make.enterprise(), make.account(Role.CITY_REVIEWER)
    words = {"actor": city, "at": make.NOW}
    period = grant_high_tech(row, certificate="", valid_from=date(2024, 1, 1), valid_to=date(2026, 12, 31), **words)
    HighTechPeriod.objects.filter(pk=period.pk).update(valid_to=None)
    again = {"certificate": "", "valid_from": date(2027, 1, 1), "valid_to": date(2029, 1, 1)}
    assert refusal_codes(lambda: grant_high_tech(row, **again, **words)) == {"period_overlaps"}
    assert refusal_codes(lambda: end_high_tech(period, last_day=date(2025, 1, 1), reason=" ", **words))
    end_high_tech(period, last_day=date(2025, 1, 1), reason="主管部门公告取消", **words)
    period.refresh_from_db()
    assert period.valid_to == date(2025, 1, 1)
