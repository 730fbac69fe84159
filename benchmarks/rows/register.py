"""Lists and search beside the bare view and the unindexed scan."""

import json
import random
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from rest_framework.test import force_authenticate

from api.answers.enterprises import listed
from certification.register import Wanted, enterprises_matching, public_matching
from enterprises.models import Account, Enterprise
from enterprises.roles import Role

from . import cases
from .measure import Result, by_turns, repeated

PAGE = 50
TIMES = 10
FACTORY = RequestFactory(HTTP_HOST="localhost")


def api_list(size: int) -> Result:
    """GET enterprises/ filtered by unit, 50 rows; limit: a bare Django view with the same SQL and rows."""
    city, view = cases.account(Role.CITY_REVIEWER, scope_kind="city"), resolve("/api/v1/enterprises/").func
    page = _calls(lambda request: view(request).render(), "/api/v1/enterprises/?reporting_unit=wujin", city)
    deep = _calls(lambda request: view(request).render(), _page(view, city, number=200), city)

    def bare(request: HttpRequest) -> HttpResponse:
        wanted = Wanted(reporting_unit="wujin")
        rows = listed(enterprises_matching(city, wanted, on=timezone.localdate())).order_by("id")
        body = {"next": None, "previous": None, "results": list(rows[: PAGE + 1])}
        return HttpResponse(json.dumps(body, default=str), content_type="application/json")

    product, limit = by_turns(page, _calls(bare, "/", city))
    far, near = by_turns(deep, page)
    extra = {"per_request_ms": product / TIMES * 1000, "last_page_over_first": far / near}
    return Result(
        "enterprise list, API",
        product / TIMES,
        limit / TIMES,
        1 / 0.55,
        ">= 55 % of the bare view's requests/s; page 200 <= 1.1 x page 1",
        "GET /api/v1/enterprises/?reporting_unit=wujin",
        "bare Django view, same rows",
        extra,
    )


def _page(view: Callable[..., HttpResponse], user: Account, *, number: int) -> str:
    """The address of a page far down the list, or of the last one."""
    address = "/api/v1/enterprises/?reporting_unit=wujin"
    for _ in range(number):
        request = FACTORY.get(address)
        force_authenticate(request, user)
        following = json.loads(view(request).render().content)["next"]
        if not following:
            break
        address = following
    return address


def _calls(view: Callable[[HttpRequest], HttpResponse], address: str, user: Account) -> Callable[[], None]:
    """The view called some times, as the handler calls it."""

    def call() -> None:
        for _ in range(TIMES):
            request = FACTORY.get(address)
            request.user = user
            force_authenticate(request, user)
            response = view(request)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")

    return call


def html_list(size: int) -> Result:
    """The public register as a page; limit: the bare view as above."""
    city, view = cases.account(Role.CITY_REVIEWER, scope_kind="city"), resolve("/enterprises/").func

    def bare(request: HttpRequest) -> HttpResponse:
        rows = public_matching(Wanted(reporting_unit="wujin"), on=timezone.localdate()).order_by("id")
        cells = ("uscc", "name", "township__name", "reporting_unit__name_zh", "is_high_tech")
        text = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows.values_list(*cells)[:PAGE]
        )
        return HttpResponse(f"<table>{text}</table>")

    page = _calls(view, "/enterprises/?reporting_unit=wujin", city)
    product, limit = by_turns(page, _calls(bare, "/", city))
    return Result(
        "enterprise list, HTML table",
        product / TIMES,
        limit / TIMES,
        1 / 0.40,
        ">= 40 % of the bare view's requests/s",
        "GET /enterprises/?reporting_unit=wujin",
        "bare view writing the same cells",
        {"per_request_ms": product / TIMES * 1000},
    )


def search(size: int) -> Result:
    """First 50 found by fragments of two to four characters; limit: the scan without an index."""
    chance = random.Random(7)
    fragments = [_fragment(chance) for _ in range(21)]
    median_ms = sorted(_search_ms(fragment) for fragment in fragments)
    slowest = max(("常州", "有限公司", "cz", "9132", "科技"), key=_search_ms)
    nothing = "鼎鑫泰"
    product, limit = by_turns(lambda: _found(nothing), lambda: _scanned(nothing))
    return Result(
        "search by fragment, no hit",
        product,
        limit,
        0.01,
        "<= 1/100 of the scan; median of all fragments <= 10 ms",
        "found_by(fragment)[:50]",
        "unindexed LIKE",
        {
            "median_ms": median_ms[len(median_ms) // 2],
            "worst_of_21_ms": median_ms[-1],
            "commonest": slowest,
            "commonest_ms": _search_ms(slowest),
        },
    )


def _fragment(chance: random.Random) -> str:
    name = Enterprise.objects.order_by("id").values_list("name", flat=True)[chance.randrange(1000)]
    start, length = chance.randrange(len(name) - 4), chance.randint(2, 4)
    return str(name[start : start + length])


def _found(fragment: str) -> list[str]:
    rows = Enterprise.objects.all().found_by(fragment).order_by("id")
    return list(rows.values_list("name", flat=True)[:PAGE])


def _scanned(fragment: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.name FROM enterprises_enterprise e JOIN enterprises_enterprisesearch s ON s.enterprise_id = e.id "
            "WHERE s.text LIKE %s ORDER BY e.id LIMIT 50",
            [f"%{fragment}%"],
        )
        return cursor.fetchall()


def _search_ms(fragment: str) -> float:
    first, _ = by_turns(repeated(lambda: _found(fragment), 3), lambda: None, rounds=5)
    return first / 3 * 1000


ROWS = (api_list, html_list, search)
