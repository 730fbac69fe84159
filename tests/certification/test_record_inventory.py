"""An inventory: every column of every table is held by the ledger, or stands here with why it is not.

Each column of real rows is altered with SQL and the audit of that table must name it. A new column or table fails
here until somebody has decided.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from certification import audit
from certification.audit_documents import document_faults
from certification.services.rulebook_changes import rulebook_contents
from ledger.contents import content_faults
from ledger.unreadable import UNREADABLE
from ledger.verbs import Verb
from tests.certification.on_record import everything
from tests.certification.record_columns import NOT_HELD, TABLES_NOT_HELD

pytestmark = pytest.mark.django_db
ROOMS = ("certification", "enterprises")
DELETED = "(deleted)"
OF_THE_DATABASE = (models.AutoField, models.GeneratedField)  # keys that it gives, and what it works out itself
CASEWORK = (audit.application_faults, audit.decision_faults, audit._origin_faults)
RULES = (audit.configuration_faults, audit.frozen_faults)
BOOKS = (lambda: content_faults(Verb.RULEBOOK_CHANGED, rulebook_contents()), audit.frozen_faults)
FILES = (audit.file_faults,)
PANELS = (audit.panel_faults,)
CERTIFICATES = (audit.certificate_faults,)
AUDITS: dict[str, tuple[Callable[[], Iterator[Any]], ...]] = {
    "Achievement": (audit._achievement_faults, audit._ending_faults, audit._origin_faults),
    "Advising": (audit.advising_faults,),
    **dict.fromkeys(("ApplicationStep", "Decision", "Evidence"), CASEWORK),
    **dict.fromkeys(("Batch", "NoticeLine", "PublicNotice"), PANELS),
    **dict.fromkeys(("BatchTerms", "LateEntry", "Recommended", "FrozenCopy", "TriedSetting", "Seal"), PANELS),
    "Application": (*CASEWORK, *PANELS),
    **dict.fromkeys(("Evaluation", "PanelResult", "Score", "SelfScore", "SiteVisit", "ProposedFinding"), PANELS),
    **dict.fromkeys(("Certificate", "CertificateEvent", "CertificateFile", "LookupCheck"), CERTIFICATES),
    **dict.fromkeys(("Document", "DocumentEvent"), (document_faults,)),
    **dict.fromkeys(("Finding", "FindingAnswer"), (audit.finding_faults,)),
    **dict.fromkeys(("Indicator", "IndicatorVersion", "OutcomeRow", "Plan"), (audit.plan_faults, *RULES)),
    **dict.fromkeys(("DocumentWording", "EvidenceRule", "FieldRule", "PanelRule", "RouteStep"), BOOKS),
    **dict.fromkeys(("Rulebook", "StageRule", "WaitRule"), BOOKS),
    **dict.fromkeys(("TitleDocument", "Reexamination", "Guidance"), (audit.title_faults,)),
    **dict.fromkeys(("CreditCheck", "CreditPaper", "Priority", "PriorityPaper"), (audit.input_faults,)),
    **dict.fromkeys(("YearFigures", "FigureValue"), (audit.figure_faults,)),
    "Account": FILES,
    "DeclaredInterest": FILES,
    **dict.fromkeys(("Enterprise", "EnterpriseLocation", "HighTechPeriod", "RoleGrant"), FILES),
}


@pytest.fixture(scope="module")
def scene(once: Any) -> None:
    once.made(everything)


def tables() -> Iterator[type[models.Model]]:
    for room in ROOMS:
        yield from (each for each in apps.get_app_config(room).get_models() if each._meta.managed)


HELD = [each for each in tables() if each.__name__ not in TABLES_NOT_HELD]


def test_nothing_is_listed_that_is_not_there() -> None:
    names = {each.__name__ for each in tables()}
    assert set(TABLES_NOT_HELD) | set(NOT_HELD) | set(AUDITS) <= names
    assert not set(TABLES_NOT_HELD) & (set(NOT_HELD) | set(AUDITS))
    assert all([*TABLES_NOT_HELD.values(), *(why for each in NOT_HELD.values() for why in each.values())])


@pytest.mark.parametrize("model", HELD, ids=lambda model: model.__name__)
def test_what_is_altered_with_sql_is_named_or_listed(scene: None, model: type[models.Model]) -> None:
    audits = AUDITS.get(model.__name__, RULES)
    assert not is_named(audits)
    rows = list(model._base_manager.order_by("pk"))
    assert rows, "a row of each table"
    unnoticed = set()
    for row in {each.pk: each for each in (rows[0], rows[-1])}.values():
        for field in model._meta.concrete_fields:
            if not isinstance(field, OF_THE_DATABASE) and not any_named(row, field, audits):
                unnoticed.add(field.name)
        if not named_when(
            f"DELETE FROM {table(model)} WHERE {key(model)} = %s", [prepared(row, model._meta.pk)], audits
        ):
            unnoticed.add(DELETED)
    assert sorted(unnoticed) == sorted(NOT_HELD.get(model.__name__, {})), f"not held: {sorted(unnoticed)}"


def any_named(row: models.Model, field: Any, audits: Iterable[Callable[[], Any]]) -> bool:
    """Whether the first value that the database lets in is named; a column that takes no other is as good as held."""
    sql = f'UPDATE {table(row)} SET "{field.column}" = %s WHERE {key(row)} = %s'
    for value in others(row, field):
        given = field.get_db_prep_save(value, connection)
        found = named_when(sql, [given, prepared(row, row._meta.pk)], audits)
        if found is not None:
            return found
    return True


def named_when(sql: str, values: list[Any], audits: Iterable[Callable[[], Any]]) -> bool | None:
    """None: the database does not let it in."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
            found = is_named(audits)
            transaction.set_rollback(True)
    except IntegrityError:
        return None
    return found


