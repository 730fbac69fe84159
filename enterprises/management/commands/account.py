"""`manage.py account create USERNAME --role ROLE [--scope CODE]`; the password comes from outside."""

import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from enterprises.errors import Refused
from enterprises.roles import Role
from enterprises.services.accounts import create_account


class Command(BaseCommand):
    help = "建立账户：account create 用户名 --role 角色 [--scope 代码]；密码取自 REGISTRY_PASSWORD 或现场输入"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="建立账户")
        create.add_argument("username")
        create.add_argument("--role", required=True, choices=Role.values)
        create.add_argument("--scope", default="", help="信用代码、9 位乡镇代码、统计单元代码或 city")

    def handle(self, *args: Any, **options: Any) -> None:
        password = settings.ACCOUNT_PASSWORD or getpass.getpass("密码：")
        try:
            account = create_account(
                options["username"],
                role=options["role"],
                scope=options["scope"],
                password=password,
                at=timezone.now(),
            )
        except Refused as refused:
            lines = [f"{r.message}{'；' + r.remedy if r.remedy else ''}" for r in refused.refusals]
            raise CommandError("\n".join(lines)) from refused
        self.stdout.write(f"已建立账户 {account.username}（{account.get_role_display()}）")
