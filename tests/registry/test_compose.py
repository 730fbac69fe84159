"""The production files: valid by the published schema, and saying what the operator was promised."""

import json
import re
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml

from tests.architecture.tree import source

APP_SERVICES = ("web", "worker", "scheduler")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(source("docker-compose.yml"))
    return loaded


def test_compose_file_is_valid_by_the_published_schema(compose: dict[str, Any]) -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    errors = jsonschema.validators.validator_for(schema)(schema).iter_errors(compose)
    assert [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors] == []


def test_file_for_mail_is_valid_and_lets_workers_alone_out() -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    mail: dict[str, Any] = yaml.safe_load(source("docker-compose.mail.yml"))
    assert jsonschema.validators.validator_for(schema)(schema).is_valid(mail)
    assert [name for name, service in mail["services"].items() if "networks" in service] == ["worker"]


def test_schema_would_notice_a_mistake(compose: dict[str, Any]) -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    compose = {**compose, "services": {**compose["services"], "web": {**compose["services"]["web"], "prots": []}}}
    assert not jsonschema.validators.validator_for(schema)(schema).is_valid(compose)


def test_compose_runs_every_process_of_the_registry(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"migrate", "web", "worker", "scheduler", "postgres", "redis"}
    for name in APP_SERVICES:
        assert compose["services"][name]["command"] == ["python", "manage.py", "serve", name]
        assert compose["services"][name]["healthcheck"]["test"][1:] == ["python", "manage.py", "probe", name]


def test_every_service_but_the_one_shot_has_a_health_check(compose: dict[str, Any]) -> None:
    silent = [name for name, service in compose["services"].items() if "test" not in service.get("healthcheck", {})]
    assert silent == ["migrate"]


def test_nothing_serves_before_the_migrations(compose: dict[str, Any]) -> None:
    for name in APP_SERVICES:
        assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_secrets_come_from_files_only(compose: dict[str, Any]) -> None:
    for name in (*APP_SERVICES, "migrate", "postgres"):
        environment = compose["services"][name]["environment"]
        inline = [
            key for key in environment if re.search("SECRET|PASSWORD|FIELD_KEY", key) and not key.endswith("_FILE")
        ]
        assert inline == []
        assert "@" not in re.sub(r"//\w+@", "//", environment.get("DATABASE_URL", "")), "a password in the URL"
    assert {tuple(secret) for secret in compose["secrets"].values()} == {("file",)}


def test_worker_count_is_one_variable_and_the_scheduler_is_alone(compose: dict[str, Any]) -> None:
    assert compose["services"]["worker"]["deploy"]["replicas"] == "${WORKERS:-2}"
    assert compose["services"]["scheduler"]["deploy"]["replicas"] == 1


def test_containers_run_without_privileges(compose: dict[str, Any]) -> None:
    for name in (*APP_SERVICES, "migrate"):
        service = compose["services"][name]
        assert service["user"] == "10001:10001"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert all(service["security_opt"] == ["no-new-privileges:true"] for service in compose["services"].values())


def test_data_outlives_the_containers(compose: dict[str, Any]) -> None:
    assert set(compose["volumes"]) == {"data", "postgres", "redis"}
    assert compose["services"]["web"]["volumes"] == compose["services"]["worker"]["volumes"] == ["data:/data"]


def test_database_and_broker_are_not_published(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["web"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_image_is_built_from_the_lock_file_and_runs_as_an_ordinary_user() -> None:
    lines = source("Dockerfile").splitlines()
    assert any("--require-hashes -r requirements.txt" in line for line in lines)
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert {".git", "var", "secrets", ".venv"} <= set(source(".dockerignore").split())
