"""The bureau's own papers (文书): which move issues which kinds, how they are numbered, what they may speak of. Pure.

What is printed is Chinese, whoever reads the page.

Wordings, number prefixes, clauses and the name of the issuing body are rows of the rule year (DocumentWording).
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a paper is."""

    ACCEPTANCE = "acceptance"
    CORRECTION = "correction"
    REFUSAL = "refusal"
    DECISION = "decision"
    CERTIFICATE = "certificate"


KIND_NAMES: dict[Kind, tuple[str, str]] = {
    Kind.ACCEPTANCE: ("受理通知书", "Notice of acceptance"),
    Kind.CORRECTION: ("补正告知书", "Notice of correction"),
    Kind.REFUSAL: ("不予通过决定书", "Decision of refusal"),
    Kind.DECISION: ("核准决定书", "Decision of approval"),
    Kind.CERTIFICATE: ("证书", "Certificate"),
}
# A kind is issued only where the rule has a wording for it, at the level that the wording names.
KINDS_OF_ACTION: Mapping[str, tuple[Kind, ...]] = {
    "accept": (Kind.ACCEPTANCE,),
    "return": (Kind.CORRECTION,),
    "reject": (Kind.REFUSAL,),
    "approve": (Kind.DECISION, Kind.CERTIFICATE),
    "grant": (Kind.DECISION, Kind.CERTIFICATE),
}
# These stand and fall with the achievement that they speak of.
OF_ACHIEVEMENT = (Kind.DECISION, Kind.CERTIFICATE)

PREFIX = re.compile(r"[A-Z]{3,8}")
NUMBER = re.compile(r"[A-Z]{3,8}\d{10}")
# Letters and digits that nobody mistakes for one another on paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 24  # 120 bits
GROUP = 4


def document_number(prefix: str, year: int, serial: int) -> str:
    """E.g. CZZS2026000123: prefix of the rule year, year, serial of the year."""
    return f"{prefix}{year}{serial:06d}"


def new_code() -> str:
    """A code that cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """A code as it is kept: without the gaps that people type, in capitals."""
    return re.sub(r"[\s-]", "", typed).upper()


def is_code(code: str) -> bool:
    return len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)


def spaced(code: str) -> str:
    """A code as people read it: in groups of four."""
    return " ".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


# What a placeholder of a wording stands for (Chinese, English), and an example of it for the preview.
# These speak of the result of an evaluation: a line that names one is left out where there is no result.
RESULT_WORDS: Mapping[str, tuple[str, str, str]] = {
    "grade": ("评审等次", "Grade", "优秀"),
    "total": ("评审总分", "Total points", "88.5"),
    "pass_line": ("合格线", "Pass line", "60"),
    "full_points": ("评分表满分", "Full points of the sheet", "100"),
    "notice": ("公示编号", "Public notice", "GS2026000001"),
    "noticed_on": ("公示开始日", "First day of the notice", "2026年11月21日"),
    "notice_ends": ("公示截止日", "Last day of the notice", "2026年11月27日"),
    "appeal_until": ("申诉截止日", "Last day of appeal", "2026年11月27日"),
}
WORDS: Mapping[str, tuple[str, str, str]] = {
    "holder": ("企业名称", "Enterprise", "常州示例精密机械有限公司"),
    "uscc": ("统一社会信用代码", "Credit code", "91320411MA2455XH60"),
    "stage": ("阶段", "Stage", "贯标实施"),
    "application": ("申报编号", "Application", "SQ2026000123"),
    "submitted_on": ("提交日期", "Day of submission", "2026年11月2日"),
    "issued_on": ("签发日期", "Day of issue", "2026年11月20日"),
    "valid_until": ("有效期至", "Valid until", "2029年11月19日"),
    "number": ("文书编号", "Number of the paper", "CZZS2026000123"),
    "issuing_body": ("签发机关", "Issuing body", "常州市知识产权局"),
    "clause": ("依据条款", "Clause", "规划专栏1：四落实；模块化、菜单式贯标"),
    "level": ("办理层级", "Level", "市局"),
    "edition": ("标准版本", "Edition", "GB/T 29490-2013"),
    "modules": ("所选模块", "Modules", "7.1 获取、8.2 研究开发"),
    "comment": ("办理意见", "Comment", "请一次性补正下列事项"),
    "defects": ("补正事项", "Defects", "1. 承诺书：文件缺公章，请加盖公章后重新上传"),
    "round": ("实施轮次", "Round", "1"),
    "batch": ("评审批次", "Batch", "2026 年下半年绩效评价"),
    "correct_by": ("补正期限", "Last day for the correction", "2026年12月11日"),
    **RESULT_WORDS,
}
# A line that names one of these is left out where there is no such thing.
AT_TIMES = frozenset((*RESULT_WORDS, "correct_by"))
GRADES: Mapping[str, str] = {"excellent": "优秀", "qualified": "合格", "failed": "不合格"}
EXAMPLES = {name: words[2] for name, words in WORDS.items()}
UNLIMITED = "长期"
SUCCESSION = "本件换发自 {number}，原件同时停止使用。"
OTHER_CLAUSES = {"modules": "模块选择", "other": "其他事项"}
PLACE = re.compile(r"\{([a-z_]+)\}")


def without_result(text: str, values: Mapping[str, str]) -> str:
    """A wording without the lines that speak of a result, or of a last day, where there is none."""
    return "\n".join(
        line for line in text.splitlines() if all(values.get(name) for name in PLACE.findall(line) if name in AT_TIMES)
    )


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """A wording with the values in its places; a place of no known word stays as it is."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def day_in_words(day: date) -> str:
    """A day as an office writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


def listed(names: Iterable[str]) -> str:
    return "、".join(names)


def numbered_lines(defects: Iterable[Mapping[str, str]], names: Mapping[str, str]) -> str:
    """One line for each thing that is wrong, with the name of its clause."""
    known = {**names, **OTHER_CLAUSES}
    pairs = [(each.get("clause", "other"), each.get("text", "")) for each in defects]
    lines = (f"{known.get(clause, clause)}：{text}" for clause, text in pairs)
    return "\n".join(f"{place}. {' '.join(line.split())}" for place, line in enumerate(lines, 1))
