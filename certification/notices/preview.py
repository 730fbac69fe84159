"""A wording as people will read it, with examples in its places, in both languages."""

from dataclasses import dataclass

from django.utils import translation

from ..models import Message, MessageWording
from .kinds import KINDS
from .mail import text_of
from .wording import Letter, filled, one_line, sample_words

SAMPLE_PATH = "/applications/SQ2026000123/"


@dataclass(frozen=True, slots=True)
class Preview:
    """One language of it: the entry of the list, and the mail."""

    language: str
    title: str
    text: str
    mail: str


def previews(row: MessageWording) -> list[Preview]:
    return [
        _preview(row, "zh-hans", row.subject_zh, row.body_zh),
        _preview(row, "en", row.subject_en, row.body_en),
    ]


def _preview(row: MessageWording, language: str, subject: str, body: str) -> Preview:
    with translation.override(language):
        words = sample_words(row.kind)
        title, text = one_line(filled(subject, words)), filled(body, words)
        letter = Letter(Message(kind=row.kind), KINDS[row.kind], title, text, SAMPLE_PATH)
        return Preview(language, title, text, text_of(letter))
