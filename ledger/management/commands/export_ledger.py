"""`manage.py export_ledger FILE`: the exact bytes of every entry, one a line, for verify_offline.py."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ledger.models import LedgerEntry
from ledger.notes import verifier_key


class Command(BaseCommand):
    help = "导出台账全部条目的原始字节（每行一条），供 verify_offline.py 离线核验"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="写入的文件")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        count = 0
        entries = LedgerEntry.objects.order_by("number").values_list("canonical", flat=True)
        with file.open("wb") as target:
            for canonical in entries.iterator(chunk_size=1000):
                target.write(bytes(canonical) + b"\n")
                count += 1
        self.stdout.write(f"已导出 {count} 条；验证公钥：{verifier_key()}")
