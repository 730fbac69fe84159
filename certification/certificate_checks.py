"""What is wrong with a certificate as somebody states it (证书核对), all at once. Pure.

The same checks for what the city records and for what an enterprise submits; facts and terms are passed in.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from enterprises.identifiers import search_form
from enterprises.language import _

from .certificate_life import Terms, accepts, longest_expiry
from .errors import Refusal
from .workdays import months_after

NUMBER = re.compile(r"[0-9A-Z][0-9A-Z.()-]{3,59}", re.ASCII)
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Letters and marks that leave nothing on the page: fillers, blanks, variation selectors.
BLANK = {*map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)), *map(chr, range(0xFE00, 0xFE10))}
SIGNS = {"#": "[0-9]", "@": "[A-Z]"}


@dataclass(frozen=True, slots=True)
class Stated:
    """A certificate as it is stated; None or empty: not said. `body`: code or name of an organisation."""

    number: str = ""
    body: str = ""
    holder: str = ""
    holder_reason: str = ""
    holder_address: str = ""
    scope_management: str = ""
    scope_links: str = ""
    edition: str = ""
    route: str = ""
    system_since: date | None = None
    applied_on: date | None = None
    issued_on: date | None = None
    expires_on: date | None = None


DAYS = ("system_since", "applied_on", "issued_on", "expires_on")
NAMES: dict[str, Callable[[], str]] = {
    "number": lambda: _("证书编号"),
    "body": lambda: _("认证机构"),
    "holder": lambda: _("持证人"),
    "holder_reason": lambda: _("持证人与企业名称不一致的理由"),
    "holder_address": lambda: _("证书地址"),
    "scope_management": lambda: _("管理方面"),
    "scope_links": lambda: _("业务环节"),
    "edition": lambda: _("标准版本"),
    "route": lambda: _("途径"),
    "system_since": lambda: _("体系运行起始日"),
    "applied_on": lambda: _("认证申请日"),
    "issued_on": lambda: _("发证日期"),
    "expires_on": lambda: _("有效期至"),
}
MAY_BE_EMPTY = ("holder_reason",)
WRITTEN = ("holder", "holder_reason", "holder_address", "scope_management", "scope_links")  # kept as they are stated
TEXTS = ("number", "body", "edition", "route", *WRITTEN)
LONGEST = {"number": 60, "holder": 120} | dict.fromkeys(WRITTEN[1:], 200)


@dataclass(frozen=True, slots=True)
class Body:
    """A certification body as the table has it."""

    code: str
    name: str
    pattern: str
    approved_from: date | None
    approved_to: date | None

    def is_approved(self, day: date) -> bool:
        if self.approved_from is None or day < self.approved_from:
            return False
        return self.approved_to is None or day <= self.approved_to


@dataclass(frozen=True, slots=True)
class Known:
    """What the registry knows on the day: the body, the edition's terms, whether the body advised, what is taken."""

    today: date
    earliest: date
    body: Body | None = None
    terms: Mapping[str, Terms] = field(default_factory=dict)
    routes: tuple[str, ...] = ()
    has_advised: bool = False
    is_number_used: bool = False
    same_day: str = ""
    names: tuple[str, ...] = ()


