"""Lists and search beside the bare view and the unindexed scan."""

import json
import random
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from api.answers.enterprises import listed
from certification.demo.names import FIRST, SECOND
from certification.models import Achievement
from certification.register import COUNTED_TO, Wanted, enterprises_matching, public_matching
from certification.views.register import PAGE as HTML_PAGE
from enterprises.models import Account, Enterprise, ReportingUnit
from enterprises.roles import Role

from . import cases
from .measure import Result, by_turns, repeated

PAGE = 50
TIMES = 10
ENOUGH = 1_000_000  # enterprises from which on a scan takes long enough to be the limit
FACTORY = RequestFactory(HTTP_HOST="localhost")
API, PAGES = "/api/v1/enterprises/", "/enterprises/"
COMBINED = "search=科技&reporting_unit=wujin&stage=guanbiao.certification&is_high_tech=1"
View = Callable[[HttpRequest], HttpResponse]


def city() -> Account:
    return cases.account(Role.CITY_REVIEWER, scope_kind="city")


def answered(request: HttpRequest) -> HttpResponse:
    """The API's list, rendered as the handler would."""
    return resolve(API).func(request).render()


def api_list(size: int) -> Result:
    """GET enterprises/ filtered by unit, 50 rows; limit: a bare Django view with the same SQL and rows."""

    def bare(request: HttpRequest) -> HttpResponse:
        wanted = Wanted(reporting_unit="wujin")
        rows = listed(enterprises_matching(city(), wanted, on=timezone.localdate())).order_by("id")
        body = {"next": None, "previous": None, "results": list(rows[: PAGE + 1])}
        return HttpResponse(json.dumps(body, default=str), content_type="application/json")

    first, last = f"{API}?reporting_unit=wujin", _page(number=200)
    product, limit = by_turns(_calls(answered, first), _calls(bare, "/"))
    far, near = by_turns(_calls(answered, last), _calls(answered, first))
    return Result(
        "enterprise list, API",
        product / TIMES,
        limit / TIMES,
        1 / 0.55,
        ">= 55 % of the bare view's requests/s; page 200 <= 1.1 x page 1; 1e6 <= 1.15 x 1e5",
        "GET /api/v1/enterprises/?reporting_unit=wujin",
        "bare Django view, same rows",
        {"last_page_over_first": far / near, "search_and_filters_ms": _ms(answered, f"{API}?{COMBINED}")},
    )


def _page(*, number: int) -> str:
    """The address of a page far down the list, or of the last one."""
    address = f"{API}?reporting_unit=wujin"
    for _ in range(number - 1):
        following = json.loads(_asked(answered, address).content)["next"]
        if not following:
            break
        address = following
    return address


def html_list(size: int) -> Result:
    """The public register as a page; limit: a bare view that asks the same and writes the same cells."""
    if settings.STATIC_ROOT:
        call_command("collectstatic", interactive=False, verbosity=0)
    view = resolve(PAGES).func
    page = f"{PAGES}?reporting_unit=wujin"
    product, limit = by_turns(_calls(view, page), _calls(_bare_table, "/"))
    _, rows_alone = by_turns(lambda: None, _calls(_bare_rows, "/"))
    return Result(
        "enterprise list, HTML table",
        product / TIMES,
        limit / TIMES,
        1 / 0.40,
        ">= 40 % of the bare view's requests/s",
        "GET /enterprises/?reporting_unit=wujin",
        "bare view, same SQL and rows, same cells",
        {"over_the_rows_query_alone": product / rows_alone, "search_and_filters_ms": _ms(view, f"{PAGES}?{COMBINED}")},
    )


CELLS = ("uscc", "name", "township__name", "reporting_unit__name_zh", "is_high_tech")


