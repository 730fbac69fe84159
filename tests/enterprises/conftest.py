"""The two officers whom a grant needs."""

from importlib import import_module
from typing import Any

import pytest


# The models are not loaded yet when pytest reads this file.
def officer(role: str) -> Any:
    return import_module("tests.factories").account(role)


@pytest.fixture
def sysadmin(db: None) -> Any:
    return officer("system_admin")


@pytest.fixture
def secadmin(db: None) -> Any:
    return officer("security_admin")
