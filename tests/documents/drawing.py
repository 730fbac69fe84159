"""Making papers as the worker does, with a font of the few characters that these tests need.

Cutting all of GB2312 out of the font takes long.
"""

import string
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from certification.models import Document
from certification.papers import fonts
from certification.papers.sheets import FIXED
from certification.paperwork import EXAMPLES
from certification.services.document_wordings import DATA
from certification.services.rendering import render_due
from tests import factories as make

NEEDED = frozenset(string.printable[:-5] + FIXED + DATA.read_text(encoding="utf-8"))
NEEDED |= frozenset(
    "常州试验精密机械科技有限公司请补交承诺书缺公章入库培育贯标实施区划专栏低门槛进高准承诺函四落实模块化菜单式"
)
NEEDED |= frozenset("".join(EXAMPLES.values()) + "扫码查验或在查验页面输入")
NEEDED |= frozenset("系统自签非电子印章张三李四㐂不符合条件获取维护运用保乡镇街道辖市局规划：；、职工人数")
_cut = fonts.cut


def cut_few(original: Path, characters: Iterable[str], weight: int, target: Path, *, name: str) -> None:
    _cut(original, NEEDED & set(characters), weight, target, name=name)


def rendered(document: Document) -> Document:
    """The paper with its file, made as the worker makes it."""
    render_due(clock=lambda: make.NOW)
    document.refresh_from_db()
    assert document.is_ready, document.last_error
    return document


def paper_of(application: Any, kind: str) -> Document:
    return Document.objects.get(application=application, kind=kind)