def is_named(audits: Iterable[Callable[[], Any]]) -> bool:
    try:
        return any(True for each in audits for _fault in each())
    except UNREADABLE:  # named row by row by fact_faults
        return True


def table(model: Any) -> str:
    return f'"{model._meta.db_table}"'


def key(model: Any) -> str:
    return f'"{model._meta.pk.column}"'


def prepared(row: models.Model, field: Any) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


def others(row: models.Model, field: Any) -> Iterator[Any]:
    """Values of the column's kind, none of which stands there now; the likeliest first."""
    now = getattr(row, field.attname)
    if field.remote_field:
        target = field.target_field
        known = field.related_model._base_manager.exclude(**{target.attname: now}).order_by("-pk")
        yield from known.values_list(target.attname, flat=True)[:3]
    elif field.choices:
        yield from (code for code, _label in field.flatchoices if code != now)
    else:
        yield from (value for value in alike(field, now) if value != now)
    if field.null and now is not None:
        yield None


def alike(field: Any, now: Any) -> Iterator[Any]:
    if isinstance(field, models.BooleanField):
        yield not now
    elif isinstance(field, models.UUIDField):
        yield uuid.uuid4()
    elif isinstance(field, models.JSONField):
        yield from ([*now, "x"], now[1:]) if isinstance(now, list) else ({**(now or {}), "x": "y"},)
    elif isinstance(field, models.DateTimeField):
        yield from ((now or datetime(2026, 1, 1).astimezone()) + timedelta(days=each) for each in (1, -1))
    elif isinstance(field, models.DateField):
        yield from ((now or date(2026, 1, 1)) + timedelta(days=each) for each in (1, -1))
    elif isinstance(field, models.DecimalField):
        yield from (Decimal(now or 0) + each for each in (1, -1))
    elif isinstance(field, models.IntegerField):
        yield from ((now or 0) + each for each in (1, -1, 1000))
    else:
        text = str(now or "")
        most = field.max_length or len(text) + 1
        yield from ((text + "1")[:most] if len(text) < most else "0" * most, "甲" + text[1:], "0" * min(most, 18))
