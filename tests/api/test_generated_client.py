"""A client made from the description by a public generator: without a warning, and it does a person's work."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from certification.totals.checkpoint import fold
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories
from tests.factories import NOW, PASSWORD, PDF, TOWN, VALUES

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "registry_client"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The generated package, importable as `registry_client`."""
    folder = tmp_path_factory.mktemp("generated")
    description = folder / "openapi.json"
    description.write_bytes(Client().get("/api/schema/").content)
    run = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(description), "--meta", "none",
         "--output-path", str(folder / NAME), "--fail-on-warning"],
        capture_output=True, text=True, check=False, cwd=folder,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "warning" not in (run.stdout + run.stderr).lower()
    sys.path.insert(0, str(folder))
    yield folder / NAME
    sys.path.remove(str(folder))


def part(path: str) -> ModuleType:
    """A module of the generated package."""
    return import_module(f"{NAME}.{path}")


class Person:
    """Someone who uses the generated client with their own token."""

    def __init__(self, base: str, account: Account) -> None:
        self.models, self.types = part("models"), part("types")
        credentials = self.models.CredentialsRequest(username=account.username, password=PASSWORD)
        token = part("api.auth.token_post").sync(client=part("client").Client(base_url=base), body=credentials)
        assert isinstance(token, self.models.Token)
        self.client = part("client").AuthenticatedClient(base_url=base, token=token.token, prefix="Token")

    def ask(self, operation: str, *path: str, **given: Any) -> Any:
        """The typed answer of an operation, e.g. `applications.application_list_get`."""
        return part(f"api.{operation}").sync(*path, client=self.client, **given)

    def act(self, number: str, action: str, **more: Any) -> Any:
        body = self.models.ActionRequest(action=self.models.ActionEnum(action), **more)
        return self.ask("applications.application_actions_post", number, body=body)


def test_generated_client_has_every_operation(made: Path) -> None:
    described = json.loads(made.with_name("openapi.json").read_bytes())["paths"]
    operations = {operation["operationId"] for methods in described.values() for operation in methods.values()}
    assert operations == {file.stem for file in made.glob("api/*/*.py")} - {"__init__"}


def registered(person: Person) -> str:
    contact = {"contact_name": "王五", "contact_phone": "13800001234"}
    form = person.models.RegistrationRequest(
        uscc=factories.credit_code(), name="常州星河科技有限公司", township=TOWN, **contact
    )
    return str(person.ask("enterprises.enterprise_list_post", body=form).uscc)


def filed(person: Person, uscc: str) -> str:
    """The number of an application that is filled in and submitted."""
    fields = person.models.ApplicationRequestFields.from_dict(VALUES["guanbiao.cultivation"])
    form = person.models.ApplicationRequest(enterprise=uscc, stage="guanbiao.cultivation", fields=fields)
    row = person.ask("applications.application_list_post", body=form)
    for missing in row.missing:
        paper = person.models.UploadRequest(
            missing.field.removeprefix("evidence."), person.types.File(BytesIO(PDF), "材料.pdf", "application/pdf")
        )
        kept = person.ask("applications.application_evidence_post", row.number, body=paper)
        assert kept.size == len(PDF)
        assert person.ask("applications.evidence_file_get", str(kept.id)).payload.read() == PDF
    assert person.act(row.number, "submit").status.value == "submitted"
    return str(row.number)


def test_generated_client_takes_an_application_to_its_achievement(made: Path, live_server: Any) -> None:
    applicant = Person(live_server.url, factories.account(Role.APPLICANT))
    staff = {level: Person(live_server.url, account) for level, account in factories.reviewers().items()}
    uscc = registered(applicant)
    applicant = Person(live_server.url, Account.objects.get(enterprise__uscc=uscc))
    number = filed(applicant, uscc)
    for level, action in (("township", "recommend"), ("district", "recommend"), ("city", "approve")):
        reviewer = staff[level]
        waiting = reviewer.ask("applications.application_list_get", assigned_to_me=True)
        assert [row.number for row in waiting.results] == [number]
        assert waiting.results[0].step.level.value == level
        reviewer.act(number, "accept")
        row = reviewer.act(number, action, comment="符合条件")
    assert (row.status.value, row.status_display) == ("approved", "已核准")
    timeline = applicant.ask("enterprises.enterprise_timeline_get", uscc).results
    assert timeline[0].ledger_number > 0
    fold(at=NOW)
    figures = staff["city"].ask("totals.totals_get", plan="13th")
    assert {figure.indicator: figure.opening for figure in figures}["guanbiao_enterprises"] == 456


def test_generated_client_reads_a_problem(made: Path, live_server: Any) -> None:
    person = Person(live_server.url, factories.account(Role.CITY_REVIEWER))
    factories.enterprise()
    found = person.ask("enterprises.enterprise_list_get", count=person.models.EnterpriseListGetCount.EXACT)
    assert (found.count, len(found.results)) == (1, 1)
    problem = person.ask("enterprises.enterprise_list_get", search="\0")
    assert (problem.status, problem.errors[0].field) == (400, "search")
    assert person.ask("applications.application_detail_get", "SQ2026999999").status == 404
