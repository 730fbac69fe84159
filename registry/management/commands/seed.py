"""`manage.py seed`: plan and reference data, and with DEMO=1 the synthetic demo data. Repeatable."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from certification.demo import load_demo
from certification.reference import load_reference
from certification.services.rulebook_versions import lacking_now, named_stages
from certification.totals.recount import bring_up_to_date
from enterprises.reference import load_places


class Command(BaseCommand):
    help = "载入规划与基础数据；DEMO=1 时再载入演示账户和演示企业（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        load_places(at=now)
        load_reference(at=now)
        if found := lacking_now(on=timezone.localdate(now)):
            self.stdout.write(
                f"规则年度“{found[0].title}”已冻结，缺少阶段：{named_stages(found[1])}；"
                "需要受理的，请由市局在 /admin/ 的规则年度中以新版本补充"
            )
        if settings.DEMO_DATA:
            load_demo(at=now)
        bring_up_to_date(at=timezone.now())
