"""`manage.py account create USERNAME --role ROLE [--scope CODE]`, `account password USERNAME` and
`account second-factor USERNAME`, on the server.

The door by which the first officers come in, and an officer whose password or device is lost. The password comes
from outside.
"""

import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from enterprises.errors import Refused
from enterprises.models import Account
from enterprises.roles import Role
from enterprises.services.accounts import create_account, set_password
from enterprises.services.second_factors import let_go
from ledger.record import CONSOLE


class Command(BaseCommand):
    help = (
        "建立账户：account create 用户名 --role 角色 [--scope 代码]；"
        "重设密码：account password 用户名；密码取自 REGISTRY_PASSWORD 或现场输入；"
        "解除两步验证：account second-factor 用户名"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="建立账户")
        create.add_argument("username")
        create.add_argument("--role", required=True, choices=Role.values)
        create.add_argument("--scope", default="", help="信用代码、9 位乡镇代码、统计单元代码或 city")
        password = actions.add_parser("password", help="重设密码；该账户下次登录须自行改密码")
        password.add_argument("username")
        factor = actions.add_parser("second-factor", help="解除两步验证；该账户下次登录须重新绑定")
        factor.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        do = {"create": self._create, "password": self._reset, "second-factor": self._let_go}[options["action"]]
        try:
            said = do(options)
        except Refused as refused:
            lines = [f"{r.message}{'；' + r.remedy if r.remedy else ''}" for r in refused.refusals]
            raise CommandError("\n".join(lines)) from refused
        self.stdout.write(said)

    def _password(self) -> str:
        return settings.ACCOUNT_PASSWORD or getpass.getpass("密码：")

    def _create(self, options: dict[str, Any]) -> str:
        account = create_account(
            options["username"],
            role=options["role"],
            scope=options["scope"],
            password=self._password(),
            at=timezone.now(),
            actor=CONSOLE,
        )
        return f"已建立账户 {account.username}（{account.get_role_display()}）"

    def _reset(self, options: dict[str, Any]) -> str:
        account = self._account(options["username"])
        set_password(account, self._password(), actor=CONSOLE, at=timezone.now())
        return f"已重设账户 {account.username} 的密码"

    def _let_go(self, options: dict[str, Any]) -> str:
        account = self._account(options["username"])
        let_go(account, actor=CONSOLE, at=timezone.now())
        return f"已解除账户 {account.username} 的两步验证"

    def _account(self, username: str) -> Account:
        account = Account.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"没有账户 {username}")
        return account
