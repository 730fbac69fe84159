"""English is complete: every Chinese wording that pages mark for translation is in the catalogue, and compiled.

The marks are read here from the Python files and the templates, so that no gettext tool is needed.
"""

import ast
import csv
import gettext
import io
import json
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from certification.data_words import DATA_WORDS

from .tree import ROOT, parsed, python_files, source, tracked

LOCALE = ROOT / "locale/en/LC_MESSAGES"
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL_MARKS = {"ngettext", "ngettext_lazy"}
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}")
OWN_NAMES = {"简体中文"}  # a language is called by its own name in every language
DATA = "certification/data/"
REFUSERS = {"Refusal", "refuse", "BadValue", "BadCell", "Fault"}
# Commands and the supervisor speak Chinese at a console; the results of jobs are stored as they were said.
SPOKEN_AT_A_CONSOLE = ("manage.py", "verify_offline.py", "registry/", "benchmarks/", "docs/")
STORED = ("certification/tasks.py", "certification/totals/recount.py")
# What is printed on an official paper is Chinese.
PRINTED = (
    "certification/paperwork.py",
    *(f"certification/papers/{n}.py" for n in ("authority", "lines", "sheets", "signing")),
)
# These carry both languages, or are rows and words of data, which data_words.py puts into the catalogue.
KEPT_AS_DATA = (
    "certification/programmes.py",
    "certification/stages.py",
    "certification/certificate_life.py",
    "certification/certificates.py",
    "certification/title_life.py",
    "certification/inputs/credit_life.py",
    "certification/inputs/states.py",
    "certification/reference.py",
    "certification/demo/",
)
# Names of columns and words in the tables that people hand in, patterns, a text that is stored with a fact.
DATA_CALLS = {"Column", "compile"}
DATA_NAMES = {"YES", "NO", "TIERS", "REASON", "GROUND", "UNDONE_GROUND", "LEFT_OUT", "DAY_FORMATS"}

Wordings = set[str | tuple[str, str]]


