"""No list of any page asks the database once a row: as many questions for a full page as for one row."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.services.door import NO_REMARK, Remark
from certification.totals.checkpoint import fold
from enterprises.models import Account

from .. import factories as make
from .visiting import visitor

pytestmark = pytest.mark.django_db
IMPLEMENTED = "/monitor/indicators/guanbiao_enterprises/"
SAID = {action: Remark("请补充材料", [{"target": "", "note": "请补充材料"}]) for action in ("return", "reject")}
WAYS = {
    "pending": (),
    "reviewing": ("accept",),
    "returned": ("accept", "return"),
    "elsewhere": ("accept", "recommend"),
    "closed": ("accept", "reject"),
}
QUEUES = [f"/reviews/?queue={queue}" for queue in WAYS]
OF_TOWN = [*QUEUES, "/reviews/?queue=pending&q=常州&stage=guanbiao.cultivation", "/reviews/?queue=closed&q=科技"]
OF_CITY = [
    *QUEUES,
    "/enterprises/",
    "/enterprises/?search=常州&reporting_unit=wujin&stage=guanbiao.implementation&is_high_tech=1",
    "/certificates/?attention=overdue",
    "/certificates/?due_within=90",
    "/monitor/",
    IMPLEMENTED,
    f"{IMPLEMENTED}?unit=wujin",
]
OF_ALL = ["/", "/enterprises/", "/enterprises/?search=试验&stage=guanbiao.implementation", "/plans/12th/", "/notices/"]
# Among them one for what the reader has not read, one for the filters they have saved, one for the words they look for.
MOST = {"/reviews/": 13, "/certificates/": 13, "/enterprises/": 9, "/monitor/": 30, "/": 10}


def one_more(staff: dict[str, Account]) -> None:
    """One more row for every list: an application in each queue, a counted enterprise, a high-tech one."""
    for actions in WAYS.values():
        applicant = make.applicant()
        row = make.step(make.filled(applicant), "submit", applicant)
        for action in actions:
            row = make.step(row, action, staff["township"], remark=SAID.get(action, NO_REMARK))
    known = make.enterprise()
    known.high_tech_periods.create(valid_from=date(2024, 1, 1), valid_to=date(2027, 12, 31))
    make.certificate(known)
    make.achievement(known, "guanbiao.implementation", date(2020, 2, 2))
    make.achievement(known, "guanbiao.evaluation", date(2021, 2, 2))
    fold(at=make.NOW)


def counts(client: Client, addresses: list[str]) -> dict[str, int]:
    """How many questions each address asks, the second time it is asked."""
    found = {}
    for address in addresses:
        assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        found[address] = len(caught)
    return found


def test_lists_ask_the_same_for_one_row_and_for_many() -> None:
    staff = make.reviewers()
    readers = [(visitor(staff["township"]), OF_TOWN), (visitor(staff["city"]), OF_CITY), (Client(), OF_ALL)]
    one_more(staff)
    one = [counts(client, addresses) for client, addresses in readers]
    for _ in range(3):
        one_more(staff)
    assert [counts(client, addresses) for client, addresses in readers] == one
    for found in one:
        assert {address: count for address, count in found.items() if count > most(address)} == {}


def most(address: str) -> int:
    return next(count for beginning, count in MOST.items() if address.startswith(beginning))


def test_room_of_an_applicant_asks_the_same_for_one_row_and_for_many() -> None:
    applicant = make.applicant()
    room = visitor(applicant)

    def one_more(day: date) -> None:
        row = make.step(make.filled(applicant), "submit", applicant)
        make.step(row, "withdraw", applicant)
        make.achievement(applicant.enterprise, "intensive.cultivation", day)

    one_more(date(2020, 1, 1))
    addresses = ["/workspace/", f"/enterprises/{applicant.enterprise.uscc}/"]
    one = counts(room, addresses)
    for later in range(1, 4):
        one_more(date(2020, 1, 1) + timedelta(days=later))
    assert counts(room, addresses) == one
