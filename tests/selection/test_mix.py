"""What the mix of a setting is told by: chains and marks that each candidate had when the window closed."""

from datetime import timedelta

import pytest

from certification.ranked_views import ranked_view
from certification.services.frozen_copies import frozen_of, latest_copy
from enterprises.models import HighTechPeriod
from tests import factories as make
from tests import facts, ranked

pytestmark = pytest.mark.django_db
CLOSES = make.NOW.date() + timedelta(20)


def marked(person):
    facts.priority(person.enterprise)
    facts.priority(person.enterprise, value="碳材料")
    facts.priority(person.enterprise, kind="core_invention_sme", value="", valid_until=CLOSES)
    facts.priority(person.enterprise, kind="rd_body", value="研究院", valid_until=CLOSES - timedelta(1))
    HighTechPeriod.objects.create(enterprise=person.enterprise, valid_from=CLOSES, valid_to=CLOSES + timedelta(9))


def test_a_copy_keeps_chains_and_marks_of_the_day_that_the_window_closed():
    batch, _rows = ranked.frozen(make.reviewers(), "0.9", "0.8", before=marked)
    copy = latest_copy(batch)
    for each in frozen_of(copy):
        assert (each.chain, each.marks, each.high_tech) == ("碳材料 / 轨道交通", ("core_invention_sme",), True)
    view = ranked_view(batch)
    told = {str(kind): {str(name): count for name, count in counts} for kind, counts in view.settings[0].mix}
    assert told["产业链"] == {"碳材料 / 轨道交通": 2}
    assert told["优先标识"] == {"核心发明专利中小企业": 2}
    assert "规模" not in told  # the registry keeps no size, so that nothing is said of it
