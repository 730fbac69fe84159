"""The tree as the architecture tests see it: the project's own Python files, parsed."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("registry", "api", "certification", "enterprises", "ledger")


@cache
def tracked() -> list[str]:
    """Files of the tree, committed or about to be; outside a git checkout, what lies there."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return sorted(name for name in listed if (ROOT / name).is_file())


def python_files(*, tests: bool = False) -> list[str]:
    """Hand-written Python files: of the product, or of the tests."""
    names = [name for name in tracked() if name.endswith(".py") and "/migrations/" not in name]
    return [name for name in names if name.startswith("tests/") == tests]


@cache
def source(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(source(name), filename=name)


def functions(name: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(parsed(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported_modules(name: str) -> set[str]:
    """The modules that a file imports, absolute names only."""
    found: set[str] = set()
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found
