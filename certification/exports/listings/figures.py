"""Plans, their indicators and outcomes, the figures of a day, by month, and the enterprises behind them."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.rights import may_read_monitor

from ...models import IndicatorVersion, OutcomeRow, Plan
from ...models.plan import Comparator, ComputedFrom
from ...parameters import code, day, needed
from ...stages import STAGES
from ...totals.board import outcome
from ...totals.figures import Figure, UnitFigure, enterprises_behind, figures
from ...totals.measures import day_of
from ...totals.question import BY_UNIT, QUESTION, known_indicator, question_of
from ...totals.series import series
from ...views.badges import figure_badge
from ...wording import in_words, named, unit_column, worded
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

INDICATOR = needed(code("indicator", "Indicator"))
PLAN = needed(code("plan", "Plan"))
NAME = Column("name", _("指标"), take=named)
CATEGORY = Column("category", _("类别"), take=lambda row: in_words(row.category))
UNIT = Column("unit", _("单位"), take=lambda row: in_words(row.unit))
COMPARATOR = Column("comparator", _("比较"), take=lambda row: Comparator(row.comparator).label)
TARGET = Column("target", _("目标"), Kind.DECIMAL)
TARGET_MAX = Column("target_max", _("目标上限"), Kind.DECIMAL)
OPENING = Column("opening", _("期初"), Kind.DECIMAL)
OPENING_ON = Column("opening_on", _("期初日"), Kind.DATE)


def _source(row: Any) -> str:
    return str(ComputedFrom(row.computed_from).label)


TOTALS = Columns(
    [
        Column("indicator", _("指标代码"), Kind.CODE),
        NAME,
        CATEGORY,
        Column("reporting_unit", _("统计单元")),
        OPENING,
        OPENING_ON,
        Column("gained", _("新增"), Kind.INTEGER),
        Column("value", _("数值"), Kind.DECIMAL),
        Column("valid_now", _("现有效"), Kind.INTEGER),
        COMPARATOR,
        TARGET,
        TARGET_MAX,
        UNIT,
        Column("completion_rate", _("完成率"), Kind.DECIMAL),
        Column("status", _("状态"), take=lambda row: figure_badge(row.status).label if row.status else ""),
        Column("projected", _("期末预计"), Kind.DECIMAL),
        Column("computed_from", _("数据来源"), take=_source),
        Column("reporter", _("报送"), take=lambda row: in_words(row.reporter)),
        Column("source", _("规划出处"), take=lambda row: in_words(row.source)),
        Column("note", _("口径说明"), take=lambda row: in_words(row.note)),
        Column("as_of", _("查询日期"), Kind.DATE),
    ],
    on_page=(
        *("name", "opening", "gained", "value", "target", "unit", "completion_rate", "status", "reporter", "source"),
    ),
)
COUNTED = Columns(
    [
        Column("enterprise", _("企业"), take=lambda row: row["enterprise__name"]),
        Column("uscc", _("统一社会信用代码"), Kind.CODE, lambda row: row["enterprise__uscc"]),
        Column("counted_from", _("计入日期"), Kind.DATE, lambda row: day_of(row["start"])),
        Column("stage", _("阶段"), take=lambda row: named(STAGES[row["stage"]]) if row["stage"] else ""),
        Column("effective_on", _("取得日期"), Kind.DATE),
        Column("reporting_unit", _("统计单元"), take=lambda row: row["unit_name"]),
        Column("township", _("所在区划"), take=lambda row: row["town"]),
        Column("basis", _("依据"), take=lambda row: row["application"] or row["certificate"] or gettext("导入")),
        Column("certificate_number", _("证书编号"), Kind.CODE, lambda row: row["certificate"]),
        Column("ledger_number", _("台账号"), Kind.INTEGER),
    ],
    on_page=("enterprise", "effective_on", "reporting_unit", "township", "basis", "ledger_number"),
)
SERIES = Columns(
    [
        Column("month", _("月份"), Kind.CODE),
        Column("on", _("月末"), Kind.DATE),
        Column("value", _("实际"), Kind.DECIMAL),
        Column("valid_now", _("其中有效"), Kind.INTEGER),
        Column("planned", _("计划"), Kind.DECIMAL),
    ]
)
INDICATORS = Columns(
    [
        Column("indicator", _("指标代码"), Kind.CODE, lambda row: row.indicator.code),
        NAME,
        CATEGORY,
        Column("kind", _("性质"), take=lambda row: row.get_kind_display()),
        COMPARATOR,
        TARGET,
        TARGET_MAX,
        UNIT,
        OPENING,
        OPENING_ON,
        Column("opening_source", _("期初数出处"), take=lambda row: in_words(row.opening_source)),
        Column("computed_from", _("数据来源"), take=_source),
        Column("reporter", _("报送"), take=lambda row: in_words(row.reporter)),
        Column("source", _("规划出处"), take=lambda row: in_words(row.passage)),
        Column("note", _("口径说明"), take=lambda row: in_words(row.note)),
        Column("version", _("版本"), Kind.INTEGER),
        Column("in_force_from", _("启用日"), Kind.DATE),
    ]
)
OUTCOME = Columns(
    [
        CATEGORY,
        Column("name", _("指标"), take=lambda row: in_words(row.name)),
        TARGET,
        Column("actual", _("完成"), Kind.DECIMAL),
        UNIT,
        Column("rate", _("完成率"), Kind.DECIMAL),
        Column("printed", _("原表印刷")),
        Column("differs", _("不符"), Kind.FLAG),
        Column("note", _("说明"), take=lambda row: in_words(row.note)),
    ],
    on_page=("name", "target", "actual", "unit", "rate", "printed"),
)
PLANS = Columns(
    [
        Column("code", _("代码"), Kind.CODE),
        Column("title", _("名称"), take=lambda row: worded((row.title, row.title_en))),
        Column("source", _("来源文件"), take=lambda row: in_words(row.source)),
        Column("starts_on", _("起始日"), Kind.DATE),
        Column("ends_on", _("截止日"), Kind.DATE),
        Column("is_closed", _("已结束"), Kind.FLAG),
    ]
)


def _totals(asked: Asked) -> Sequence[Any]:
    """The figures of the day; with `by`, each followed by its parts."""
    question = question_of(asked.account, asked.values, today=asked.on)
    wanted = known_indicator(question.plan, asked.values["indicator"])
    rows: list[Any] = []
    for figure in figures(question.plan, as_of=question.as_of, unit=question.unit, indicators=wanted):
        rows.append(_figure(figure, question.unit))
        rows += [_part(figure, part) for part in question.parts(figure) if asked.values["by"]]
    return rows


def _figure(figure: Figure, unit: str) -> SimpleNamespace:
    held = {name: getattr(figure, name) for name in Figure.__dataclass_fields__}
    return SimpleNamespace(**held, reporting_unit=unit or gettext("全市"))


def _part(figure: Figure, part: UnitFigure) -> SimpleNamespace:
    """A unit's part: what the plan says of the city is not said of it."""
    row = _figure(figure, named(part))
    nothing = dict.fromkeys(("opening", "opening_on", "target_max", "completion_rate", "projected"))
    row.__dict__.update(nothing, gained=part.gained, value=part.value, valid_now=part.valid_now, status="", target=None)
    return row


