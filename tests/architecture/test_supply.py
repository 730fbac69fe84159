"""What comes from outside: pinned by hash, and the two browser libraries by their own digest."""

import hashlib
import re
import tomllib
from pathlib import Path

import bootstrap
import django_htmx
import pytest

from .tree import ROOT, source, tracked

HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
BOOTSTRAP = Path(next(iter(bootstrap.__path__)))


@pytest.mark.parametrize(
    ("path", "digest"),
    [
        (HTMX, "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"),
        (BOOTSTRAP / "css/bootstrap.min.css", "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede"),
        (BOOTSTRAP / "js/bootstrap.bundle.min.js", "e4fd49181388c48ec5040bd3fe66f57c29c8e67fcd8502b3354b96ec7ab47cc7"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_browser_libraries_are_the_published_builds(path: Path, digest: str) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_file_pins_every_package_by_hash(name: str) -> None:
    entries = re.split(r"\n(?=[a-z])", source(name))
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_file_names_no_place(name: str) -> None:
    assert [line for line in source(name).splitlines() if "://" in line or "-index" in line] == []


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z0-9,._-]+\])?==(\S+)", source(name), flags=re.MULTILINE))


def test_development_runs_on_the_same_packages_as_production() -> None:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: development.get(name) for name in runtime} == runtime


def test_lock_file_contains_what_the_project_asks_for() -> None:
    project = tomllib.loads(source("pyproject.toml"))

    def name_of(requirement: str) -> str:
        return re.split(r"[\[=<>~! ]", requirement)[0].lower()

    assert {name_of(wanted) for wanted in project["project"]["dependencies"]} <= set(pins("requirements.txt"))
    assert {name_of(wanted) for wanted in project["dependency-groups"]["dev"]} <= {
        name.replace("_", "-") for name in pins("requirements-dev.txt")
    }


def test_nothing_names_a_machine() -> None:
    # Assembled, so that this file does not name them either.
    words = ["/wo" + "rk/", "../sha" + "red", "--index" + "-url", "/tmp/ba" + "sh"]
    texts = [name for name in tracked() if not name.endswith((".png", ".xlsx", ".woff2", ".ttf", ".mo", ".pdf"))]
    found = [
        (name, word)
        for name in texts
        for word in words
        if word in (ROOT / name).read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