@cache
def catalogue() -> Catalog:
    return read_po(io.StringIO(source("locale/en/LC_MESSAGES/django.po")), locale="en")


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def marked_in(tree: ast.AST) -> Iterator[str | tuple[str, str]]:
    """What a Python file hands to gettext; a plural as a pair."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        words = [literal(argument) for argument in node.args]
        if called(node) in MARKS and words and words[0]:
            yield words[0]
        elif called(node) in PLURAL_MARKS and words[0] and words[1]:
            yield words[0], words[1]


def templates() -> list[str]:
    return [name for name in tracked() if name.startswith("templates/")]


def marked_in_template(name: str) -> Iterator[str | tuple[str, str]]:
    """What a template marks: Django turns it into gettext calls between masked text."""
    calls = re.findall(r"""\bn?gettext\(u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^()])*\)""", templatize(source(name)))
    calls += re.findall(r"""(?<![\w.])_\((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\)""", templatize(source(name)))
    for call in calls:
        yield from marked_in(ast.parse(call))


@cache
def marked() -> Wordings:
    in_code = {words for name in python_files() for words in marked_in(parsed(name))}
    return in_code | {words for name in templates() for words in marked_in_template(name)}


def test_every_marked_wording_is_in_the_catalogue_and_nothing_else() -> None:
    assert {message.id for message in messages()} == marked()


def test_every_wording_is_translated() -> None:
    untranslated = [message.id for message in messages() if message.fuzzy or not all(strings(message))]
    assert untranslated == []
    chinese = [message.id for message in messages() if any(CHINESE.search(text) for text in strings(message))]
    assert set(chinese) == OWN_NAMES


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_placeholders_agree() -> None:
    different = [
        message.id
        for message in messages()
        for text in strings(message)
        if sorted(PLACES.findall(text)) != sorted(PLACES.findall(singular(message)))
    ]
    assert different == []


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_compiled_catalogue_is_that_of_the_source() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    with (LOCALE / "django.mo").open("rb") as kept:
        assert texts_of(kept) == texts_of(compiled)


def texts_of(file: io.IOBase) -> dict[object, str]:
    texts = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[arg-type, attr-defined]
    texts.pop("")
    return texts


def test_no_gettext_function_goes_by_another_name() -> None:
    # The extractors know the functions by name.
    renamed = [
        f"{name}: {alias.name} as {alias.asname}"
        for name in python_files()
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and alias.asname not in (None, "_")
    ]
    assert renamed == []


def test_no_marked_wording_stands_inside_an_f_string() -> None:
    inside = [
        f"{name}:{node.lineno}"
        for name in python_files()
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.JoinedStr) and any(True for _ in marked_in(node))
    ]
    assert inside == []


@pytest.mark.parametrize("name", templates())
def test_template_marks_its_chinese(name: str) -> None:
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", source(name), flags=re.DOTALL)
    text = re.sub(r"\{%\s*blocktrans.*?endblocktrans\s*%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%\s*trans\s.*?%\}|_\((\"[^\"]*\"|'[^']*')\)", "", text)
    chinese = [line.strip() for line in text.splitlines() if CHINESE.search(line)]
    assert [line for line in chinese if 'lang="zh-Hans">中文<' not in line] == []


def test_reference_data_is_in_the_catalogue() -> None:
    rows = [row for name in ("plan_12th_outcome", "plan_13th_indicators") for row in rows_of(f"{DATA}{name}.csv")]
    shown = {row[column] for row in rows for column in ("category", "unit")}
    shown |= {row["name_zh"] for row in rows if "name_en" not in row} | {row.get("source_section", "") for row in rows}
    rules = json.loads(source(f"{DATA}rulebooks.json"))
    for stage in rules["stages"].values():
        items = [*stage["fields"], *stage["evidence"]]
        assert [item["code"] for item in items if not item.get("label_en")] == []
        shown |= {stage["basis"], stage["guidance"]}
        shown |= {item.get(column, "") for item in items for column in ("unit", "help_text")}
    shown |= {book[column] for book in rules["rulebooks"] for column in ("title", "basis")}
    shown |= {edition["title"] for edition in rules["editions"]}
    assert {text for text in shown if CHINESE.search(text)} - set(DATA_WORDS) == set()


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(source(name))))


def unmarked(node: ast.AST) -> Iterator[str]:
    """Chinese texts under a node, parts of f-strings too, that are neither marked nor data nor a docstring."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and called(node) in DATA_CALLS:
        return
    if isinstance(node, ast.Assign) and any(getattr(name, "id", "") in DATA_NAMES for name in node.targets):
        return
    if isinstance(node, ast.Constant) and CHINESE.search(literal(node) or ""):
        yield f"{node.lineno} {node.value!r}"
    is_mark = isinstance(node, ast.Call) and called(node) in MARKS | PLURAL_MARKS
    for child in ast.iter_child_nodes(node):
        if not (is_mark and isinstance(child, ast.Constant)):
            yield from unmarked(child)


def test_nobody_is_refused_in_unmarked_words() -> None:
    refused = [
        f"{name}:{words}"
        for name in python_files()
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.Call) and called(node) in REFUSERS
        for words in unmarked(node)
    ]
    assert refused == []


def shown_to_readers() -> list[str]:
    """The files whose wordings reach a page, an answer of the API or a form."""
    elsewhere = SPOKEN_AT_A_CONSOLE + STORED + KEPT_AS_DATA + PRINTED
    return [name for name in python_files() if not name.startswith(elsewhere) and "/management/" not in name]


@pytest.mark.parametrize("name", [name for name in shown_to_readers() if CHINESE.search(source(name))])
def test_file_marks_its_chinese(name: str) -> None:
    assert list(unmarked(parsed(name))) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('Refusal("x", "不行")', 1),
        ('Refusal("x", f"第 {n} 行", remedy="请改")', 3),
        ('refuse("x", _("不行") if y else "不可")', 1),
        ('refuse("x", _(f"第 {n} 行"))', 2),
        ('Refusal("x", _("第 %(n)s 行") % {"n": "一"})', 1),
        ('Refusal("x", _("第 %(n)s 行") % {"n": n}, remedy=_("请改"))', 0),
        ('Refusal("x", ngettext("一", "多", n))', 0),
        ('Column("x", "阶段")', 0),
    ],
)
def test_the_inventory_finds_what_is_not_marked(code: str, found: int) -> None:
    assert len(list(unmarked(ast.parse(code)))) == found