def _counted(asked: Asked) -> "QuerySet[Any]":
    question = question_of(asked.account, asked.values, today=asked.on)
    indicator = asked.values["indicator"]
    question.version(indicator)
    return enterprises_behind(indicator, as_of=question.as_of, unit=question.unit or question.own)


def _counted_rows(rows: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    fact = "achievement__"
    return rows.select_related(None).values(
        *("id", "start", "enterprise__name", "enterprise__uscc"),
        stage=F(f"{fact}stage"),
        effective_on=F(f"{fact}effective_on"),
        unit_name=F(f"{fact}reporting_unit__{unit_column()}"),
        town=F(f"{fact}township__name"),
        application=F(f"{fact}application__number"),
        certificate=F(f"{fact}certificate_number"),
        ledger_number=F(f"{fact}ledger_number"),
    )


def _series(asked: Asked) -> Sequence[Any]:
    question = question_of(asked.account, asked.values, today=asked.on)
    version = question.version(asked.values["indicator"])
    return series(version, question.plan, until=question.as_of, unit=question.unit)


def _indicators(asked: Asked) -> Sequence[Any]:
    plan = get_object_or_404(Plan, pk=asked.values["plan"])
    return list(IndicatorVersion.objects.of_plan(plan.code).in_force(on=asked.values["on"] or asked.on))


def _outcome(asked: Asked) -> Sequence[Any]:
    plan = get_object_or_404(Plan, pk=asked.values["plan"])
    return outcome(OutcomeRow.objects.filter(plan=plan))


ON = day("on", "Day whose definitions are asked for (default: today)")
PUBLIC: dict[str, Any] = {"may": anyone_signed_in, "is_public": True}
LISTINGS = (
    Listing("plans", _("规划"), PLANS, rows=lambda asked: list(Plan.objects.all()), **PUBLIC),
    Listing("indicators", _("规划指标"), INDICATORS, rows=_indicators, filters=(PLAN, ON), **PUBLIC),
    Listing("outcome", _("规划完成情况"), OUTCOME, rows=_outcome, filters=(PLAN,), **PUBLIC),
    Listing(
        "totals",
        _("规划监测"),
        TOTALS,
        rows=_totals,
        filters=(*QUESTION, code("indicator", "Only this indicator"), BY_UNIT),
        **PUBLIC,
    ),
    Listing("series", _("按月走势"), SERIES, rows=_series, filters=(INDICATOR, *QUESTION), **PUBLIC),
    Listing(
        "counted",
        _("新增企业"),
        COUNTED,
        rows=_counted,
        load=_counted_rows,
        may=may_read_monitor,
        filters=(INDICATOR, *QUESTION),
    ),
)
