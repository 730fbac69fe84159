"""`make`: the Python check, and an environment that is built once per lock file. With a Python that only notes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

# Stands in for python3 and for the environment's python: notes what it is asked, does what costs nothing.
NOTING_PYTHON = f"""#!/bin/sh
echo "$@" >> "{{notes}}"
case "$*" in
  --version) echo "Python {{version}}" ;;
  "-m venv"*) mkdir -p "{{venv}}/bin" && cp "$0" "{{venv}}/bin/python" ;;
  "-m pip"*) exit $(cat "{{notes}}.pip" 2>/dev/null || echo 0) ;;
  *version_info*) exit {{too_old}} ;;
  *hashlib*) exec {sys.executable} "$@" ;;
esac
"""


class Workshop:
    def __init__(self, directory: Path, *, version: str = "3.12.1", too_old: int = 0) -> None:
        self.directory, self.notes = directory, directory / "notes"
        for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, directory)
        self.python = directory / "python3"
        self.python.write_text(
            NOTING_PYTHON.format(notes=self.notes, venv=directory / "env", version=version, too_old=too_old)
        )
        self.python.chmod(0o755)

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        self.notes.write_text("")
        return subprocess.run(
            ["make", f"PYTHON={self.python}", f"VENV={self.directory / 'env'}", *arguments],
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
        )

    def installed(self) -> int:
        return self.notes.read_text().count("-m pip install")

    def pip_will_exit(self, code: int) -> None:
        Path(f"{self.notes}.pip").write_text(str(code))


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_too_old_python_is_said_in_one_line(tmp_path: Path) -> None:
    result = Workshop(tmp_path, version="3.9.18", too_old=1).make("run")
    assert result.returncode != 0
    said = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert "3.11" in said[0]
    assert "Python 3.9.18" in said[0]
    assert not (tmp_path / "env").exists()


def test_environment_is_built_once_by_hash(workshop: Workshop) -> None:
    assert workshop.make("environment").returncode == 0
    assert "--require-hashes -r requirements.txt" in workshop.notes.read_text()
    assert workshop.make("environment").returncode == 0
    assert workshop.installed() == 0


def test_changed_lock_file_is_installed(workshop: Workshop) -> None:
    workshop.make("environment")
    with (workshop.directory / "requirements.txt").open("a") as lock:
        lock.write("# changed\n")
    workshop.make("environment")
    assert workshop.installed() == 1


def test_interrupted_installation_is_done_again(workshop: Workshop) -> None:
    workshop.pip_will_exit(1)
    assert workshop.make("environment").returncode != 0
    workshop.pip_will_exit(0)
    assert workshop.make("environment").returncode == 0
    assert workshop.installed() == 1


def test_development_packages_come_on_top(workshop: Workshop) -> None:
    workshop.make("environment")
    workshop.make("environment-dev")
    assert "-r requirements-dev.txt" in workshop.notes.read_text()
    workshop.make("environment")
    assert workshop.installed() == 0


def test_every_promised_command_is_there(workshop: Workshop) -> None:
    listed = workshop.make("help").stdout
    for command in ("run", "test", "bench", "journeys", "lint"):
        assert f"make {command} " in listed
