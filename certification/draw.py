"""Drawing experts by lot (抽取专家). Pure, and repeatable by anybody with the published seed:

    lot = SHA-256 of "seed:application number:expert code", as lower-case hexadecimal

The experts who are not barred are put in order: those of the application's field first, then the others; within each by
their lot. The first ones sit; whoever steps back is followed by the next. A lot by hand:
`printf '%s' 'SEED:SQ…:account:7' | sha256sum`.

The seed was fixed, and its SHA-256 put on the ledger, when the batch was opened: before anybody applied.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Bar(StrEnum):
    """Why an expert takes no part (回避)."""

    EMPLOYER = "employer"
    GROUP = "group"
    ADVISER = "adviser"
    TIE = "tie"
    APPLICANT = "applicant"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert in the pool: whom they work for, by credit code, by name, or as an adviser (organisation)."""

    code: str
    fields: frozenset[str] = frozenset()
    employer: str = ""
    employer_name: str = ""
    organisation: str = ""
    group: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """The application that is drawn for: its enterprise, the advisers of it, who is tied to it or applied for it.

    `names`: every name that the enterprise has had, in the form in which an employer's name is compared with them.
    """

    number: str
    enterprise: str
    names: frozenset[str] = frozenset()
    field: str = ""
    advisers: frozenset[str] = frozenset()
    tied: frozenset[str] = frozenset()
    applied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """All who may sit, in the order of the draw, and who may not, with the reason."""

    order: tuple[str, ...]
    barred: Mapping[str, Bar]


def lot(seed: str, application: str, expert: str) -> str:
    return hashlib.sha256(f"{seed}:{application}:{expert}".encode()).hexdigest()


def bar_of(candidate: Candidate, subject: Subject) -> Bar | None:
    """Why this expert takes no part in this application; None: nothing bars them."""
    if candidate.code in subject.applied:
        return Bar.APPLICANT
    if candidate.code in subject.tied:
        return Bar.TIE
    if (candidate.employer and candidate.employer == subject.enterprise) or candidate.employer_name in subject.names:
        return Bar.EMPLOYER
    if subject.enterprise in candidate.group:
        return Bar.GROUP
    return Bar.ADVISER if candidate.organisation in subject.advisers else None


def draw(pool: Iterable[Candidate], subject: Subject, *, seed: str, without: Collection[str] = ()) -> Drawn:
    """The order in which experts are called; `without`: who sat before, or stepped back."""
    candidates = [each for each in pool if each.code not in without]
    barred = {each.code: bar for each in candidates if (bar := bar_of(each, subject))}
    free = [each for each in candidates if each.code not in barred]
    free.sort(key=lambda each: (subject.field not in each.fields, lot(seed, subject.number, each.code)))
    return Drawn(tuple(each.code for each in free), barred)


def field_of(industry: str, fields: Mapping[str, Iterable[str]]) -> str:
    """The field whose beginning of an industry code fits best (the longest); empty: none does."""
    fitting = [
        (len(prefix), code) for code, prefixes in fields.items() for prefix in prefixes if industry.startswith(prefix)
    ]
    return max(fitting)[1] if fitting and industry else ""
