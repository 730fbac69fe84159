"""Every list there is can be taken away, and holds what the list holds, for every kind of caller."""

import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.base import ApiView
from api.pagination import PAGING
from api.urls import v1
from certification.exports.listings import LISTINGS
from certification.models import ImportFault, ImportFile, ImportRow, Job, Message
from certification.notices.kinds import KINDS
from certification.totals.checkpoint import fold
from enterprises.models import Account, EventKind
from enterprises.services.changes import Changes, change_file
from enterprises.services.grants import NewAccount, open_account
from enterprises.services.trail import note
from ledger import checkpoints
from tests import factories, panels
from tests.api.asking import V1, client_of
from tests.once import Once
from tests.scene import ORDER, Scene, make_scene

from .lists import BY_KIND, KNOWN, Known, needed
from .taking import FORMS, body, taken

pytestmark = pytest.mark.django_db
ON_ONE_PAGE = 200
HOSTILE: list[Any] = [
    "a\x00b",
    "'; --",
    '"',
    "%",
    "😀" * 200,
    "\ud800".encode("utf-8", "surrogatepass"),
]
LISTED = [known for known in KNOWN if known.path]
# Endpoints that answer with rows but are no list of their own: (address, why).
NO_LISTS = {
    "saved-filters/": "what a person narrows lists to, a dozen at most: not facts of the registry",
    "organisations/": "the city's own table, kept in the administration",
    "enterprises/<uscc:uscc>/advisers/": "one enterprise's, a handful; in its timeline too",
    "titles/<count:number>/reexaminations/": "one title's, a handful; in the timeline too",
    "figure-items/": "the city's own table, kept in the administration",
    "priority-kinds/": "the city's own table, kept in the administration",
    "enterprises/<uscc:uscc>/priorities/": "one enterprise's, a handful; the list of priorities has them all",
    "credit-sources/": "the city's own table, kept in the administration",
    "titles/<count:number>/guidance/": "one title's, a handful; in the timeline too",
    "notices/": "the public's, a few a year; each is a page and JSON of its own",
    "certificates/<certificate:number>/events/": "one certificate's, a handful; in the timeline too",
}


def grown(rows: int = 1) -> None:
    """More of everything."""
    system = factories.account("system_admin")
    for _ in range(rows):
        applicant = factories.applicant()
        factories.achievement(applicant.enterprise, "guanbiao.implementation", timezone.localdate())
        row = factories.step(factories.filled(applicant), "submit", applicant)
        factories.step(row, "accept", factories.reviewers()["township"])  # which issues a paper
        note(EventKind.REFUSED, request=None, account=applicant, at=factories.NOW, path="/monitor/")
        name = f"new-{applicant.pk}"
        asked = NewAccount(name, "township_reviewer", factories.TOWN, factories.PASSWORD)
        open_account(asked, reason="审核", actor=system, at=factories.NOW)
        handed_in()
        tell(Account.objects.exclude(pk=system.pk))
    panels.seats(rows)
    fold(at=factories.NOW)
    checkpoints.make(at=factories.NOW)


def handed_in() -> None:
    """One more import, and one more row and error of the first."""
    said = {"kind": "enterprises", "size": 1, "sha256": "0" * 64, "uploaded_by": factories.account("city_reviewer")}
    made = ImportFile.objects.create(filename=f"={Job.objects.count()}.csv", uploaded_at=factories.NOW, **said)
    first, line = ImportFile.objects.order_by("id")[0], made.pk
    ImportFault.objects.create(file=first, line=line, column="企业名称", reason=f"第 {line} 行有误")
    ImportRow.objects.create(file=first, line=line, effect="new", uscc=factories.credit_code(), ledger_number=line)


def tell(people: Iterable[Account]) -> None:
    serial = Message.objects.count()
    for account in people:
        told = {"kind": next(iter(KINDS)), "source": f"test:{serial}", "created_at": factories.NOW}
        Message.objects.create(recipient=account, **told)


def reader_of(known: Known) -> Any:
    account = factories.account(known.reader)
    tell([account])
    return client_of(account)


def staff_of(scene: Scene) -> Account:
    account = scene.callers["city"]
    assert account is not None
    return account


def make() -> Scene:
    scene = make_scene()
    change_file(
        scene.application.enterprise, Changes(fields={"industry": "C39"}), actor=staff_of(scene), at=factories.NOW
    )
    grown()
    return scene


@pytest.fixture(scope="module")
def made(once: Once) -> Scene:
    return once.made(make)


@pytest.fixture
def scene(made: Scene, once: Once, db: None) -> Scene:
    return once.copy(made)


def asked_from(client: Any, known: Known, needs: dict[str, str]) -> Any:
    rest = {name: value for name, value in needs.items() if f"{{{name}}}" not in known.path}
    paged = {"page_size": ON_ONE_PAGE} if "page_size" in names_of(known) else {}
    rest |= known.shares
    return client.get(f"{V1}/{known.path.format(**needs)}", rest | paged)


