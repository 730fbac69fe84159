"""What the header offers to whom. Pages that do not exist (yet) are left out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from enterprises.models import Account
from enterprises.rights import (
    is_applicant,
    is_expert,
    may_read_ledger,
    may_read_monitor,
    may_read_trail,
    may_run_batches,
    may_see_grants,
    may_see_imports,
)
from enterprises.roles import ScopeKind

from ..notices.inbox import unread_count
from ..rights import may_list_certificates, may_rank
from ..wording import named

Test = Callable[[Account], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the navigation: its page, its name and for whom it is; no test: for everyone."""

    page: str
    label: Any
    test: Test | None = None


ENTRIES = (
    Entry("home", _("首页")),
    Entry("workspace", _("我的申报"), is_applicant),
    Entry("reviews", _("审核"), lambda account: account.is_reviewer),
    Entry("recommendations", _("推荐排序"), may_rank),
    Entry("certificates", _("证书"), may_list_certificates),
    Entry("titles", _("称号"), may_list_certificates),
    Entry("evaluations", _("专家评审"), is_expert),
    Entry("batches", _("评审批次"), may_run_batches),
    Entry("monitor", _("规划监测"), may_read_monitor),
    Entry("enterprise-list", _("企业名录")),
    Entry("imports", _("数据导入"), may_see_imports),
    Entry("grants", _("账户授权"), may_see_grants),
    Entry("ledger", _("台账"), may_read_ledger),
    Entry("audit", _("审计日志"), may_read_trail),
    Entry("admin:index", _("系统管理"), lambda account: account.is_staff),
)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry as the header shows it."""

    url: str
    label: Any
    is_current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, the words for the account's scope, how many messages it has not read.

    These are counted only where a page shows them.
    """
    user: object = getattr(request, "user", None)
    account = user if isinstance(user, Account) else None
    items = [_item(entry, request.path) for entry in ENTRIES if _is_for(entry, account)]
    return {
        "navigation": [item for item in items if item is not None],
        "account_scope": scope_words(account) if account else "",
        "unread": SimpleLazyObject(lambda: unread_count(account) if account else 0),
    }


def _is_for(entry: Entry, account: Account | None) -> bool:
    return entry.test is None or (account is not None and entry.test(account))


def _item(entry: Entry, path: str) -> NavigationItem | None:
    try:
        url = reverse(entry.page)
    except NoReverseMatch:
        return None
    return NavigationItem(url, entry.label, path == url or (url != "/" and path.startswith(url)))


def scope_words(account: Account) -> str:
    """The account's scope as a person reads it, e.g. 武进区."""
    match account.scope_kind:
        case ScopeKind.ENTERPRISE:
            return str(account.enterprise)
        case ScopeKind.TOWNSHIP:
            return str(account.township)
        case ScopeKind.UNIT:
            return named(account.unit)
    return str(account.get_scope_kind_display())
