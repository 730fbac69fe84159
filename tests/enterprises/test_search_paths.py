"""A fragment is looked for in one of several ways, by how common it is; what is found is the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises import search
from enterprises.models import Enterprise
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = ("常州砚舟精密机械有限公司", "常州霁泊（江苏）科技有限公司", "江苏100%_棉有限公司", "溧阳弦岚软件有限公司")
FRAGMENTS = ("常州", "有限公司", "（江苏）", "(江苏)", "100%", "%_", "_棉", "yzjm", "9132", "没有的", "砚舟精密机械")
WAYS = {"the telling pairs": (4, 4), "all pairs together": (0, 10), "walking the rows": (0, 0)}


def found(fragment: str) -> list[str]:
    return list(Enterprise.objects.all().found_by(fragment).order_by("id").values_list("name", flat=True))


@pytest.fixture
def named() -> None:
    for name in NAMES:
        factories.enterprise(name=name)


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("way", WAYS)
def test_common_and_rare_fragments_are_found_alike(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    few, common = WAYS[way]
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "COMMON", common)
    expected = {fragment: [name for name in NAMES if narrow(fragment) in narrow(name)] for fragment in FRAGMENTS}
    expected |= {"yzjm": [NAMES[0]], "9132": list(NAMES)}
    assert {fragment: found(fragment) for fragment in FRAGMENTS} == expected


def narrow(text: str) -> str:
    """With the brackets of the search form."""
    return text.replace("（", "(").replace("）", ")")


@pytest.mark.usefixtures("named")
@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="its planner chooses by itself")
def test_way_follows_how_common_the_pairs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(fragment: str) -> str:
        with CaptureQueriesContext(connection) as caught:
            found(fragment)
        return caught[-1]["sql"]

    monkeypatch.setattr(search, "FEW", 1)
    monkeypatch.setattr(search, "COMMON", 2)
    telling = asked("砚舟精密机械有限公司")
    assert [pair in telling for pair in map(token, ("砚舟", "有限"))] == [True, False]
    assert "MATCH" in asked("常州")
    assert "MATCH" not in asked("有限公司")


def token(pair: str) -> str:
    return pair.encode("utf-16-be").hex()


@pytest.mark.parametrize("way", WAYS)
def test_fragment_of_any_length_is_looked_for(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    few, common = WAYS[way]
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "COMMON", common)
    name = "常州" + "".join(map(chr, range(0x4E00, 0x4E00 + 95))) + "有限公司"
    factories.enterprise(name=name)
    assert found(name) == [name]
    assert found(name[:-1] + "社") == []
    assert found("".join(map(chr, range(0x4E00, 0x4E00 + 4000)))) == []


def test_pair_is_found_inside_a_line_only() -> None:
    """The end of one name and the beginning of the next are no pair."""
    row = factories.enterprise(name="常州砚舟机械厂")
    assert found("械厂") == [row.name]
    end, beginning = row.uscc[-1].lower(), "常"
    assert found(end + beginning) == []
