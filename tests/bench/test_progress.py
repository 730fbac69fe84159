"""How far it is: in the job's row, and beside the table while one transaction writes."""

from pathlib import Path

import pytest

from certification.bench import applying
from certification.bench.intake import path_of
from certification.bench.progress import clear, how_far, mark
from certification.models import Job
from enterprises.models import Account

from .handing_in import GOOD, enterprises, handed_in, taken

pytestmark = pytest.mark.django_db


def test_what_is_further_is_shown(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    Job.objects.filter(pk=file.job_id).update(done=10, total=20)
    file.job.refresh_from_db()
    assert how_far(file) == (10, 20)
    mark(file, 15, 20)
    assert how_far(file) == (15, 20)
    mark(file, 5, 20)
    assert how_far(file) == (10, 20)
    clear(file)
    assert how_far(file) == (10, 20)


def test_writing_is_marked_and_the_mark_taken_away(
    tmp_path: Path, city: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    mark(file, 6, 6)  # a killed worker's
    seen = []
    monkeypatch.setattr(applying, "mark", lambda file, done, total: seen.append((done, total)))
    file = taken(file, city)
    assert seen == [(6, 6)]
    assert (file.job.done, file.job.total) == (6, 6)
    assert list(path_of(file).parent.glob("*.progress")) == []
