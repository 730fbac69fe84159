"""Documents that are made from the code say what the code says; those that are not, name what there is."""

import re

from certification.management.commands.stages_doc import TARGET, document

from .tree import ROOMS, ROOT, source, tracked

STRUCTURE = "docs/structure.md"


def test_stages_document_is_the_generated_one() -> None:
    assert source(TARGET) == document()


def test_the_structure_page_names_no_file_that_is_gone() -> None:
    named = set(re.findall(rf"`((?:{'|'.join(ROOMS)}|docs|tests|templates)/[\w./-]*)", source(STRUCTURE)))
    assert {path for path in named if not (ROOT / path).exists()} == set()
    listed = "\n".join(block for block in source(STRUCTURE).split("```")[1::2])
    files = {name.rsplit("/", maxsplit=1)[-1] for name in tracked()}
    assert set(re.findall(r"\b\w+\.py\b", listed)) - files == set()


def test_the_structure_page_names_every_module_of_certification() -> None:
    modules = [name for name in tracked() if re.fullmatch(r"certification/(services/)?\w+\.py", name)]
    stems = {name.rsplit("/", maxsplit=1)[-1].removesuffix(".py") for name in modules} - {"__init__"}
    assert stems - set(re.findall(r"\w+", source(STRUCTURE))) == set()