def _bare_table(request: HttpRequest) -> HttpResponse:
    """What the page asks - rows, what they hold, how many there are, the units to choose from - without the page."""
    today = timezone.localdate()
    found = public_matching(Wanted(reporting_unit="wujin"), on=today)
    rows = list(found.order_by("id").values_list("id", *CELLS)[: HTML_PAGE + 1])
    held: dict[int, list[str]] = {row[0]: [] for row in rows}
    facts = Achievement.objects.filter(enterprise__in=held).in_force(on=today).order_by("effective_on")
    for pk, stage in facts.values_list("enterprise_id", "stage"):
        held[pk].append(stage)
    count = found.order_by().values("pk")[: COUNTED_TO + 1].count()
    choices = "".join(f"<option>{name}</option>" for name in ReportingUnit.objects.values_list("name_zh", flat=True))
    return _table([(*row[1:], *held[row[0]]) for row in rows], f"{choices}{count}")


def _bare_rows(request: HttpRequest) -> HttpResponse:
    """One query and its cells, nothing else."""
    found = public_matching(Wanted(reporting_unit="wujin"), on=timezone.localdate())
    return _table(list(found.order_by("id").values_list(*CELLS)[:PAGE]))


def _table(rows: list[tuple[object, ...]], before: str = "") -> HttpResponse:
    text = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return HttpResponse(f"{before}<table>{text}</table>")


def _asked(view: View, address: str) -> HttpResponse:
    """The answer to the city's reviewer, as the handler calls the view."""
    request = FACTORY.get(address)
    request.user = city()
    response = view(request)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return response


def _calls(view: View, address: str) -> Callable[[], None]:
    return repeated(lambda: _asked(view, address), TIMES)


def _ms(view: View, address: str) -> float:
    first, _ = by_turns(_calls(view, address), lambda: None)
    return first / TIMES * 1000


def search(size: int) -> Result:
    """A fragment that nobody's name holds, though each pair of it is common; limit: LIKE over the names alone."""
    chance = random.Random(7)
    fragments = sorted(_search_ms(_fragment(chance)) for _ in range(21))
    common = {fragment: _search_ms(fragment) for fragment in ("常州", "有限公司", "科技", "cz", "9132")}
    slowest = max(common, key=lambda fragment: common[fragment])
    nothing = SECOND[0] + FIRST[0] + SECOND[1]
    if _found(nothing) or _scanned(nothing):
        raise RuntimeError(f"{nothing} was to be found nowhere")
    product, limit = by_turns(repeated(lambda: _found(nothing), TIMES), lambda: _scanned(nothing))
    return Result(
        "search by fragment, no hit",
        product / TIMES,
        limit,
        0.01 if size >= ENOUGH else None,
        "<= 1/100 of the scan (at 1e6); median of all fragments <= 10 ms",
        "found_by(fragment)[:50]",
        "LIKE over the names, unindexed",
        {
            "median_ms": fragments[len(fragments) // 2],
            "worst_of_21_ms": fragments[-1],
            "commonest": slowest,
            "commonest_ms": common[slowest],
        },
    )


def _fragment(chance: random.Random) -> str:
    """Two to four neighbouring characters of one of the first thousand names."""
    name = Enterprise.objects.order_by("id").values_list("name", flat=True)[chance.randrange(1000)]
    start, length = chance.randrange(len(name) - 4), chance.randint(2, 4)
    return str(name[start : start + length])


def _found(fragment: str) -> list[str]:
    rows = Enterprise.objects.all().found_by(fragment).order_by("id")
    return list(rows.values_list("name", flat=True)[:PAGE])


def _scanned(fragment: str) -> list[str]:
    """Present names only; the product looks through past names, initials and codes besides."""
    rows = Enterprise.objects.filter(name__contains=fragment).order_by("id")
    return list(rows.values_list("name", flat=True)[:PAGE])


def _search_ms(fragment: str) -> float:
    first, _ = by_turns(repeated(lambda: _found(fragment), 3), lambda: None, rounds=5)
    return first / 3 * 1000


ROWS = (api_list, html_list, search)
