"""Who may import whom; where the environment is read; where the REST framework is known."""

import subprocess
import sys
from pathlib import Path

import pytest

from .tree import ROOMS, ROOT, imported_modules, python_files, source

PURE = [
    "certification/programmes.py",
    "certification/stages.py",
    "certification/marks.py",
    "certification/gates.py",
    "certification/fields.py",
    "certification/errors.py",
    "certification/workdays.py",
    "certification/numbering.py",
    "enterprises/identifiers.py",
    "enterprises/errors.py",
    "enterprises/language.py",
    "ledger/canonical.py",
]


def room(name: str) -> str:
    return name.split("/", maxsplit=1)[0].split(".", maxsplit=1)[0]


def test_each_room_imports_only_rooms_to_its_right() -> None:
    wrong = [
        f"{name} imports {module}"
        for name in python_files()
        if room(name) in ROOMS
        for module in imported_modules(name)
        if room(module) in ROOMS and ROOMS.index(room(module)) < ROOMS.index(room(name))
    ]
    assert wrong == []


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-3000:]


def test_the_rest_framework_is_known_to_api_only() -> None:
    elsewhere = [
        name
        for name in python_files()
        if not name.startswith("api/")
        if any(module.startswith(("rest_framework", "drf_spectacular", "knox")) for module in imported_modules(name))
    ]
    assert elsewhere == []


def test_the_environment_is_read_in_one_file() -> None:
    readers = [
        name
        for name in python_files()
        # The benchmarks choose their own database before Django is set up.
        if name not in ("registry/settings/env.py", "manage.py", "benchmarks/__main__.py")
        if any(word in source(name) for word in ("os.environ[", "os.environ.get", "os.getenv", "environ.Env"))
    ]
    assert readers == []


@pytest.mark.parametrize("name", PURE)
def test_rules_are_pure(name: str) -> None:
    wrong = [
        module
        for module in imported_modules(name)
        if module.split(".")[0] in ("django", "celery", "rest_framework", "redis", "os", "subprocess")
    ]
    assert wrong == []


def test_rules_run_where_there_is_no_django() -> None:
    modules = ", ".join(name.removesuffix(".py").replace("/", ".") for name in PURE)
    script = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
