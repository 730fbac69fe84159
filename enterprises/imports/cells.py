"""Values of cells: a parser takes the text and gives the value, or raises BadValue with the reason."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from ..identifiers import check_credit_code
from ..limits import EARLIEST

YES = frozenset({"1", "是", "y", "yes", "true", "√", "有"})
NO = frozenset({"0", "否", "n", "no", "false", "×", "无"})
_AS_NUMBER = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
_DAY = re.compile(
    r"^(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$"
)


class BadValue(ValueError):
    """A cell's text cannot be taken; the message says why."""


def plain(text: str) -> str:
    """Half-width, without white space around: for codes, days and choices."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def words(text: str, *, longest: int) -> str:
    """Free text in NFC with single spaces; control characters are refused."""
    if not text.isprintable():
        text = " ".join(text.split())
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            raise BadValue(_("含有控制字符"))
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > longest:
        raise BadValue(_("最多 %(limit)s 字，现 %(count)s 字") % {"limit": longest, "count": len(text)})
    return text


def credit_code(text: str) -> str:
    """A unified social credit code that passes GB 32100-2015."""
    if _AS_NUMBER.match(text.strip()):
        raise BadValue(_("统一社会信用代码已被电子表格改成数字，末几位已丢失；请把该列设为文本后重新填写"))
    if not text.strip():
        raise BadValue(_("未填写统一社会信用代码"))
    checked = check_credit_code(text)
    if checked.is_valid:
        return checked.code
    if checked.only_checksum_fails:
        reason = _("%(reason)s；确属登记机关赋码的，请由审核人员在系统中登记并写明理由") % {"reason": checked.reason}
        raise BadValue(reason)
    raise BadValue(checked.reason)


@lru_cache(maxsize=1_000)
def flag(text: str) -> bool | None:
    """Yes, no, or None where nothing is stated."""
    word = plain(text).casefold()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadValue(_("应为 0、1、是 或 否"))


@lru_cache(maxsize=20_000)
def day(text: str) -> date | None:
    """A day as 2016-03-01, 2016/3/1, 2016.3.1, 2016年3月1日 or 20160301; None where nothing is stated."""
    word = plain(text).removesuffix(" 00:00:00")
    if not word:
        return None
    found = _DAY.match(word)
    if not found:
        raise BadValue(_("不是日期，应形如 2016-03-01"))
    year, month, number = (int(part) for part in found.groups() if part is not None)
    try:
        value = date(year, month, number)
    except ValueError as error:
        raise BadValue(_("没有这一天")) from error
    if value < EARLIEST:
        raise BadValue(_("早于 %(earliest)s") % {"earliest": EARLIEST})
    return value
