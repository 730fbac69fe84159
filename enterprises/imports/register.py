"""The import of enterprises (登记企业): one row, one enterprise.

What is in the file must be new or agree with the register: a row whose values are those of the file kept
here, now or at an earlier time, changes nothing; one that differs is an error, since renaming, moving and
correcting have their own ways. A blank cell states nothing.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.record import Actor

from ..errors import Refused
from ..identifiers import is_high_tech_certificate, is_industry_code
from ..places import find_division, unit_of_division
from .cells import BadValue, credit_code, day, flag, plain, words
from .columns import Column
from .existing import Existing, existing_enterprises
from .outcome import BadCell
from .rows import EnterpriseRow, Place
from .run import bad_cells, parts, value_of
from .writing import write_enterprises

USCC = Column("uscc", "统一社会信用代码", also=("信用代码", "社会信用代码"), required=True)
NAME = Column("name", "企业名称", also=("名称",), required=True)
TOWNSHIP = Column("township", "乡镇街道代码", also=("区划代码", "乡镇代码"), required=True)
HIGH_TECH = Column("is_high_tech", "高新技术企业", also=("是否高新技术企业",))
CERTIFICATE = Column("high_tech_certificate", "高新技术企业证书编号", also=("高企证书编号",))
TIER = Column("innovation_tier", "十百千")
RD = Column("has_rd_institution", "自主研发机构", also=("有自主研发机构",))
INDUSTRY = Column("industry", "行业代码")
ESTABLISHED = Column("established_on", "成立日期")
DISTRICT_DIGITS = 6
COLUMNS = (USCC, NAME, TOWNSHIP, HIGH_TECH, CERTIFICATE, TIER, RD, INDUSTRY, ESTABLISHED)

TIERS = {
    "": "",
    "none": "none",
    "未列入": "none",
    "无": "none",
    "leading": "leading",
    "领军企业": "leading",
    "领军": "leading",
    "listing": "listing",
    "上市培育企业": "listing",
    "上市培育": "listing",
    "high_tech": "high_tech",
    "高新技术培育企业": "high_tech",
    "高新技术培育": "high_tech",
    "高新技术企业培育": "high_tech",
}


# What repeats from row to row is looked at once, and kept once.
repeated = lru_cache(maxsize=5_000)


@dataclass(slots=True)
class EnterprisePlan:
    """What the import of enterprises will write."""

    new: list[EnterpriseRow] = field(default_factory=list)
    changed: list[EnterpriseRow] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    same: list[EnterpriseRow] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class EnterpriseImport:
    """Drives the enterprise table through `run_import`."""

    columns = COLUMNS

    def parse(self, line: int, values: tuple[str, ...], found: list[BadCell]) -> EnterpriseRow | None:
        before = len(found)
        checked = [
            value_of(parser, text, column, line, found) for (column, parser), text in zip(_PARSERS, values, strict=True)
        ]
        if len(found) == before:
            row = EnterpriseRow(line, *checked)
            found.extend(_contradictions(row))
            if len(found) == before:
                return row
        return None

    def key(self, row: EnterpriseRow) -> Hashable:
        return row.uscc

    def key_name(self, row: EnterpriseRow) -> tuple[str, str]:
        return USCC.name, row.uscc

    def compare(self, rows: Sequence[EnterpriseRow], *, at: datetime) -> EnterprisePlan:
        plan = EnterprisePlan()
        today = timezone.localdate(at)
        refused: dict[str, Refused] = {}
        for part in parts(rows):
            known = existing_enterprises([row.uscc for row in part])
            for row in part:
                existing = known.get(row.uscc)
                if existing is None:
                    _register(row, refused, today, plan)
                else:
                    differences = list(_differences(row, existing))
                    plan.bad += differences
                    if not differences:
                        plan.same.append(row)
        plan.remarks = _remarks(plan.new)
        return plan

    def write(self, plan: EnterprisePlan, *, actor: Actor, at: datetime) -> None:
        for part in parts(plan.new):
            write_enterprises(part, plan.places, actor=actor, at=at)


def _name(text: str) -> str:
    name = words(text, longest=120)
    if not name:
        raise BadValue(_("未填写企业名称"))
    if len(name) < 2:
        raise BadValue(_("企业名称至少 2 个字"))
    return name


@repeated
def _township(text: str) -> str:
    code = plain(text)
    if not code:
        raise BadValue(_("未填写乡镇（街道）代码"))
    if not (code.isdecimal() and len(code) in (6, 9)):
        raise BadValue(_("应为 9 位乡镇（街道）代码，或辖市区的 6 位代码"))
    return code


def _certificate(text: str) -> str:
    number = plain(text).upper()
    if number and not is_high_tech_certificate(number):
        raise BadValue(_("证书编号格式不符，江苏省证书形如 GR202232001234"))
    return number


@repeated
def _tier(text: str) -> str:
    word = plain(text).casefold()
    if word not in TIERS:
        raise BadValue(
            _("应为 leading（领军企业）、listing（上市培育企业）、high_tech（高新技术培育企业）或 none（未列入）")
        )
    return TIERS[word]


@repeated
def _industry(text: str) -> str:
    code = plain(text).upper()
    if not is_industry_code(code):
        raise BadValue(_("应为 GB/T 4754 行业代码，不超过 6 位"))
    return code


_PARSERS: tuple[tuple[Column, Callable[[str], object]], ...] = (
    (USCC, credit_code),
    (NAME, _name),
    (TOWNSHIP, _township),
    (HIGH_TECH, flag),
    (CERTIFICATE, _certificate),
    (TIER, _tier),
    (RD, flag),
    (INDUSTRY, _industry),
    (ESTABLISHED, day),
)


def _contradictions(row: EnterpriseRow) -> Iterator[BadCell]:
    if row.certificate and row.high_tech is False:
        reason = _("填有高新技术企业证书 %(number)s，却标为“否”") % {"number": row.certificate}
        yield BadCell(row.line, HIGH_TECH.name, "0", reason)
    if row.certificate and row.established_on and row.established_on.year > int(row.certificate[2:6]):
        reason = _("证书年份早于成立日期 %(day)s") % {"day": row.established_on}
        yield BadCell(row.line, CERTIFICATE.name, row.certificate, reason)


def _not_yet(row: EnterpriseRow, today: date) -> Iterator[BadCell]:
    if row.established_on and row.established_on > today:
        yield BadCell(row.line, ESTABLISHED.name, str(row.established_on), _("晚于今天"))
    if row.certificate and int(row.certificate[2:6]) > today.year:
        yield BadCell(row.line, CERTIFICATE.name, row.certificate, _("证书年份晚于今年"))


def _register(row: EnterpriseRow, refused: dict[str, Refused], today: date, plan: EnterprisePlan) -> None:
    """Take down a row about an enterprise that is not registered; each place is looked up once."""
    code = row.township
    if code not in plan.places and code not in refused:
        try:
            division = find_division(code, on=today)
            plan.places[code] = Place(division.pk, unit_of_division(division, on=today).pk)
        except Refused as wrong:
            refused[code] = wrong
    if code in refused:
        plan.bad += bad_cells(row.line, TOWNSHIP, code, refused[code])
    elif early := list(_not_yet(row, today)):
        plan.bad += early
    else:
        plan.new.append(row)


def _differences(row: EnterpriseRow, existing: Existing) -> Iterator[BadCell]:
    """Where the row says something else than the file that the register keeps, now or at an earlier time."""
    stated = (
        (NAME, row.name, existing.names),
        (TOWNSHIP, row.township, _places_agreeing(row, existing)),
        (TIER, row.tier, existing.tiers),
        (INDUSTRY, row.industry, existing.industries),
        (ESTABLISHED, str(row.established_on or ""), existing.established),
        (RD, "" if row.rd is None else str(row.rd), existing.rd),
        (CERTIFICATE, row.certificate, existing.certificates),
        (HIGH_TECH, "1" if row.high_tech else "", {"1"} if existing.certificates else frozenset[str]()),
    )
    for column, value, kept in stated:
        if value and value not in kept:
            shown = _("、").join(_shown(each, column) for each in sorted(filter(None, kept))) or _("（空）")
            reason = _("该企业已登记，档案中为“%(kept)s”；变更请在企业档案中办理") % {"kept": shown}
            yield BadCell(row.line, column.name, _shown(value, column), reason)


def _shown(value: str, column: Column) -> str:
    """A value as a person would write it: yes and no in words."""
    if column not in (RD, HIGH_TECH):
        return value
    return _("是") if value in ("True", "1") else _("否")


def _places_agreeing(row: EnterpriseRow, existing: Existing) -> set[str]:
    """The places on file; a district's code states less than that of a township within it and agrees with it."""
    within = len(row.township) == DISTRICT_DIGITS and any(code.startswith(row.township) for code in existing.townships)
    return existing.townships | {row.township} if within else existing.townships


def _remarks(new: Sequence[EnterpriseRow]) -> list[str]:
    undated = sum(1 for row in new if row.high_tech and not row.certificate)
    if not undated:
        return []
    remark = _(
        "%(count)s 家企业标为高新技术企业而未填证书编号：起始日未知，"
        "资格自导入之日起登记，此前的认定不按高新技术企业计数"
    )
    return [remark % {"count": undated}]
