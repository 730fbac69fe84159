"""An entry of the ledger as an auditor reads it: who did what, about which fact, and what is in its content."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Account
from enterprises.roles import Role, ScopeKind
from ledger import reading

from .models import Severity
from .stages import LEVEL_NAMES, STAGES, STATUS_NAMES
from .wording import named, worded

ROLES = {**dict(Role.choices), "system": gettext_lazy("系统"), "console": gettext_lazy("服务器控制台")}
SUBJECTS = {
    "enterprise": gettext_lazy("企业"),
    "application": gettext_lazy("申报"),
    "achievement": gettext_lazy("认定事实"),
    "finding": gettext_lazy("不符合项"),
    "account": gettext_lazy("账户"),
    "grant": gettext_lazy("授权申请"),
    "interest": gettext_lazy("利害关系"),
    "plan": gettext_lazy("规划"),
    "indicator": gettext_lazy("指标"),
    "rulebook": gettext_lazy("规则年度"),
    "edition": gettext_lazy("标准版本"),
    "organisation": gettext_lazy("机构"),
    "advising": gettext_lazy("辅导关系"),
    "certificate": gettext_lazy("证书"),
    "edition_terms": gettext_lazy("版本认证规则"),
    "title": gettext_lazy("称号"),
    "title_terms": gettext_lazy("称号复核规则"),
    "notice_terms": gettext_lazy("公示事项"),
    "credit": gettext_lazy("信用核查"),
    "credit_source": gettext_lazy("信用核查渠道"),
    "priority": gettext_lazy("优先标识"),
    "figures": gettext_lazy("年度数据"),
    "figure_item": gettext_lazy("年度数据项"),
    "priority_kind": gettext_lazy("优先标识种类"),
    "calendar": gettext_lazy("节假日与调休"),
    "division": gettext_lazy("区划"),
    "batch": gettext_lazy("评审批次"),
    "panel": gettext_lazy("专家评审"),
    "sheet": gettext_lazy("评分表"),
    "expert": gettext_lazy("专家资料"),
    "expert_field": gettext_lazy("专业领域"),
    "totals": gettext_lazy("汇总数"),
    "document": gettext_lazy("文书"),
}
FIELDS = {
    "file": gettext_lazy("文件名、类型和大小的摘要承诺"),
    "form": gettext_lazy("摘要的格式"),
    "style": gettext_lazy("文书样式"),
    "whence": gettext_lazy("操作来源的摘要承诺"),
    "achievement": gettext_lazy("认定事实"),
    "action": gettext_lazy("流转"),
    "applied_on": gettext_lazy("认证申请日"),
    "application": gettext_lazy("申报"),
    "at_risk_below": gettext_lazy("预警线"),
    "body": gettext_lazy("认证机构"),
    "barred": gettext_lazy("应回避的专家"),
    "certificate": gettext_lazy("证书编号"),
    "code": gettext_lazy("查验码的摘要"),
    "content": gettext_lazy("内容的摘要"),
    "correction_days": gettext_lazy("补正期限（工作日）"),
    "correct_by": gettext_lazy("补正期限"),
    "checked_on": gettext_lazy("核查日期"),
    "of": gettext_lazy("所附记录的台账号"),
    "source": gettext_lazy("核查渠道"),
    "corrects": gettext_lazy("更正的台账号"),
    "day": gettext_lazy("日期"),
    "demo": gettext_lazy("演示数据"),
    "digest": gettext_lazy("全部内容的摘要"),
    "edition": gettext_lazy("标准版本"),
    "effective_on": gettext_lazy("取得日期"),
    "ended_on": gettext_lazy("终止日期"),
    "expires_on": gettext_lazy("有效期至"),
    "expert": gettext_lazy("专家"),
    "experts": gettext_lazy("抽取的专家"),
    "field": gettext_lazy("专业领域"),
    "fields": gettext_lazy("专家的专业领域"),
    "due_on": gettext_lazy("期限"),
    "evaluation": gettext_lazy("评价编号"),
    "from": gettext_lazy("自"),
    "high_tech": gettext_lazy("高新技术企业"),
    "is_closed": gettext_lazy("规划已结束"),
    "issued_on": gettext_lazy("发证日期"),
    "kind": gettext_lazy("类型"),
    "items": gettext_lazy("评分项数"),
    "level": gettext_lazy("层级"),
    "number": gettext_lazy("编号"),
    "lines": gettext_lazy("公示件数"),
    "notice": gettext_lazy("公示编号"),
    "issued": gettext_lazy("签发的台账号"),
    "newer": gettext_lazy("换发的文书"),
    "module": gettext_lazy("模块"),
    "on": gettext_lazy("日期"),
    "opening": gettext_lazy("期初数"),
    "opening_on": gettext_lazy("期初日"),
    "organisation": gettext_lazy("机构"),
    "order": gettext_lazy("抽取次序"),
    "reason": gettext_lazy("原因"),
    "replaces": gettext_lazy("接续的证书"),
    "passed": gettext_lazy("通过"),
    "reexamine_on": gettext_lazy("复核日期"),
    "reporting_unit": gettext_lazy("统计单元"),
    "result": gettext_lazy("查询结果"),
    "requested_by": gettext_lazy("申请人"),
    "role": gettext_lazy("角色"),
    "round": gettext_lazy("轮次"),
    "route": gettext_lazy("途径"),
    "said": gettext_lazy("文字的摘要承诺"),
    "scope": gettext_lazy("范围"),
    "scope_kind": gettext_lazy("范围类型"),
    "severity": gettext_lazy("严重程度"),
    "sha256": gettext_lazy("SHA-256"),
    "seed": gettext_lazy("抽签种子"),
    "seed_digest": gettext_lazy("抽签种子的摘要"),
    "since": gettext_lazy("起始日"),
    "sitting": gettext_lazy("评审次"),
    "size": gettext_lazy("字节数"),
    "stage": gettext_lazy("阶段"),
    "supplements": gettext_lazy("所补充的规则年度"),
    "system_since": gettext_lazy("体系运行起始日"),
    "target": gettext_lazy("目标"),
    "tier": gettext_lazy("十百千"),
    "to": gettext_lazy("至"),
    "township": gettext_lazy("乡镇（街道）"),
    "turn": gettext_lazy("流转次序"),
    "unit": gettext_lazy("统计单元"),
    "until": gettext_lazy("有效期至"),
    "version": gettext_lazy("版本"),
    "wording": gettext_lazy("样式版本"),
    "year": gettext_lazy("年度"),
    "works": gettext_lazy("上班"),
}


STATUSES = {str(code): pair for code, pair in STATUS_NAMES.items()}
PAIRS = {"from": STATUSES, "to": STATUSES, "level": {str(code): pair for code, pair in LEVEL_NAMES.items()}}


@dataclass(frozen=True, slots=True)
class Said:
    """One value of an entry's content: its name, the value in words (empty: none), the value as it is kept."""

    name: Any
    words: str
    value: str


