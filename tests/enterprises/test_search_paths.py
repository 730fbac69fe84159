"""A fragment that many names hold is looked for another way; what is found is the same."""

import pytest

from enterprises import search
from enterprises.models import Enterprise
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = ("常州砚舟精密机械有限公司", "常州霁泊（江苏）科技有限公司", "江苏100%_棉有限公司", "溧阳弦岚软件有限公司")
FRAGMENTS = ("常州", "有限公司", "（江苏）", "(江苏)", "100%", "%_", "_棉", "yzjm", "9132", "没有的", "砚舟精密机械")


def found(fragment: str) -> list[str]:
    return list(Enterprise.objects.all().found_by(fragment).order_by("id").values_list("name", flat=True))


def test_common_and_rare_fragments_are_found_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        factories.enterprise(name=name)
    rare = {fragment: found(fragment) for fragment in FRAGMENTS}
    monkeypatch.setattr(search, "COMMON", 0)
    assert {fragment: found(fragment) for fragment in FRAGMENTS} == rare
    assert rare["常州"] == [NAMES[0], NAMES[1]]
    assert rare["%_"] == rare["_棉"] == [NAMES[2]]
    assert rare["没有的"] == []
