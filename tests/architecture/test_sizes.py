"""Sizes and habits of the house, held by the tree itself."""

import ast

import pytest

from .tree import ROOT, functions, parsed, python_files, source, tracked

MODULE_LINES, TEST_MODULE_LINES, FUNCTION_LINES, NOQA_MOST = 300, 400, 40, 3
NAMELESS_ROOMS = {"utils", "util", "helpers", "common", "misc"}


def lines_of(name: str) -> int:
    return sum(1 for line in source(name).splitlines() if line.strip())


def test_modules_keep_their_size() -> None:
    too_long = {name: lines_of(name) for name in python_files() if lines_of(name) > MODULE_LINES}
    too_long |= {name: lines_of(name) for name in python_files(tests=True) if lines_of(name) > TEST_MODULE_LINES}
    assert too_long == {}


def test_functions_keep_their_size() -> None:
    too_long = [
        f"{name}:{function.lineno} {function.name}"
        for name in python_files()
        for function in functions(name)
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES
    ]
    assert too_long == []


def test_no_import_stands_inside_a_function() -> None:
    inside = [
        f"{name}:{node.lineno} {function.name}"
        for name in python_files()
        for function in functions(name)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_every_room_has_a_name() -> None:
    nameless = [name for name in tracked() if NAMELESS_ROOMS & set(name.removesuffix(".py").split("/"))]
    assert nameless == []


def test_lint_exceptions_are_few_and_say_why() -> None:
    mark = "# no" + "qa"
    exceptions = [
        (name, line)
        for name in [*python_files(), *python_files(tests=True)]
        for line in source(name).splitlines()
        if mark in line
    ]
    assert len(exceptions) <= NOQA_MOST, exceptions
    assert [entry for entry in exceptions if "--" not in entry[1].split(mark)[1]] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name
        for name in python_files()
        if parsed(name).body and not ast.get_docstring(parsed(name)) and not name.endswith(("apps.py", "__init__.py"))
    ]
    assert silent == []


@pytest.mark.parametrize("word", ["mark_safe", "|safe", "autoescape off"])
def test_text_is_never_taken_for_markup(word: str) -> None:
    names = [*python_files(), *(name for name in tracked() if name.startswith("templates/"))]
    assert [name for name in names if word in (ROOT / name).read_text(encoding="utf-8")] == []
