"""Documents that are made from the code say what the code says."""

from certification.management.commands.stages_doc import TARGET, document

from .tree import source


def test_stages_document_is_the_generated_one() -> None:
    assert source(TARGET) == document()
