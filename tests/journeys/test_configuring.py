"""What the bureau configures, in a real browser: nothing refused by the security policy, on a screen and on a phone."""

import pytest

from certification.models import DocumentWording
from enterprises.roles import Role
from tests import factories as make
from tests.journeys.conftest import Arrive
from tests.pages import world as city

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WORDINGS, BODIES = "/admin/certification/documentwording/", "/admin/certification/organisation/"


@pytest.fixture
def world(transactional_db: None, settings: object) -> city.World:
    settings.DEMO_DATA = True
    return city.make()


def test_wordings_and_bodies_are_sound_to_read_and_to_change(person: Arrive, world: city.World) -> None:
    wording, body = DocumentWording.objects.all()[0], make.body()
    visit = person(make.account(Role.CITY_REVIEWER))
    paths = (WORDINGS, f"{WORDINGS}{wording.pk}/change/", f"{WORDINGS}{wording.pk}/preview/", f"{WORDINGS}add/")
    for path in (*paths, BODIES, f"{BODIES}{body.pk}/change/", f"{BODIES}add/", f"{BODIES}{body.pk}/history/"):
        visit.go(path)
        visit.page.wait_for_load_state("networkidle")
        assert visit.complaints == [], path
    visit.go(f"{BODIES}{body.pk}/change/")
    visit.page.click("#calendarlink0")
    assert visit.page.is_visible("#calendarbox0")
    visit.page.keyboard.press("Escape")
    visit.is_sound_everywhere()
    visit.go(f"{WORDINGS}{wording.pk}/change/")
    with visit.context.expect_page() as opened:
        visit.page.click("button[formaction$='/preview/']")
    assert wording.title in opened.value.inner_text("article.paper-preview")
    visit.is_sound_everywhere()
