"""What a page shows to one role and not to another is asked of rights.py."""

from pathlib import Path

import pytest
from django.conf import settings

from tests import factories as make
from tests.pages.visiting import page, visitor, words

pytestmark = pytest.mark.django_db


def test_no_template_asks_for_a_role() -> None:
    pages = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert [path.name for path in pages if "user.role" in path.read_text(encoding="utf-8")] == []


def test_only_the_city_is_offered_to_register_and_shown_the_units() -> None:
    account, staff = make.applicant(), make.reviewers()
    row = make.step(make.filled(account), "submit", account)
    for level, is_city in (("township", False), ("city", True)):
        said = words(visitor(staff[level]).get("/reviews/" + ("?queue=elsewhere" if is_city else "")))
        assert row.number in said
        assert ("登记企业" in said) is is_city
        assert (str(row.reporting_unit.name_zh) in said.split(row.number)[1]) is is_city


def test_officers_are_named_to_colleagues_and_not_to_the_applicant() -> None:
    account, staff = make.applicant(), make.reviewers()
    row = make.step(make.step(make.filled(account), "submit", account), "accept", staff["township"])
    assert f"· {staff['township']}" in words(visitor(staff["city"]).get(page(row)))
    assert str(staff["township"]) not in words(visitor(account).get(page(row)))


def test_a_change_leads_back_to_the_page_its_maker_has() -> None:
    there = make.enterprise()
    path, file = f"/enterprises/{there.uscc}/amend/", f"/enterprises/{there.uscc}/"
    assert 'href="/workspace/"' in visitor(make.applicant(there)).get(path).content.decode()
    assert file in visitor(make.reviewers()["township"]).get(path).content.decode()