def tidy_number(text: str) -> str:
    """A number in half width, capital letters, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def first_unseen(text: str) -> str:
    """The first character of a text that nobody sees, or that turns what is seen around; empty: there is none."""
    return next((sign for sign in text if unicodedata.category(sign) in UNSEEN or sign in BLANK), "")


def is_tidy(text: str) -> bool:
    """Whether a text of an address can be looked for: PostgreSQL would refuse a NUL."""
    return 0 < len(text) <= LONGEST["number"] and text.isprintable()


def stated(values: Mapping[str, Any]) -> Stated:
    """What values of a form say of a certificate; a day that is none is not said."""
    said: dict[str, Any] = {name: str(values.get(name) or "").strip() for name in TEXTS}
    said |= {name: _day(values.get(name)) for name in DAYS}
    return Stated(**{**said, "number": tidy_number(said["number"])})


def _day(value: Any) -> date | None:
    if isinstance(value, date) or not value:
        return value or None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def missing(said: Stated) -> list[Refusal]:
    """What is not said at all, or too long."""
    found = []
    for name, label in NAMES.items():
        value = getattr(said, name)
        if not value and name not in MAY_BE_EMPTY:
            found.append(Refusal("field_missing", _("请填写“%(label)s”") % {"label": label()}, field=name))
        elif value and name in LONGEST and len(value) > LONGEST[name]:
            told = {"label": label(), "limit": LONGEST[name], "count": len(value)}
            message = _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字") % told
            found.append(Refusal("too_long", message, field=name, remedy=_("请精简后再填")))
    return found


def unsound(said: Stated, known: Known) -> list[Refusal]:
    """What cannot be, of what is said."""
    return [refusal for check in CHECKS for refusal in check(said, known)]


def _number(said: Stated, known: Known) -> Iterator[Refusal]:
    told = {"number": said.number, "body": known.body.name if known.body else said.body}
    if said.number and not NUMBER.fullmatch(said.number):
        message = _("证书编号“%(number)s”的长度或字符不对") % told
        yield Refusal(
            "number_form", message, field="number", remedy=_("应为 4 至 60 位大写字母、数字和 . - ( )，照证书填写")
        )
    elif said.number and known.body and known.body.pattern and not matches(known.body.pattern, said.number):
        message = _("证书编号“%(number)s”不合%(body)s的编号规则 %(pattern)s") % {**told, "pattern": known.body.pattern}
        yield Refusal(
            "number_pattern", message, field="number", remedy=_("# 为数字，@ 为字母；请照证书核对编号和认证机构")
        )
    elif known.is_number_used:
        message = _("%(body)s的证书编号“%(number)s”已经登记") % told
        yield Refusal("number_used", message, field="number", remedy=_("请核对编号；确为同一证书的，不必重复登记"))


def _written(said: Stated, known: Known) -> Iterator[Refusal]:
    for name in WRITTEN:
        if sign := first_unseen(getattr(said, name)):
            told = {"label": NAMES[name](), "code": f"U+{ord(sign):04X}"}
            message = _("“%(label)s”含有看不见的字符 %(code)s") % told
            yield Refusal("invisible_character", message, field=name, remedy=_("请删去该字符，照证书重新录入"))


def _holder(said: Stated, known: Known) -> Iterator[Refusal]:
    names = {search_form(name) for name in known.names}
    if not said.holder or not names or said.holder_reason or search_form(said.holder) in names:
        return
    told = {"holder": said.holder, "names": _("、").join(known.names), "day": said.issued_on}
    message = _("持证人“%(holder)s”不是该企业在发证日 %(day)s 的名称（%(names)s）") % told
    remedy = _("请照证书核对；确为分支机构、集团证书等情形的，请填写“持证人与企业名称不一致的理由”")
    yield Refusal("holder_differs", message, field="holder", remedy=remedy)


def _body(said: Stated, known: Known) -> Iterator[Refusal]:
    if not said.body:
        return
    if known.body is None:
        message = _("认证机构“%(body)s”不在名单中") % {"body": said.body}
        yield Refusal("body_unknown", message, field="body", remedy=_("请照证书填写机构全称；名单由市局维护"))
        return
    told = {"body": known.body.name, "day": said.issued_on}
    if said.issued_on and not known.body.is_approved(said.issued_on):
        message = _("%(body)s在发证日 %(day)s 不在批准期内") % told
        yield Refusal("body_not_approved", message, field="body", remedy=_("请核对认证机构和发证日期"))
    if known.has_advised:
        message = _("%(body)s是该企业的辅导机构，不得为其认证") % told
        yield Refusal(
            "body_advised", message, field="body", remedy=_("认证机构不得是企业自己的辅导机构；请核对辅导关系")
        )


def _edition(said: Stated, known: Known) -> Iterator[Refusal]:
    if not said.edition:
        return
    terms = known.terms.get(said.edition)
    if terms is None:
        message = _("标准版本“%(edition)s”没有认证规则") % {"edition": said.edition}
        remedy = _("可用的版本：%(editions)s") % {"editions": _("、").join(known.terms)}
        yield Refusal("edition_unknown", message, field="edition", remedy=remedy)
    elif said.applied_on and not accepts(terms, applied_on=said.applied_on):
        told = {"edition": said.edition, "day": said.applied_on, "since": terms.applications_from or "…"}
        message = _("%(day)s 不受理按 %(edition)s 的认证申请") % told
        remedy = _("该版本的认证申请受理期为 %(since)s 至 %(until)s") % {
            **told,
            "until": terms.applications_until or "…",
        }
        yield Refusal("edition_closed", message, field="edition", remedy=remedy)


def _route(said: Stated, known: Known) -> Iterator[Refusal]:
    if said.route and said.route not in known.routes:
        message = _("途径“%(route)s”不存在") % {"route": said.route}
        remedy = _("可用的值：%(routes)s") % {"routes": _("、").join(known.routes)}
        yield Refusal("route_unknown", message, field="route", remedy=remedy)


def _days(said: Stated, known: Known) -> Iterator[Refusal]:
    for name in DAYS:
        day = getattr(said, name)
        if day and (day < known.earliest or (day > known.today and name != "expires_on")):
            told = {"label": NAMES[name](), "day": day, "earliest": known.earliest, "today": known.today}
            message = _("%(label)s %(day)s 不在 %(earliest)s 至今天 %(today)s 之间") % told
            yield Refusal("day_implausible", message, field=name, remedy=_("请核对年份"))
    if said.applied_on and said.issued_on and said.issued_on < said.applied_on:
        told = {"issued": said.issued_on, "applied": said.applied_on}
        message = _("发证日期 %(issued)s 早于认证申请日 %(applied)s") % told
        yield Refusal("issued_before_applied", message, field="issued_on", remedy=_("请照证书和认证合同核对"))
    if known.same_day:
        told = {"day": said.issued_on, "number": known.same_day}
        message = _("该企业 %(day)s 取得的证书已登记，编号 %(number)s") % told
        yield Refusal("same_day", message, field="issued_on", remedy=_("请核对发证日期"))


def _system(said: Stated, known: Known) -> Iterator[Refusal]:
    terms = known.terms.get(said.edition)
    if terms is None or not said.system_since or not said.issued_on:
        return
    earliest = months_after(said.system_since, terms.system_months)
    if said.issued_on < earliest:
        told = {"issued": said.issued_on, "since": said.system_since, "months": terms.system_months}
        message = _("体系自 %(since)s 运行，到发证日 %(issued)s 不满 %(months)s 个月") % told
        remedy = _("发证日期不得早于 %(day)s；请照证书和体系文件核对") % {"day": earliest}
        yield Refusal("system_too_young", message, field="issued_on", remedy=remedy)


def _expiry(said: Stated, known: Known) -> Iterator[Refusal]:
    if not said.issued_on or not said.expires_on:
        return
    told = {"issued": said.issued_on, "expires": said.expires_on}
    terms = known.terms.get(said.edition)
    if said.expires_on <= said.issued_on:
        message = _("有效期至 %(expires)s，不晚于发证日期 %(issued)s") % told
        yield Refusal("expires_before_issue", message, field="expires_on", remedy=_("请照证书核对两个日期"))
    elif terms and said.expires_on > longest_expiry(terms, issued_on=said.issued_on):
        message = _("有效期至 %(expires)s，超过自发证日期 %(issued)s 起 %(months)s 个月") % {
            **told,
            "months": terms.term_months,
        }
        yield Refusal("expires_too_late", message, field="expires_on", remedy=_("请照证书核对两个日期"))


CHECKS: tuple[Callable[[Stated, Known], Iterator[Refusal]], ...] = (
    _number,
    _written,
    _holder,
    _body,
    _edition,
    _route,
    _days,
    _system,
    _expiry,
)


def matches(pattern: str, number: str) -> bool:
    """Whether a number is of the body's form: # a digit, @ a letter, everything else itself."""
    form = "".join(SIGNS.get(sign, re.escape(sign)) for sign in tidy_number(pattern))
    return bool(re.fullmatch(form, number, re.ASCII))
