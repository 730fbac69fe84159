"""docs/curl-journey.sh against a running server: a program with nothing but curl gets all the way."""

import os
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from certification.totals.checkpoint import fold
from enterprises.roles import Role
from tests import factories
from tests.architecture.tree import ROOT
from tests.factories import NOW, PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]
SCRIPT: Path = ROOT / "docs" / "curl-journey.sh"


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker does when the bell rings is done at once."""
    monkeypatch.setattr("certification.messages.bell.ring", lambda *args: fold(at=timezone.now()))


def journey(base: str, people: dict[str, str], *arguments: str) -> str:
    run = subprocess.run(
        ["sh", str(SCRIPT), *arguments],
        env={"PATH": os.environ["PATH"], "BASE": base, "PASSWORD": PASSWORD, **people},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_an_enterprise_gets_from_registration_into_the_total(
    live_server: Any, folded: None, clock: time_machine.Traveller
) -> None:
    staff = factories.reviewers()
    people = {
        "APPLICANT": factories.account(Role.APPLICANT).username,
        "TOWNSHIP": staff["township"].username,
        "UNIT": staff["district"].username,
        "CITY": staff["city"].username,
        "MONITOR": factories.account(Role.MONITOR).username,
    }
    uscc = factories.credit_code()
    said = journey(live_server.url, people, uscc, "guanbiao.cultivation")
    assert f"registered {uscc}" in said
    assert "approve: approved" in said
    assert "achievement: 取得“入库培育”, ledger number" in said
    clock.move_to(NOW + timedelta(days=40))
    said = journey(live_server.url, people, uscc, "guanbiao.implementation")
    assert "registered" not in said
    assert re.findall(r"^(\w+): (\w+)$", said, flags=re.M) == [
        ("submit", "submitted"), ("accept", "accepted"), ("recommend", "submitted"), ("accept", "accepted"),
        ("recommend", "submitted"), ("accept", "accepted"), ("approve", "approved"),
    ]  # fmt: skip
    assert "opening: 0 -> 1" in said
