"""The detail of an event of the audit trail as an officer reads it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.verbs import Verb

from .exports.listing import LIST_NAMES
from .ledger_words import subject_words

VERBS = dict(Verb.choices)
NAMES = {
    "about": gettext_lazy("账户或对象"),
    "address": gettext_lazy("来源地址"),
    "batch": gettext_lazy("评审批次"),
    "before": gettext_lazy("早于"),
    "by": gettext_lazy("方式"),
    "documents": gettext_lazy("文书"),
    "fields": gettext_lazy("变更项"),
    "filters": gettext_lazy("筛选"),
    "left": gettext_lazy("剩余备用码"),
    "format": gettext_lazy("格式"),
    "list": gettext_lazy("清单"),
    "rows": gettext_lazy("行数"),
}
WORDS = {
    "own": gettext_lazy("本人修改"),
    "enabled": gettext_lazy("本人启用"),
    "replaced": gettext_lazy("本人更换验证器"),
    "removed": gettext_lazy("本人停用"),
    "recovery_code_used": gettext_lazy("使用备用码登录"),
    "recovery_codes_renewed": gettext_lazy("本人更换备用码"),
}


def detail_words(detail: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Each part of a detail in words; `names`: the user names behind codes of accounts."""
    said = []
    if "verb" in detail:
        said.append(str(VERBS.get(detail["verb"], detail["verb"])))
    if "subject" in detail:
        said.append(_subject(str(detail["subject"]), names))
    for name, value in detail.items():
        if name not in ("verb", "subject", "number") and value not in (None, "", []):
            said.append(
                _("%(name)s：%(value)s") % {"name": NAMES.get(name, name), "value": _value(_told(name, value), names)}
            )
    return said


def _told(name: str, value: Any) -> Any:
    return str(LIST_NAMES.get(value, value)) if name == "list" else value


def _subject(subject: str, names: Mapping[str, str]) -> str:
    kind, code = subject_words(subject)
    return f"{kind} {names.get(subject, code)}"


def _value(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return _("、").join(_value(each, names) for each in value)
    return str(WORDS.get(value) or names.get(value) or value) if isinstance(value, str) else str(value)


def accounts_in(detail: Mapping[str, Any]) -> list[str]:
    """The codes of accounts that a detail names."""
    return [code for code in (detail.get("about"), detail.get("subject")) if isinstance(code, str)]
