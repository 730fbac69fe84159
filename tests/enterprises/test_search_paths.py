"""A fragment is looked for in one of several ways, by how common it is; what is found is the same."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises import search
from enterprises.models import Enterprise
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = ("常州砚舟精密机械有限公司", "常州霁泊（江苏）科技有限公司", "江苏100%_棉有限公司", "溧阳弦岚软件有限公司")
FRAGMENTS = ("常州", "有限公司", "（江苏）", "(江苏)", "100%", "%_", "_棉", "yzjm", "9132", "没有的", "砚舟精密机械")
ASKED = {"postgresql": r"grams @> '{(.*?)}'", "sqlite": r"MATCH '(.*?)'"}
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


def test_way_follows_how_common_the_pairs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rare pairs by the index, and by those alone that tell something; what nearly all hold by walking the rows."""
    for number in range(12):
        factories.enterprise(
            name=f"常州砚舟{number}号精密机械有限公司" if number == 5 else f"常州{number}号机械有限公司"
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enterprises_enterprisesearch")
    monkeypatch.setattr(search, "FEW", 3)
    monkeypatch.setattr(search, "COMMON", 0)

    def asked_of_the_index(fragment: str) -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            found(fragment)
        asked = re.search(ASKED[connection.vendor], str(caught[-1]["sql"]))
        words = re.findall(r"[^ ,]+", asked[1]) if asked else []
        return [word if len(word) == 2 else bytes.fromhex(word).decode("utf-16-be") for word in words]

    assert asked_of_the_index("密机械有限公司") == ["密机"]
    assert asked_of_the_index("砚舟5号精密") == ["5号", "号精", "砚舟", "精密", "舟5"]
    assert asked_of_the_index("砚舟") == ["砚舟"]
    assert asked_of_the_index("有限公司") == []


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


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="of PostgreSQL's index")
def test_pairs_do_not_wait_for_long() -> None:
    """Every search reads through the pairs that are not in the index yet: at first it was 4 MB of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'enterprises_search_grams'")
        assert cursor.fetchone()[0] == ["gin_pending_list_limit=256"]
        cursor.execute(
            "SELECT attstattarget FROM pg_attribute "
            "WHERE attrelid = 'enterprises_enterprisesearch'::regclass AND attname = 'text'"
        )
        assert cursor.fetchone()[0] == 500
