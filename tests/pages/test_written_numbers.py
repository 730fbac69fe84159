"""How figures are written on a page."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from certification.templatetags.registry_tags import heat, number, quarter, target_text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "—"),
        ("", "—"),
        (0, "0"),
        (Decimal("500.00"), "500"),
        (Decimal("18.78"), "18.78"),
        (Decimal("70.10"), "70.1"),
        (Decimal("1E+3"), "1000"),
        (9999, "9999"),
        (10000, "10,000"),
        (Decimal("200000.00"), "200,000"),
        (Decimal("1234567.50"), "1,234,567.5"),
        (-12345, "-12,345"),
    ],
)
def test_numbers_are_written_without_idle_decimals(value, written):
    assert number(value) == written


@pytest.mark.parametrize(
    ("comparator", "target", "most", "written"),
    [(">=", 500, None, "≥ 500"), (">", 15, None, "> 15"), ("range", 10, 20, "10–20"), (">=", 70000, None, "≥ 70,000")],
)
def test_targets_are_written_with_their_comparator(comparator, target, most, written):
    figure = SimpleNamespace(comparator=comparator, target=Decimal(target), target_max=most and Decimal(most))
    assert target_text(figure) == written


def test_rates_fill_a_bar_up_to_four_hundred_per_cent():
    assert [quarter(Decimal(rate)) for rate in (-5, 0, 100, 374, 400, 900)] == [
        "0.00", "0.00", "25.00", "93.50", "100.00", "100.00",
    ]  # fmt: skip


def test_a_cell_without_a_value_has_no_shade():
    assert heat(None, 5) == 0
