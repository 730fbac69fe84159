"""`manage.py verify_ledger`: the chain from its first entry, the signed checkpoints, then the facts against it."""

import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from certification.audit import fact_faults
from ledger.checkpoints import checkpoint_faults
from ledger.verify import Fault, verify


class Command(BaseCommand):
    help = "核验台账：编号连续、摘要相连、与已签署的检查点和库中事实一致；不符时指明台账号并以 1 退出"

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        if found.fault:
            self.stdout.write(f"台账第 {found.fault.number} 号不符：{found.fault.reason}")
            sys.exit(1)
        if self._said(checkpoint_faults()) + self._said(fact_faults(limit=20)):
            sys.exit(1)
        self.stdout.write(f"台账完整：{found.checked} 条，事实与台账一致")

    def _said(self, faults: Iterable[Fault]) -> int:
        """Each fault is said as soon as it is found; returns how many there are."""
        named = 0
        for fault in faults:
            place = f"台账第 {fault.number} 号" if fault.number else "库中事实"
            self.stdout.write(f"{place}不符：{fault.reason}")
            named += 1
        return named