def view_of(known: Known) -> type[ApiView]:
    pattern = known.path.replace("{plan}", "<code:code>").replace("{enterprise}", "<uscc:uscc>")
    pattern = pattern.replace("{indicator}", "<code:indicator>").replace("{file}", "<uuid:key>")
    pattern = pattern.replace("{application}", "<application:number>")
    [view] = [route.callback.cls for route in v1 if str(route.pattern) == pattern]
    found: type[ApiView] = view
    return found


def names_of(known: Known) -> list[str]:
    return [param.name for param in view_of(known).operations["GET"].query]


def rows_of(answer: Any) -> list[Any]:
    said = answer.json()
    found: list[Any] = said if isinstance(said, list) else said.get("results", said.get("points"))
    return found


@pytest.mark.parametrize("known", LISTED, ids=lambda known: known.kind)
def test_export_holds_what_the_list_holds_for_every_caller(scene: Scene, known: Known) -> None:
    needs = needed(known, scene)
    for name in ORDER:
        client = client_of(scene.callers[name])
        listed = asked_from(client, known, needs)
        answer = client.get(f"{V1}/exports/{known.kind}.csv", needs)
        assert answer.status_code == listed.status_code, (name, body(answer))
        if listed.status_code == 200:
            compare(client, known, needs, rows_of(listed))


def compare(client: Any, known: Known, needs: dict[str, str], listed: list[Any]) -> None:
    """The rows of a list are those of its export, in the same order, in both forms."""
    in_list, in_export = known.key
    for form in FORMS:
        rows = taken(client, known.kind, form, **needs)
        shown = [as_text(str(row[in_list]), form) for row in listed]
        held = [str(row[in_export] or "") for row in rows]
        if len(shown) == ON_ONE_PAGE:  # the list goes on behind its first page
            held = held[:ON_ONE_PAGE]
        # What was taken meanwhile stands on the trail by now.
        assert held[-len(shown) :] == shown if known.kind == "audit" else held == shown


def as_text(value: str, form: str) -> str:
    """As a cell that no program takes for a formula."""
    return f"'{value}" if form == "csv" and value.startswith("=") else value


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.kind)
def test_every_list_is_taken_in_both_forms(scene: Scene, known: Known, form: str) -> None:
    client = reader_of(known)
    assert taken(client, known.kind, form, **needed(known, scene))


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.kind)
def test_export_asks_no_more_for_more_rows(scene: Scene, known: Known) -> None:
    client, needs = reader_of(known), needed(known, scene)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            taken(client, known.kind, **needs)
        return len(caught)

    asked()
    few = asked()
    grown(5)
    assert asked() == few


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.kind)
def test_no_filter_is_ever_an_error_of_ours(scene: Scene, known: Known) -> None:
    client, needs = reader_of(known), needed(known, scene)
    for param, text in itertools.product(LISTINGS[known.kind].filters, HOSTILE):
        answer = client.get(f"{V1}/exports/{known.kind}.csv", needs | {param.name: text})
        assert answer.status_code in (200, 400, 404), (param.name, text, body(answer))
        if answer.status_code == 400:
            assert answer.json()["errors"][0]["field"] == param.name


@pytest.mark.parametrize("known", [known for known in KNOWN if known.needs], ids=lambda known: known.kind)
def test_what_a_list_must_be_asked_with_is_named(scene: Scene, known: Known) -> None:
    answer = reader_of(known).get(f"{V1}/exports/{known.kind}.csv")
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == set(known.needs)


def test_every_list_is_known_here() -> None:
    assert set(LISTINGS) == set(BY_KIND)


def test_every_list_of_the_api_can_be_taken_away() -> None:
    """An endpoint that answers with a page of rows has its export; a new one without fails here."""
    views = {view_of(known) for known in LISTED}
    missing = []
    for route in v1:
        operation = route.callback.cls.operations.get("GET")
        answer = getattr(operation, "answer", None)
        is_list = isinstance(answer, type) and answer.__name__.endswith("PageShape")
        if is_list and route.callback.cls not in views and str(route.pattern) not in NO_LISTS:
            missing.append(str(route.pattern))
    assert missing == []


def test_two_lists_at_one_address_take_its_filters_between_them() -> None:
    listed = {p.name: set(p.choices) for p in view_of(BY_KIND["papers"]).operations["GET"].query}
    taken_by = [{p.name: set(p.choices) for p in LISTINGS[kind].filters} for kind in ("certificates", "papers")]
    names = set().union(*taken_by)
    assert names == set(listed) - {param.name for param in PAGING} - {"issuer"}
    for name in names:
        assert set().union(*(each.get(name, set()) for each in taken_by)) == listed[name]


@pytest.mark.parametrize(
    "known", [known for known in LISTED if known.path != BY_KIND["papers"].path], ids=lambda known: known.kind
)
def test_export_takes_the_filters_of_its_list(known: Known) -> None:
    in_address = {name for name in known.needs if f"{{{name}}}" in known.path}
    paging = {param.name for param in PAGING}
    listed = {p.name: p for p in view_of(known).operations["GET"].query if p.name not in paging}
    taken_by = {p.name: p for p in LISTINGS[known.kind].filters if p.name not in in_address}
    assert set(taken_by) == set(listed)
    for name, param in taken_by.items():
        assert set(param.choices) == set(listed[name].choices)
        assert (param.default, dict(param.schema)) == (listed[name].default, dict(listed[name].schema))
