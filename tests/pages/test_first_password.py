"""A password that somebody else set is changed before anything else."""

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/monitor/", "/", "/api/v1/totals/"])
def test_first_password_is_chosen_before_anything_else(address):
    person = make.account("monitor", unit="wujin")
    type(person).objects.filter(pk=person.pk).update(must_change_password=True)
    client = Client()
    client.force_login(person)
    assert client.get(address).headers["Location"] == "/accounts/password/"
    assert client.get("/accounts/password/").status_code == 200
    type(person).objects.filter(pk=person.pk).update(must_change_password=False)
    assert client.get(address).status_code == 200
