"""An inventory: every column of an enterprise's file that can be written leaves its before and after.

A new column, or a new service that writes the file, fails here until it is thought of.
"""

import ast
from datetime import date
from typing import Any

import pytest

from certification.history.changes import FILE_FIELDS
from enterprises.models import Account, Enterprise, EnterpriseChange
from enterprises.origin import Channel, coming_from
from enterprises.roles import Role
from enterprises.services.amendments import amend, relocate, rename
from enterprises.services.changes import Changes, HighTechGrant, change_file
from enterprises.services.completion import complete_place
from enterprises.services.qualifications import end_high_tech, grant_high_tech
from tests import factories as make
from tests.architecture.tree import parsed, python_files

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()

# Columns that nobody edits, each with why.
SET_ONCE = {
    "id": "the key",
    "uscc": "the identity of the file",
    "uscc_override_reason": "said at registration",
    "is_demo": "said at registration",
    "registered_at": "said at registration",
    "version": "counts the changes",
    "reporting_unit": "follows from the township",
}
AMENDED: dict[str, Any] = {
    "industry": "C3421",
    "established_on": date(2011, 2, 3),
    "has_rd_institution": True,
    "innovation_tier": "leading",
    "contact_name": "赵六",
    "contact_phone": "13900001111",
}
# The functions that write the file (they call `keep`, or one that does), each tried below.
WRITERS = {"amend", "rename", "relocate", "complete_place", "grant_high_tech", "end_high_tech"}
WRITING = ("create", "bulk_create", "update", "bulk_update", "update_or_create", "get_or_create")
BY_WAY_OF = {"change_file", "state_place", "create_enterprise", "register_enterprise", "locked", "recorded", "keep"}


@pytest.fixture
def city() -> Account:
    return make.account(Role.CITY_REVIEWER)


def changed(row: Enterprise) -> set[str]:
    return set(EnterpriseChange.objects.filter(enterprise=row).values_list("field", flat=True))


def test_every_column_is_set_once_or_leaves_a_change() -> None:
    columns = {field.name for field in Enterprise._meta.concrete_fields}
    assert columns == set(SET_ONCE) | set(AMENDED) | {"name", "township"}
    assert set(FILE_FIELDS) == set(AMENDED) | {"name", "township", "high_tech"}


@pytest.mark.parametrize("field", AMENDED)
def test_an_amended_column_leaves_before_and_after(city: Account, field: str) -> None:
    row = make.enterprise()
    before = getattr(row, field)
    with coming_from(Channel.PAGE, "192.0.2.7"):
        amend(row, {field: AMENDED[field]}, actor=city, at=make.NOW)
    (kept,) = EnterpriseChange.objects.filter(enterprise=row)
    private = field.startswith("contact")
    assert (kept.field, kept.actor, kept.at) == (field, city, make.NOW)
    assert (kept.channel, kept.address) == ("page", "192.0.2.7")
    assert kept.before == ("" if private else str(before))
    assert kept.after == ("（已更新）" if private else str(AMENDED[field]))


def test_every_other_writer_leaves_a_change(city: Account) -> None:
    def of(write: Any, **options: Any) -> set[str]:
        row = make.enterprise(**options)
        write(row)
        return changed(row)

    def granted(row: Enterprise) -> Any:
        return grant_high_tech(
            row, certificate="", valid_from=date(2024, 1, 1), valid_to=date(2026, 12, 31), actor=city, at=make.NOW
        )

    assert of(lambda row: rename(row, "常州新名有限公司", since=TODAY, actor=city, at=make.NOW)) == {"name"}
    assert of(lambda row: relocate(row, make.OTHER_TOWN, since=TODAY, actor=city, at=make.NOW)) == {"township"}
    assert of(lambda row: complete_place(row, make.TOWN, actor=city, at=make.NOW), township="320412") == {"township"}
    assert of(granted) == {"high_tech"}
    ended = of(lambda row: end_high_tech(granted(row), last_day=TODAY, reason="取消", actor=city, at=make.NOW))
    assert ended == {"high_tech"}


def test_everything_at_once_leaves_a_change_each(city: Account) -> None:
    row = make.enterprise()
    grant = HighTechGrant("", date(2024, 1, 1), date(2026, 12, 31))
    asked = Changes(name="常州新名有限公司", township=make.OTHER_TOWN, fields=AMENDED, high_tech=grant)
    change_file(row, asked, actor=city, at=make.NOW)
    assert changed(row) == set(FILE_FIELDS)


def test_every_function_that_writes_a_file_is_known_here() -> None:
    """Whoever takes the lock of a file, or saves one, is a writer that is tried above."""
    found = set()
    for name in python_files():
        if not name.startswith("enterprises/services/"):
            continue
        for node in ast.walk(parsed(name)):
            if isinstance(node, ast.FunctionDef) and {"locked", "keep"} & called_in(node):
                found.add(node.name)
    assert found - BY_WAY_OF == WRITERS


def called_in(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


def test_nobody_else_writes_enterprises() -> None:
    """Rows of the file are saved, created or updated in these places only."""
    writing = set()
    for name in python_files():
        if name.split("/")[0] not in ("enterprises", "certification", "api", "registry") or "/migrations/" in name:
            continue
        for node in ast.walk(parsed(name)):
            if isinstance(node, ast.Attribute) and node.attr in WRITING:
                writing |= {name} if ast.unparse(node).startswith("Enterprise.objects") else set()
    assert writing == {"enterprises/services/registration.py"}
