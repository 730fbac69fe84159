"""`manage.py import enterprises|achievements FILE`: a table into the registry, whole or not at all."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certification.imports.achievements import AchievementImport
from certification.totals.checkpoint import fold
from enterprises.errors import Refused
from enterprises.imports.leftovers import write_leftovers
from enterprises.imports.outcome import Outcome
from enterprises.imports.register import EnterpriseImport
from enterprises.imports.run import Importer, run_import
from enterprises.imports.spreadsheets import Limits
from enterprises.imports.tables import Table, open_table
from ledger.bulk import refresh_statistics, with_little_memory
from ledger.record import SYSTEM

CSV_ROWS = 2_000_000
STATISTICS_FROM = 5_000
TABLES = {
    "enterprises": (
        "enterprises_enterprise",
        "enterprises_enterpriselocation",
        "enterprises_enterprisesearch",
        "enterprises_hightechperiod",
        "ledger_ledgerentry",
    ),
    "achievements": ("certification_achievement", "ledger_ledgerentry"),
}
KINDS: dict[str, tuple[str, Callable[[], Importer]]] = {
    "enterprises": ("企业", EnterpriseImport),
    "achievements": ("认定事实", AchievementImport),
}


class Command(BaseCommand):
    help = "导入企业或认定事实（.csv、.xlsx、.xls）；有错误的行逐一列出，整个文件不导入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS), help="enterprises 企业，achievements 认定事实")
        parser.add_argument("file", type=Path, help="UTF-8 或 GB18030 的 .csv，或 .xlsx、.xls 的第一张工作表")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不导入")
        parser.add_argument("--skip-bad-rows", action="store_true", help="导入正确的行，把有误的行另存为文件")

    def handle(self, *args: Any, **options: Any) -> None:
        name, importer = KINDS[options["kind"]]
        with_little_memory()
        try:
            table = open_table(options["file"], limits=Limits(csv_rows=CSV_ROWS))
            outcome = run_import(
                importer(),
                table,
                actor=SYSTEM,
                at=timezone.now(),
                dry_run=options["dry_run"],
                skip_bad_rows=options["skip_bad_rows"],
            )
        except Refused as refused:
            raise CommandError("\n".join(_sentence(refusal) for refusal in refused.refusals)) from refused
        self._tell(name, outcome, dry_run=options["dry_run"])
        if outcome.bad:
            self._tell_bad(table, outcome, **options)
        if outcome.applied:
            if outcome.new > STATISTICS_FROM:
                refresh_statistics(*TABLES[options["kind"]], added=outcome.new)
            fold(at=timezone.now())
            self.stdout.write("汇总数已更新。")

    def _tell(self, name: str, outcome: Outcome, *, dry_run: bool) -> None:
        done = "拟" if dry_run or not outcome.applied else ""
        self.stdout.write(
            f"{name}：共 {outcome.rows} 行，{done}新增 {outcome.new}，{done}记载终止 {outcome.changed}，"
            f"已有且一致 {outcome.unchanged}，文件内重复 {outcome.repeated}，有误 {len(outcome.bad_lines)}。"
        )
        for remark in outcome.remarks:
            self.stdout.write(f"提示：{remark}。")
        if outcome.changes_nothing and not outcome.bad:
            self.stdout.write("文件内容均已登记，未作任何更改。")
        elif dry_run:
            self.stdout.write("仅检查，未作任何更改。")

    def _tell_bad(self, table: Table, outcome: Outcome, **options: Any) -> None:
        """Every bad row; a CommandError (exit 1) unless the good rows went in without them."""
        for cell in outcome.bad:
            self.stderr.write(str(cell))
        if not options["skip_bad_rows"]:
            raise CommandError(f"{len(outcome.bad_lines)} 行有误，共 {len(outcome.bad)} 处，未作任何更改。")
        if not options["dry_run"]:
            target = write_leftovers(table, outcome.bad_lines)
            self.stdout.write(f"{len(outcome.bad_lines)} 行有误未导入，已连同原因另存为：{target}")


def _sentence(refusal: Any) -> str:
    return f"{refusal.message}。{refusal.remedy}" if refusal.remedy else f"{refusal.message}。"
