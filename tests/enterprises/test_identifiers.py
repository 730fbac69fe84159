"""Credit codes, names and their search forms."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.identifiers import (
    check_credit_code,
    clean_name,
    is_high_tech_certificate,
    is_phone,
    normalise_credit_code,
    normalise_industry_code,
    normalise_phone,
    pinyin_initials,
    search_form,
    with_check_character,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALID = ["91350100M000100Y43", "91110000101623741K", "911101066976941872", "91320411MA2455XH60"]


def independent_check(first_17):
    """GB 32100-2015 written out once more: weights 3^i mod 31, (31 - sum mod 31) mod 31."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    return ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize("code", VALID)
def test_valid_codes_pass(code):
    assert check_credit_code(code).is_valid
    assert independent_check(code[:17]) == code[17]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("91350100M000100Y4Z", "characters"),
        ("91350100M000100Y44", "checksum"),
        ("91350100M000100Y4", "length"),
        ("", "length"),
        ("91350100I000100Y43", "characters"),
        ("0" * 40, "length"),
    ],
)
def test_invalid_codes_say_why(code, error):
    checked = check_credit_code(code)
    assert checked.error == error
    assert checked.reason
    assert checked.only_checksum_fails is (error == "checksum")


@pytest.mark.parametrize(
    "typed", ["９１３５０１００Ｍ０００１００Ｙ４３", "91350100m000100y43", " 9135 0100-M000 100Y43 "]
)
def test_full_width_lower_case_and_spaced_codes_are_normalised(typed):
    assert normalise_credit_code(typed) == "91350100M000100Y43"
    assert check_credit_code(typed).is_valid


@given(st.text(ALPHABET[:10], min_size=8, max_size=8), st.text(ALPHABET, min_size=9, max_size=9))
def test_check_character_agrees_with_the_standard(authority, body):
    code = with_check_character(authority + body)
    assert code[17] == independent_check(code[:17])


@given(st.text(max_size=30))
def test_any_text_is_checked_without_an_error(text):
    assert check_credit_code(text).error or check_credit_code(text).is_valid


def test_names_are_found_in_either_bracket_width_and_case():
    assert search_form("苏拉（金坛）ABC 公司") == search_form("苏拉(金坛)abc公司")
    assert clean_name("  常州\u0000某　公司 ") == "常州某 公司"
    assert pinyin_initials("常州星河科技") == "czxhkj"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800000000", "13800000000"),
        ("１３８ ００００-００００", "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("0519-88881234", "0519-88881234"),
        ("051988881234", "0519-88881234"),
        ("０５１９－８８８８１２３４", "0519-88881234"),
        ("010 8888 1234", "010-88881234"),
        ("0519-8881234", "0519-8881234"),
        ("0519-88881234 转 801", "0519-88881234-801"),
        ("0519-88881234-801", "0519-88881234-801"),
    ],
)
def test_a_telephone_is_kept_in_one_form(typed, kept):
    assert normalise_phone(typed) == kept
    assert is_phone(kept)
    assert normalise_phone(kept) == kept


@pytest.mark.parametrize(
    "typed", ["abc", "1", "12800000000", "138000000001", "88881234", "0519-888812", "010-888812345", "0519-88881234-"]
)
def test_what_is_no_telephone_is_not_taken_for_one(typed):
    assert not is_phone(normalise_phone(typed))


def test_an_industry_code_is_kept_half_width_and_upper_case():
    assert [normalise_industry_code(typed) for typed in ("c3484", "Ｃ３４８４", " C 3484 ")] == ["C3484"] * 3


def test_high_tech_certificate_form():
    assert is_high_tech_certificate("GR202232001234")
    assert not is_high_tech_certificate("GR202233001234")


def test_the_dictionary_of_sounds_is_loaded_by_who_needs_it_only() -> None:
    """It would be most of a process's memory, and most of the time that a process takes to start."""
    asked = "import django, sys; django.setup(); import registry.wsgi; print('pypinyin' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert said.stdout.split()[-1] == "False"
