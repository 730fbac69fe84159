"""What is wrong with a stated certificate, as a table: one change of a sound one, one refusal. No database."""

from dataclasses import replace
from datetime import date

import pytest

from certification.certificate_checks import Body, Known, matches, missing, stated, unsound
from certification.certificate_life import Terms

D = date.fromisoformat
OLD, NEW = "GB/T 29490-2013", "GB/T 29490-2023"
TERMS = {
    OLD: Terms(OLD, 36, 12, 3, applications_until=D("2024-12-31"), convert_by=D("2025-12-31")),
    NEW: Terms(NEW, 36, 12, 3, applications_from=D("2024-01-01")),
}
SOUND = {
    "number": "165IP240001R0M",
    "body": "示例认证",
    "holder": "常州示例有限公司",
    "holder_address": "常州市新北区",
    "scope_management": "知识产权获取、维护、运用、保护",
    "scope_links": "研发、生产、销售",
    "edition": NEW,
    "route": "direct",
    "system_since": "2024-02-01",
    "applied_on": "2024-04-01",
    "issued_on": "2024-05-01",
    "expires_on": "2027-04-30",
}
BODY = Body("demo", "示例认证", "165IP######R#@", D("2015-01-01"), D("2026-12-31"))
KNOWN = Known(D("2026-11-20"), D("1985-04-01"), BODY, TERMS, ("direct", "transition"))


def refused(known: Known = KNOWN, **said: str) -> list[tuple[str, str]]:
    found = stated({**SOUND, **said})
    return [(refusal.field, refusal.code) for refusal in (*missing(found), *unsound(found, known))]


def test_a_sound_certificate_is_not_refused():
    assert refused() == []
    assert refused(number="１６５ip240001 r0m") == []
    assert refused(expires_on="2027-05-01") == []
    assert refused(issued_on="2024-05-01", system_since="2024-02-01") == []


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"number": "证书1"}, "number", "number_form"),
        ({"number": "AB1"}, "number", "number_form"),
        ({"number": "165IP/0001"}, "number", "number_form"),
        ({"number": "165IP24001R0M"}, "number", "number_pattern"),
        ({"number": ""}, "number", "field_missing"),
        ({"holder": "名" * 121}, "holder", "too_long"),
        ({"edition": "GB/T 1"}, "edition", "edition_unknown"),
        ({"edition": OLD, "applied_on": "2025-01-01", "issued_on": "2025-02-01"}, "edition", "edition_closed"),
        ({"applied_on": "2023-12-31"}, "edition", "edition_closed"),
        ({"route": "side"}, "route", "route_unknown"),
        ({"system_since": "2024-02-02"}, "issued_on", "system_too_young"),
        ({"expires_on": "2024-05-01"}, "expires_on", "expires_before_issue"),
        ({"expires_on": "2027-05-02"}, "expires_on", "expires_too_late"),
        ({"applied_on": "2024-05-02"}, "issued_on", "issued_before_applied"),
        ({"issued_on": "2026-11-21", "expires_on": "2027-01-01"}, "issued_on", "day_implausible"),
        ({"system_since": "1900-01-01"}, "system_since", "day_implausible"),
        ({"issued_on": "2024-13-40"}, "issued_on", "field_missing"),
    ],
)
def test_one_thing_wrong_is_one_refusal(said, field, code):
    assert (field, code) in refused(**said)
    assert len(refused(**said)) == 1


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"body": None}, "body", "body_unknown"),
        ({"body": replace(BODY, approved_from=D("2024-05-02"))}, "body", "body_not_approved"),
        ({"body": replace(BODY, approved_to=D("2024-04-30"))}, "body", "body_not_approved"),
        ({"has_advised": True}, "body", "body_advised"),
        ({"is_number_used": True}, "number", "number_used"),
        ({"same_day": "X1"}, "issued_on", "same_day"),
    ],
)
def test_what_the_registry_knows_stands_against_it(change, field, code):
    assert refused(replace(KNOWN, **change)) == [(field, code)]


def test_a_2013_application_on_the_last_day_is_accepted():
    assert refused(edition=OLD, applied_on="2024-12-31", issued_on="2025-02-01", expires_on="2028-01-31") == []


def test_every_refusal_names_value_and_remedy():
    wrong = {"number": "165IP24001R0M", "edition": OLD, "applied_on": "2025-01-01", "expires_on": "2024-01-01"}
    for refusal in unsound(stated({**SOUND, **wrong}), replace(KNOWN, has_advised=True)):
        assert refusal.field
        assert refusal.remedy
        assert any(value in refusal.message for value in (*wrong.values(), BODY.name, "2024-05-01"))


@pytest.mark.parametrize(
    ("pattern", "number", "fits"),
    [("AB-##@", "AB-12C", True), ("AB-##@", "AB-1CC", False), ("A(#)", "A(1)", True), ("A.#", "AB1", False)],
)
def test_a_pattern_is_read_sign_by_sign(pattern, number, fits):
    assert matches(pattern, number) is fits


NAMED = replace(KNOWN, names=("常州示例有限公司", "常州示例（集团）有限公司"))


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        ({"holder": "常州示例(集团)有限公司"}, []),
        ({"holder": "常州 示例（集团)有限公司"}, []),
        ({"holder": "别家有限公司"}, [("holder", "holder_differs")]),
        ({"holder": "常州示例有限公司新北分公司", "holder_reason": "分公司持证"}, []),
        ({"holder": "别家有限公司", "holder_reason": "  "}, [("holder", "holder_differs")]),
        ({"holder": "常州示例有限公司", "holder_reason": "由" * 201}, [("holder_reason", "too_long")]),
    ],
)
def test_the_holder_is_a_name_of_the_enterprise_or_the_reason_is_given(said, codes):
    assert refused(NAMED, **said) == codes


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\ufeff", "\u2066", "\u00ad", "\x07", "\u3164", "\ufe0f"])
@pytest.mark.parametrize("name", ["holder", "holder_address", "scope_management", "scope_links", "holder_reason"])
def test_what_nobody_sees_is_refused_wherever_it_is_written(name, sign):
    found = refused(NAMED, **{name: f"常州{sign}示例有限公司"})
    assert (name, "invisible_character") in found
