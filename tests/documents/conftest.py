"""Who asks for papers, who decides, and what they are printed with."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest


# The models are not loaded yet when pytest reads this file, so the rooms that need them come in later.
@pytest.fixture(scope="package", autouse=True)
def small_fonts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("certification.papers.fonts.cut", import_module("tests.documents.drawing").cut_few)
        yield


@pytest.fixture
def staff(db: None) -> Any:
    return import_module("tests.factories").reviewers()


@pytest.fixture
def qiye(db: None) -> Any:
    return import_module("tests.factories").applicant()
