"""Messages as they are answered, in the reader's language."""

from typing import Any

from certification.notices.wording import Letter

from ..labels import moment


def message(letter: Letter) -> dict[str, Any]:
    row = letter.message
    return {
        "id": row.pk,
        "kind": row.kind,
        "kind_display": str(letter.kind.label),
        "title": letter.title,
        "text": letter.text,
        "about": row.about or None,
        "page": letter.path or None,
        "created_at": moment(row.created_at),
        "read_at": moment(row.read_at),
    }
