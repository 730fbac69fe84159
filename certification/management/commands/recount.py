"""`manage.py recount [--check] [--thorough]`: all totals counted anew from the achievements."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from certification.totals.recount import recount

SHOWN = 50


class Command(BaseCommand):
    help = "由认定事实重新计算全部汇总数；--check 只核对，有差异时以 1 退出并指明"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不修改")
        parser.add_argument("--thorough", action="store_true", help="逐条重建并比对计数区间，不只核对其合计")

    def handle(self, *args: Any, check: bool = False, thorough: bool = False, **options: Any) -> None:
        found = recount(at=timezone.now(), repair=not check, thorough=thorough)
        if found.is_clean:
            self.stdout.write(f"一致：{found.cells} 个汇总数与认定事实相符")
            return
        for difference in found.differences[:SHOWN]:
            self.stdout.write(f"不符：{difference}")
        if len(found.differences) > SHOWN:
            self.stdout.write(f"……另有 {len(found.differences) - SHOWN} 处")
        if found.wrong_spans or found.missing_spans:
            self.stdout.write(f"计数区间：多余或有误 {found.wrong_spans} 条，缺少 {found.missing_spans} 条")
        for span in found.spans:
            self.stdout.write(f"不符：{span}")
        for fault in found.broken:
            self.stdout.write(f"无法识别：{fault}")
        if not found.repaired:
            sys.exit(1)
        self.stdout.write("已按认定事实修复，并记入台账")
