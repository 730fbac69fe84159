"""How credit stands on a day: by the latest good check of each source, and never by a flag."""

from datetime import date

import pytest

from certification.inputs.credit_life import Checked, CreditStanding, credit_on

A, B = "credit_china", "market_regulator"
NEEDED = (A, B)


def made(source: str, month: int, *, is_clear: bool = True, until: int = 6, number: int = 0) -> Checked:
    """A check of the first of a month of 2026, good to the end of another."""
    return Checked(source, date(2026, month, 1), date(2026, month + until, 28), is_clear, number)


BOTH = (made(A, 1), made(B, 1))


@pytest.mark.parametrize(
    ("checks", "day", "standing", "until", "lacking"),
    [
        ([], date(2026, 6, 1), "none", None, (A, B)),
        ([made(A, 1)], date(2026, 2, 1), "none", None, (B,)),
        ([made(A, 1), made(B, 2)], date(2026, 2, 1), "clear", date(2026, 7, 28), ()),
        ([made(A, 1), made(B, 2)], date(2026, 1, 31), "none", None, (B,)),
        ([made(A, 1), made(B, 2)], date(2026, 7, 28), "clear", date(2026, 7, 28), ()),
        ([made(A, 1), made(B, 2)], date(2026, 7, 29), "expired", None, (A,)),
        ([made(A, 1), made(B, 2), made(A, 4)], date(2026, 7, 29), "clear", date(2026, 8, 28), ()),
        ([made(A, 1), made(B, 2, is_clear=False)], date(2026, 3, 1), "adverse", date(2026, 8, 28), (B,)),
        ([made("other", 1, is_clear=False), *BOTH], date(2026, 3, 1), "adverse", date(2026, 7, 28), ()),
        ([made(A, 1, is_clear=False), made(A, 3), made(B, 1)], date(2026, 4, 1), "clear", date(2026, 7, 28), ()),
        ([made(A, 1, is_clear=False, until=1), made(B, 1)], date(2026, 4, 1), "expired", None, (A,)),
        ([*BOTH, made(A, 1, is_clear=False, number=2)], date(2026, 1, 1), "adverse", date(2026, 7, 28), (A,)),
    ],
)
def test_credit_stands_on_a_day(checks, day, standing, until, lacking):
    found = credit_on(checks, needed=NEEDED, on=day)
    assert (found.standing.value, found.valid_until, found.lacking) == (standing, until, lacking)


def test_where_no_source_is_needed_any_clear_check_is_enough():
    assert credit_on([made(A, 1)], needed=(), on=date(2026, 2, 1)).standing is CreditStanding.CLEAR
    assert credit_on([], needed=(), on=date(2026, 2, 1)).standing is CreditStanding.NONE
    assert credit_on([made(A, 1)], needed=(), on=date(2026, 12, 1)).standing is CreditStanding.EXPIRED
