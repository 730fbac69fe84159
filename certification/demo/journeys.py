"""Playing applications through the real door, each move at its own time by the person it belongs to."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from enterprises.models import Account

from ..models import Application
from ..models.rulebook import FieldKind
from ..services.applications import open_application, save_draft
from ..services.corrections import lapse_corrections
from ..services.door import Remark, move
from ..services.evidence import attach, take_off
from ..services.rulebooks import Rules, rules_of
from ..stages import Level, Status
from .facts import Event, History, moment
from .histories import CULTIVATION, IMPLEMENTATION
from .papers import demo_paper
from .people import HOME_TOWNSHIP, HOME_UNIT
from .scenes import Steps

# By the clauses of the stage: the code of a field, or `evidence.` and the code of a paper.
DEFECTS: dict[str, tuple[dict[str, str], ...]] = {
    CULTIVATION: (
        {"clause": "evidence.commitment_letter", "text": "文件缺公章，请加盖公章后重新上传（演示）"},
        {"clause": "employees", "text": "职工人数与年报不一致，请核对（演示）"},
    ),
    IMPLEMENTATION: (
        {"clause": "evidence.staff_list", "text": "名单缺公章，请加盖公章后重新上传（演示）"},
        {"clause": "ip_staff", "text": "人数与名单不一致，请核对（演示）"},
    ),
}
COMMENTS = {
    "return": "请一次性补正下列事项（演示）",
    "reject": "不符合本阶段的基本条件（演示）",
    "withdraw": "企业另有安排（演示）",
    "object": "“知识产权的运用”一项未计入两份许可合同，请复核（演示）",
}
VALUES: dict[str, Any] = {
    "legal_representative": "演示法定代表人",
    "main_business": "演示产品的研发、生产和销售",
    "employees": 168,
    "valid_patents": 23,
    "management_representative": "演示管理者代表，副总经理",
    "ip_department": "知识产权部",
    "ip_staff": 3,
    "yearly_ip_budget": "35.5",
    "results_summary": "专利申请量和转化率提高，研发流程中完成两次风险排查（演示）",
    "main_products": "演示产品",
    "own_ip_share": "61.5",
    "valid_inventions": 9,
    "advantages": "主导产品的核心部件有发明专利（演示）",
    "plan_summary": "三个月内完成体系文件，六个月内完成一轮内部审核（演示）",
}
CHOSEN = ("4", "5", "6", "6.1", "7.1", "7.4", "8.2", "8-1", "8-4", "9", "10")  # of either edition


def weekday_before(today: date, days: int) -> date:
    """That many days ago, or the Friday before a weekend."""
    day = today - timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - 4))


class Journey:
    """One application of one enterprise; `accounts` by user name."""

    def __init__(self, history: History, stage: str, *, accounts: dict[str, Account], username: str = "") -> None:
        self.history, self.stage, self.accounts = history, stage, accounts
        self.username = username or history.profile.uscc
        self.application: Application | None = None

    @property
    def applicant(self) -> Account:
        return self.accounts[self.username]

    @property
    def row(self) -> Application:
        if self.application is None:
            raise Application.DoesNotExist(self.username)
        return self.application

    def events(self, steps: Steps, *, at: datetime) -> Iterator[Event]:
        """A draft two days before the first move (or some days ago), then the moves."""
        today = timezone.localdate(at)
        opened = moment(weekday_before(today, (steps[0][1] if steps else 4) + 2), hour=9)
        yield opened, lambda: self.fill_in(at=opened, complete=bool(steps))
        for number, (action, days) in enumerate(steps):
            # Same-day moves stay in order; today's are kept in the past.
            when = min(
                moment(weekday_before(today, days), hour=9, minute=10 + number), at - timedelta(minutes=20 - number)
            )
            yield when, self._move(action, when)

    def fill_in(self, *, at: datetime, complete: bool) -> None:
        """Open the draft with all values and papers, or with some of them."""
        self.application = open_application(self.history.row, self.stage, actor=self.applicant, at=at)
        rules = rules_of(self.application.rule_id)
        values = {need.code: self._value(need.code, need.kind, at) for need in rules.rule.fields}
        codes = list(values) if complete else list(values)[: len(values) // 2]
        modules = [module.code for module in rules.rule.menu if module.code in CHOSEN] if complete else None
        self.application = save_draft(
            self.application,
            fields={code: values[code] for code in codes},
            modules=modules,
            actor=self.applicant,
            at=at,
        )
        self._attach(rules, at=at, complete=complete)

    def _attach(self, rules: Rules, *, at: datetime, complete: bool) -> None:
        papers = [paper for paper in rules.row.evidence.all() if paper.required]
        for paper in papers if complete else papers[: len(papers) // 2]:
            content = demo_paper(paper.label_en or paper.code)
            attach(
                self.row,
                requirement=paper.code,
                filename=f"{paper.label}（演示）.pdf",
                content=content,
                actor=self.applicant,
                at=at,
            )

    def _value(self, code: str, kind: str, at: datetime) -> Any:
        if kind == FieldKind.DATE:
            return str(timezone.localdate(at))
        return VALUES.get(code, "")

    def _move(self, action: str, at: datetime) -> Callable[[], None]:
        def make() -> None:
            if action == "lapse":  # by nobody: by the daily task
                lapse_corrections(at=at)
                return
            remark = Remark(COMMENTS.get(action, ""), DEFECTS[self.stage] if action == "return" else ())
            row = Application.objects.get(pk=self.row.pk)
            if action == "submit" and row.status == Status.RETURNED:
                row = self._corrected(row, at)
            self.application = move(row, action, actor=self.actor(row, action), at=at, remark=remark)

        return make

    def _corrected(self, row: Application, at: datetime) -> Application:
        """What the defects asked for: another number, the paper anew."""
        for defect in DEFECTS[self.stage]:
            kind, _, code = defect["clause"].rpartition(".")
            if not kind:
                row = save_draft(row, fields={code: VALUES[code] + 4}, actor=self.applicant, at=at)
                continue
            for paper in row.evidence.on_file().filter(requirement=code):
                take_off(paper, actor=self.applicant, at=at)
                name, content = paper.filename.replace("（演示）", "（盖章件）（演示）"), demo_paper(f"{code} - sealed")
                attach(row, requirement=code, filename=name, content=content, actor=self.applicant, at=at)
        return Application.objects.get(pk=row.pk)

    def actor(self, row: Application, action: str) -> Account:
        """Whose turn it is."""
        if action in ("submit", "withdraw", "object"):
            return self.applicant
        if row.level == Level.TOWNSHIP:
            return self.accounts["zhenjie" if row.township_id == HOME_TOWNSHIP else f"zhenjie-{row.township_id}"]
        if row.level == Level.DISTRICT:
            return self.accounts["quju" if row.reporting_unit_id == HOME_UNIT else f"quju-{row.reporting_unit_id}"]
        return self.accounts["shiju"]
