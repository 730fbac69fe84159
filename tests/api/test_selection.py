"""Ranked batches over the API: terms, late entry, recommendation, ranking, seal; and anybody repeats them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from certification.services.batches import open_batch
from certification.services.public_notices import publish_results
from certification.services.sealing import seal
from tests import factories as make
from tests import panels, ranked

from .asking import V1, client_of
from .test_description import Describing
from .test_description import document as document

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[2] / "docs" / "repeat_selection.py"
GIVEN = {
    "weights": ranked.WEIGHTS,
    "quota": 2,
    "recommended": {"wujin": 4},
    "eligibility": [{"kind": "reached", "stages": ["guanbiao.evaluation"]}],
    "ties": ["earlier", "lot"],
}


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def describing(document):
    return Describing(document)


def test_terms_late_entries_and_recommendations(staff, describing):
    city, row = client_of(staff["city"]), ranked.planned(staff["city"], terms=None)
    path = f"{V1}/batches/{row.code}"
    nothing = city.get(f"{path}/terms/")
    describing.check("batch_terms_view_get", nothing)
    assert nothing.json()["current"] is None
    assert city.get(f"{path}/ranking/").status_code == 404
    refused = city.put(f"{path}/terms/", {**GIVEN, "weights": {**ranked.WEIGHTS, "use": 39}}, format="json")
    assert refused.status_code == 400
    assert [each["field"] for each in refused.json()["errors"]] == ["weights"]
    answer = city.put(f"{path}/terms/", GIVEN, format="json")
    describing.check("batch_terms_view_put", answer)
    kept = answer.json()
    assert kept["current"]["weights"] == ranked.WEIGHTS
    assert [each["version"] for each in kept["versions"]] == [1]
    open_batch(row, actor=staff["city"], at=make.NOW)
    late = {"enterprise": make.enterprise().uscc, "until": "2027-01-15", "reason": "系统故障"}
    describing.check("batch_late_entries_post", city.post(f"{path}/late-entries/", late, format="json"))
    case, unit = ranked.at_unit(ranked.ready(), staff), client_of(staff["district"])
    assert unit.get(f"{path}/recommendation/").json()["unranked"] == [case.number]
    describing.check("batch_recommendation_get", unit.get(f"{path}/recommendation/"))
    answer = unit.put(f"{path}/recommendation/", {"ranked": [case.number]}, format="json")
    describing.check("batch_recommendation_put", answer)
    said = answer.json()
    assert (said["ranked"], said["quota"]) == ([case.number], 4)
    assert unit.put(f"{path}/recommendation/", {"ranked": ["SQ1"]}, format="json").status_code == 400
    assert client_of(make.reviewers(unit="xinbei")["district"]).get(f"{path}/recommendation/").json()["unranked"] == []


def test_settings_are_tried_and_one_is_sealed(staff, describing):
    batch, rows = ranked.frozen(staff, "0.7", "0.9")
    city, path = client_of(staff["city"]), f"{V1}/batches/{batch.code}"
    asked = {"weights": ranked.WEIGHTS, "quota": 2, "name": "甲"}
    answer = city.post(f"{path}/ranking/", asked, format="json")
    describing.check("batch_ranking_post", answer)
    describing.check("batch_ranking_get", city.get(f"{path}/ranking/"))
    found = answer.json()
    assert [each["application"] for each in found["candidates"]] == [rows[1].number, rows[0].number]
    assert [each["why"] for each in found["candidates"][0]["ends"]] == ["in", "in"]
    assert {shift["left"] for each in found["candidates"] for shift in each["shifts"]} <= {
        "expert",
        "criterion",
        "weight",
    }
    assert city.post(f"{path}/ranking/", {**asked, "quota": "two"}, format="json").status_code == 400
    answer = city.post(f"{path}/seal/", {"setting": found["settings"][1]["id"]}, format="json")
    describing.check("batch_seal_post", answer)
    sealed = answer.json()
    assert sealed["sealed_setting"] == found["settings"][1]["id"]
    assert city.post(f"{path}/seal/", {"setting": sealed["sealed_setting"]}, format="json").status_code == 409


def test_anybody_repeats_draws_and_ranking_from_what_is_published(staff, tmp_path, describing):
    batch, _rows = ranked.frozen(staff, "0.7", "0.9", "0.8", "0.8")
    seal(batch, ranked.tried(batch, staff["city"]).pk, actor=staff["city"], at=panels.LATER)
    notice = publish_results(batch, actor=staff["city"], at=panels.LATER)
    public = client_of(None).get(f"{V1}/notices/{notice.number}/")
    describing.check("notice_detail_get", public)
    answer = public.json()
    assert [each["place"] for each in answer["passed"]] == [1, 2]
    file = tmp_path / "notice.json"

    def repeat(said: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        file.write_text(json.dumps(said), encoding="utf-8")
        return subprocess.run([sys.executable, str(SCRIPT), str(file)], capture_output=True, text=True, check=False)

    right = repeat(answer)
    assert (right.returncode, right.stderr) == (0, "")
    assert "4 draws and the ranking repeated" in right.stdout
    first = answer["ranking"]["places"][0]
    first["total"] = "99.00"
    wrong = repeat(answer)
    assert wrong.returncode == 1
    assert first["application"] in wrong.stdout
