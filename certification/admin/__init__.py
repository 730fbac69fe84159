"""Rules, plans, calendar, wordings of messages (/admin/), by subject. What is frozen or on record never changes."""

from . import (
    calendar,
    documents,
    editions,
    inputs,
    jobs,
    messages,
    notice_terms,
    organisations,
    panels,
    plans,
    rulebooks,
    titles,
)

__all__ = [
    "calendar",
    "documents",
    "editions",
    "inputs",
    "jobs",
    "messages",
    "notice_terms",
    "organisations",
    "panels",
    "plans",
    "rulebooks",
    "titles",
]
