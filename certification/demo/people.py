"""Demo accounts: one hash of the published demo password serves them all, since Argon2 is slow by intention."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password

from enterprises.models import Account, Enterprise
from enterprises.roles import Role, ScopeKind
from ledger.record import SYSTEM, Fact, record_many
from ledger.verbs import Verb

HOME_TOWNSHIP = "320412100"
HOME_UNIT = "wujin"


@dataclass(frozen=True, slots=True)
class Post:
    """An account to be made: user name, role, what it is called, and its scope."""

    username: str
    role: str
    display_name: str
    scope_kind: ScopeKind = ScopeKind.NONE
    township: str | None = None
    unit: str | None = None


POSTS: tuple[Post, ...] = (
    Post("zhenjie", Role.TOWNSHIP_REVIEWER, "演示镇街审核员", ScopeKind.TOWNSHIP, township=HOME_TOWNSHIP),
    Post("quju", Role.DISTRICT_REVIEWER, "演示区局审核员", ScopeKind.UNIT, unit=HOME_UNIT),
    Post("shiju", Role.CITY_REVIEWER, "演示市局审核员", ScopeKind.CITY),
    *(Post(f"zhuanjia{n}", Role.EXPERT, f"演示专家{n}") for n in range(1, 6)),
    Post("jiance", Role.MONITOR, "演示监测员", ScopeKind.CITY),
    Post("guihua", Role.PLAN_MANAGER, "演示规划管理员", ScopeKind.CITY),
    Post("sysadmin", Role.SYSTEM_ADMIN, "演示系统管理员"),
    Post("secadmin", Role.SECURITY_ADMIN, "演示安全管理员"),
    Post("auditor", Role.AUDITOR, "演示审计员"),
)


def reviewer_posts(townships: Iterable[str], units: Iterable[str]) -> list[Post]:
    """Reviewers of the other places, so that their enterprises' applications can move too."""
    return [
        *(
            Post(f"zhenjie-{code}", Role.TOWNSHIP_REVIEWER, f"演示镇街审核员 {code}", ScopeKind.TOWNSHIP, township=code)
            for code in townships
            if code != HOME_TOWNSHIP
        ),
        *(
            Post(f"quju-{code}", Role.DISTRICT_REVIEWER, f"演示区局审核员 {code}", ScopeKind.UNIT, unit=code)
            for code in units
            if code != HOME_UNIT
        ),
    ]


def applicant_accounts(enterprises: Iterable[Enterprise], qiye: Enterprise, hashed: str) -> list[Account]:
    """One applicant per enterprise under its credit code, and `qiye`."""
    pairs = [("qiye", qiye), *((enterprise.uscc, enterprise) for enterprise in enterprises)]
    return [
        Account(
            username=username,
            password=hashed,
            role=Role.APPLICANT,
            display_name="演示企业申报人",
            scope_kind=ScopeKind.ENTERPRISE,
            enterprise=enterprise,
            is_demo=True,
        )
        for username, enterprise in pairs
    ]


def demo_hash() -> str:
    """The demo password's hash."""
    return make_password(settings.DEMO_ACCOUNT_PASSWORD)


def staff_accounts(posts: Iterable[Post], hashed: str) -> list[Account]:
    return [
        Account(
            username=post.username,
            password=hashed,
            role=post.role,
            display_name=post.display_name,
            scope_kind=post.scope_kind,
            township_id=post.township,
            unit_id=post.unit,
            is_demo=True,
        )
        for post in posts
    ]


def open_accounts(accounts: list[Account], *, at: datetime) -> dict[str, Account]:
    """Write the accounts and one ledger entry each; by user name."""
    made = Account.objects.bulk_create(accounts)
    record_many(
        [
            Fact(
                Verb.ACCOUNT_GRANTED,
                account.code,
                {"role": str(account.role), "scope_kind": str(account.scope_kind), "demo": True},
            )
            for account in made
        ],
        actor=SYSTEM,
        at=at,
    )
    return {account.username: account for account in made}
