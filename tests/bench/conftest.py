"""Who imports."""

from importlib import import_module
from typing import Any

import pytest


@pytest.fixture
def city(db: None) -> Any:
    # Imported now: when pytest reads this file, the models are not loaded yet.
    factories, roles = import_module("tests.factories"), import_module("enterprises.roles")
    return factories.account(roles.Role.CITY_REVIEWER)
