"""Values that their columns cannot mean: every kind of column is known, and only the altered rows are named."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from pytest_django import DjangoDbBlocker

from certification import audit
from certification.management.commands import verify_ledger
from certification.models import Achievement, FieldRule, IndicatorVersion
from enterprises.models import Enterprise
from ledger import verify as walking
from ledger.models import LedgerEntry
from ledger.unreadable import NAMED, classes_of, unreadable

from .rubbish import MODELS, NO_TEXT, RUBBISH, Model, altered, columns, execute, tell

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses a value of another kind"),
]


@pytest.fixture(scope="module", autouse=True)
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Told once for this module, and undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        tell()
        yield
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        execute("PRAGMA ignore_check_constraints = OFF")


def named(model: Model) -> list[tuple[str, str]]:
    return [(found.row, found.column) for found in unreadable(model)]


def test_every_kind_of_column_is_known() -> None:
    every = [field for model in apps.get_models() for field in columns(model)]
    assert [str(field) for field in every if classes_of(field) is None] == []


def test_a_column_of_an_unknown_kind_is_not_judged() -> None:
    assert classes_of(models.Field()) is None


def test_nothing_is_unreadable_in_an_untouched_database() -> None:
    assert {model: found for model in apps.get_models() if (found := named(model))} == {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_exactly_the_altered_row_is_named(model: Model) -> None:
    for field in columns(model):
        for value in RUBBISH:
            with altered(model, str(field.column), value) as place:
                if place is None:
                    continue
                row, stored_as = place
                found = named(model)
                assert found in ([], [(row, str(field.verbose_name))]), (field, value)
                if is_rubbish_in(field, value, stored_as):
                    assert found, (field, value)


def is_rubbish_in(field: "models.Field[object, object]", value: str, stored_as: str) -> bool:
    """What no column of its kind can hold; other values of RUBBISH may be allowed."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    return (
        stored_as not in (classes_of(field) or ())
        or value == NO_TEXT
        or (value.startswith("'2016-02-30") and isinstance(kind, models.DateField))
        or (value == "9e999" and isinstance(kind, models.DecimalField))
    )


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (Achievement, "effective_on", "'2016-02-30'"),
        (Achievement, "recorded_at", "'2016-02-30 00:00:00'"),
        (Achievement, "recorded_at", "'2016-02-20 00:00:61'"),
        (Achievement, "recorded_at", "'0001-01-01 00:00:00+05:00'"),
        (Achievement, "note", NO_TEXT),
        (Achievement, "note", "CAST(X'6100FF' AS TEXT)"),
        (Enterprise, "contact_name", "'abc'"),
        (IndicatorVersion, "target", "9e999"),
        (IndicatorVersion, "target", "1e30"),
        (FieldRule, "choices", "'{}'"),
        (FieldRule, "choices", "'[1.5]'"),
        (FieldRule, "choices", "'null'"),
        (FieldRule, "choices", "'[\"\\ud800\"]'"),
        (FieldRule, "choices", "replace(printf('%.100000c', '['), '', '')"),
        (FieldRule, "required", "2"),
        (LedgerEntry, "at", "CAST(at AS BLOB)"),
    ],
)
def test_value_without_meaning_is_named(model: Model, column: str, value: str) -> None:
    with altered(model, column, value) as place:
        assert place is not None
        assert [row for row, _ in named(model)] == [place[0]]


def test_each_row_is_named_once_with_all_its_columns() -> None:
    with altered(Achievement, "note", NO_TEXT) as place:
        execute(f"UPDATE certification_achievement SET stage = {NO_TEXT}")
        execute("UPDATE enterprises_division SET name = X'ff'")
        assert place is not None
        found = named(Achievement)
        assert len({row for row, _ in found}) == len(found) == 2
        assert sorted(len(names.split("/")) for _, names in found) == [1, 2]
        divisions = named(apps.get_model("enterprises", "Division"))
        assert len({row for row, _ in divisions}) == len(divisions) == NAMED


def test_an_error_of_the_database_itself_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(walking, "_walk", locked)
    with pytest.raises(OperationalError, match="locked"):
        walking.verify()


def test_what_cannot_be_compared_ends_the_command_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def faults() -> Iterator[walking.Fault]:
        yield walking.Fault(7, "x")
        raise TypeError("unhashable")

    monkeypatch.setattr(audit, "CHECKS", (faults,))
    with pytest.raises(SystemExit) as left:
        verify_ledger.Command().handle()
    assert left.value.code == 1
    said = capsys.readouterr().out
    assert "第 7 号" in said
    assert "unhashable" in said
