"""The reader of the API's description in a real browser: everything comes from here, and the policy refuses nothing."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import Arrive

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_the_description_is_read_without_any_network(transactional_db: None, person: Arrive, live_server: Any) -> None:
    visit, asked = person(None), list[str]()
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.go("/api/docs/")
    visit.page.click("#operations-tag-programmes")  # sections are closed at first
    visit.page.click("#operations-programmes-programmes_get .opblock-summary-control")
    visit.page.click("text=Try it out")
    visit.page.click("button.execute")
    visit.page.wait_for_selector(".live-responses-table .response-col_status >> text=200")
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(live_server.url).netloc}
    assert visit.complaints == []
