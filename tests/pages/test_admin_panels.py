"""Score sheets and experts in the administration: written by their services, with what these refuse."""

import pytest
from django.urls import reverse

from certification.models import Expert, ScoreSheet
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels

from .visiting import visitor

pytestmark = pytest.mark.django_db


def test_an_expert_is_put_into_the_pool_and_a_wrong_field_is_refused():
    city, person = make.account("city_reviewer"), make.account("expert")
    client, address = visitor(city), reverse("admin:certification_expert_add")
    said = {"account": person.pk, "employer": "常州试验大学", "employer_uscc": "", "group": "[]", "is_available": "on"}
    assert client.post(address, said | {"fields": '["nothing"]'}).status_code == 200
    assert not Expert.objects.exists()
    assert client.post(address, said | {"fields": '["machinery"]'}).status_code == 302
    assert LedgerEntry.objects.filter(verb="expert.changed", subject=f"expert:{person.pk}").count() == 1


def test_a_sheet_in_use_no_longer_changes():
    city = make.account("city_reviewer")
    client, address = visitor(city), reverse("admin:certification_scoresheet_change", args=["sample-2026"])
    assert 'name="_save"' in client.get(address).content.decode()
    panels.batch(city)
    assert 'name="_save"' not in client.get(address).content.decode()
    assert client.post(address, {"title": "x"}).status_code == 403
    assert ScoreSheet.objects.get(pk="sample-2026").title != "x"
