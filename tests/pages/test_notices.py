"""Public notices as anybody reads them: how they stand, what the draws are repeated from, what is printed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.models import ExpertField, PublicNotice
from certification.panel_views import notice_view
from certification.services.public_notices import publish_results
from certification.templatetags.registry_tags import in_fields
from tests import factories as make
from tests import panels

from .visiting import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice() -> PublicNotice:
    staff = make.reviewers()
    with time_machine.travel(make.NOW, tick=False):
        for _ in range(3):
            panels.expert(staff["city"])
        panels.batch(staff["city"])
        case = panels.sent(panels.ready(), staff)
        publish_results(panels.scored(case, staff["city"]), actor=staff["city"], at=panels.LATER)
    return PublicNotice.objects.get()


def read(path: str, day: Any) -> Any:
    """What a stranger reads at noon of a day."""
    with time_machine.travel(make.NOW.replace(year=day.year, month=day.month, day=day.day), tick=False):
        return Client().get(path)


def test_it_is_open_until_its_last_day_and_over_after_it(notice: PublicNotice) -> None:
    last = notice.ends_on
    for path in ("/notices/", f"/notices/{notice.number}/"):
        shown, after = words(read(path, last)), words(read(path, last + timedelta(days=1)))
        assert "公示期内" in shown
        assert "以书面形式实名向市局提出" in shown
        assert "公示期满" in after
        assert "以书面形式实名向市局提出" not in after
    assert not notice_view(notice, on=last).is_over
    assert notice_view(notice, on=last + timedelta(days=1)).is_over


def test_the_draws_name_their_fields_and_the_paper_carries_who_published_it(notice: PublicNotice) -> None:
    page = read(f"/notices/{notice.number}/", notice.ends_on)
    shown, machinery = words(page), ExpertField.objects.get(pk="machinery").name_zh
    assert f"专业领域：{machinery}" in shown
    assert ">machinery<" not in page.content.decode()
    assert f'<p class="notice-signed">常州市知识产权局<br>{panels.LATER.date()}</p>' in page.content.decode()
    assert "data-print" in page.content.decode()


def test_dates_do_not_break(notice: PublicNotice) -> None:
    page = read("/notices/", notice.ends_on).content.decode()
    assert f'<time datetime="{notice.ends_on}">{notice.ends_on}</time>' in page


def test_a_field_that_is_gone_stays_a_code() -> None:
    names = {"software": "软件"}
    assert in_fields(["software", "gone"], names) == "软件、gone"
    assert (in_fields("software", names), in_fields("", names), in_fields(None, names)) == ("软件", "", "")


def test_the_list_asks_the_same_whatever_stands_in_it(notice: PublicNotice) -> None:
    counts = []
    for extra in (0, 2):
        for number in range(extra):
            PublicNotice.objects.create(
                number=f"GS-{number}",
                batch=notice.batch,
                published_at=panels.LATER,
                published_by=notice.published_by,
                ends_on=notice.ends_on,
                appeal_until=notice.appeal_until,
                ledger_number=10**6 + number,
            )
        with CaptureQueriesContext(connection) as asked:
            assert Client().get("/notices/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
