"""The draw: only of a closed batch, repeatable by anybody, linear only in what it writes; who is barred by name."""

import json
import runpy
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.errors import NotPossible, Refused
from certification.models import Batch, Evaluation, Expert
from certification.services.batches import close_batch
from certification.services.panels import draw_panels, recuse
from certification.services.public_notices import publish_results
from enterprises.models import EnterpriseName
from enterprises.search import index
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
REPEAT = Path(__file__).parents[2] / "docs" / "repeat_draw.py"


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def city(staff):
    return staff["city"]


def test_nothing_is_drawn_and_no_seed_is_public_while_the_batch_is_open(staff, city):
    for _ in range(4):
        panels.expert(city)
    held = panels.batch(city)
    row = panels.sent(panels.ready(), staff)
    with pytest.raises(NotPossible) as early:
        draw_panels(held, actor=city, at=make.NOW)
    assert early.value.refusals[0].code == "batch_open"
    assert not Evaluation.objects.exists()
    assert Batch.objects.get(pk=held.pk).drawn_at is None
    close_batch(held, actor=city, at=make.NOW)
    made = draw_panels(held, actor=city, at=make.NOW)
    recuse(made[0], reason="师生", actor=made[0].expert, at=make.NOW)
    assert row.evaluations.count() == 4


@pytest.mark.parametrize(
    "written", ["常州（试验）机械有限公司", "常州(试验)机械有限公司", " 常州（试验） 机械有限公司"]
)
def test_an_expert_whose_employer_is_on_the_register_needs_its_code(city, written):
    enterprise = make.enterprise(name="常州（试验）机械有限公司")
    with pytest.raises(Refused) as refused:
        panels.expert(city, employer=written)
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.field) == ("employer_uscc_missing", "employer_uscc")
    assert enterprise.uscc in refusal.remedy
    assert panels.expert(city, employer=written, employer_uscc=enterprise.uscc)
    assert panels.expert(city, employer="常州（试验）机械有限公司二厂")  # a longer name is another one


def test_a_former_name_counts_too(city):
    enterprise = make.enterprise(name="常州新名机械有限公司")
    day = make.NOW.date() - timedelta(days=900)
    EnterpriseName.objects.create(enterprise=enterprise, name="常州旧名机械厂", valid_from=day, valid_to=day)
    text = enterprise.search_row.text + "\n常州旧名机械厂"  # as the service that renames leaves it
    index([(enterprise.pk, text)])
    with pytest.raises(Refused):
        panels.expert(city, employer="常州旧名机械厂")


def test_an_employer_that_registers_later_is_barred_by_its_name(staff, city):
    own = panels.expert(city, employer="常州晚登(集团)机械有限公司")
    free = {panels.expert(city) for _ in range(3)}
    held = panels.batch(city)
    panels.sent(panels.ready(name="常州晚登（集团）机械有限公司"), staff)
    assert {row.expert for row in panels.drawn(held, city)} == free
    said = json.loads(LedgerEntry.objects.get(verb="panel.drawn").payload)
    assert said["barred"] == {f"account:{own.pk}": "employer"}
    assert said["fields"][f"account:{own.pk}"] == ["machinery"]


ONCE = ("declaredinterest", "advising", "expertfield", "enterprisename", 'certification_expert"')


def asked(staff, city, count, code):
    """The questions of a draw for some applications: all of them, and those about whom the draw must not take."""
    Expert.objects.update(is_available=False)
    for _ in range(4):
        panels.expert(city)
    held = panels.batch(city, code=code)
    for _ in range(count):
        panels.sent(panels.ready(), staff)
    close_batch(held, actor=city, at=make.NOW)
    with CaptureQueriesContext(connection) as caught:
        draw_panels(held, actor=city, at=make.NOW)
    return len(caught), sum(any(table in query["sql"] for table in ONCE) for query in caught)


def test_the_draw_asks_once_for_all_and_grows_by_its_writes_alone(staff, city):
    (one, about_one), (five, about_five) = asked(staff, city, 1, "Q-1"), asked(staff, city, 5, "Q-5")
    assert about_five == about_one == len(ONCE)
    seats_and_their_entry_with_its_digest = 12
    assert five - one <= 4 * seats_and_their_entry_with_its_digest


def test_the_published_draw_is_repeated_with_nothing_but_the_script(staff, city, client):
    tied = panels.ready()
    panels.expert(city, "life", employer_uscc=tied.enterprise.uscc)
    for field in ("machinery", "life", "materials", "machinery"):
        panels.expert(city, field)
    panels.batch(city)
    row = panels.sent(tied, staff)
    held = panels.scored(row, city)
    notice = publish_results(held, actor=city, at=panels.LATER)
    said = client.get(f"/api/v1/notices/{notice.number}/").json()
    check = runpy.run_path(str(REPEAT))["check"]
    assert check(said) == []
    (draw,) = said["draws"]
    assert [expert["barred"] for expert in draw["experts"]].count(True) == 1
    assert said["seed_committed_in"] == LedgerEntry.objects.get(verb="batch.opened").number
    assert said["seed_digest"] in LedgerEntry.objects.get(verb="batch.opened").payload
    draw["order"].reverse()
    assert len(check(said)) == 1
    assert len(check({**said, "seed": "0" * 64})) == 2
    text = client.get(f"/notices/{notice.number}/").content.decode()
    assert said["seed"] in text
    for expert in Evaluation.objects.select_related("expert"):
        assert expert.expert.username not in json.dumps(said) + text
    assert [each["number"] for each in client.get("/api/v1/notices/").json()["results"]] == [notice.number]