def content_of(payload: str) -> list[Said]:
    """What an entry's content says; unknown names stay as they are."""
    said = reading.content_of(payload).items()
    return [Said(FIELDS.get(name, name), _words(name, value), _kept(value)) for name, value in said]


def _kept(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _words(name: str, value: Any) -> str:
    """A code in words: a truth value, a stage, a role, a status, a level."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "stage" and str(value) in STAGES:
        return named(STAGES[str(value)])
    if name == "severity" and value in Severity.values:
        return str(Severity(value).label)
    if name == "role":
        return str(ROLES.get(str(value), ""))
    if name == "scope_kind" and value in ScopeKind.values:
        return str(ScopeKind(value).label)
    pair = PAIRS.get(name, {}).get(str(value))
    return worded(pair) if pair else ""


def subject_words(subject: str) -> tuple[Any, str]:
    """What an entry is about: the kind of fact, and its code."""
    kind, _colon, code = subject.partition(":")
    return SUBJECTS.get(kind, kind), code


def people(actors: Iterable[str]) -> dict[str, str]:
    """The user names behind opaque codes of accounts, in one question."""
    keys = {code.removeprefix("account:") for code in actors if code.startswith("account:")}
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    return {f"account:{key}": name for key, name in Account.objects.filter(pk__in=wanted).values_list("pk", "username")}
