"""What a decision commits to in the ledger: the words of the person, and what had been submitted.

The ledger keeps salted digests of these texts only; audit.py computes them again from the rows.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ledger.canonical import commitment

from ..models import Application, Evidence


def submitted_content(row: Application) -> dict[str, Any]:
    """What the applicant submits: fields, modules, and each paper's SHA-256."""
    papers = Evidence.objects.on_file().filter(application=row).order_by("requirement", "sha256")
    return {
        "fields": row.fields,
        "modules": row.modules,
        "evidence": [list(paper) for paper in papers.values_list("requirement", "sha256")],
    }


def committed_words(comment: str, defects: Sequence[Mapping[str, str]], *, salt: str | None = None) -> tuple[str, str]:
    """(salt, digest) of a comment with its defects."""
    return commitment(_text([comment, list(defects)]), salt=salt)


def committed_content(content: Mapping[str, Any], *, salt: str) -> str:
    """Digest of what was submitted."""
    return commitment(_text(content), salt=salt)[1]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
