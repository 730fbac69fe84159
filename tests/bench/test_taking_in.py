"""From the upload to the ledger: looked at first, then taken whole or not at all, and where each fact came from."""

from datetime import date
from pathlib import Path

import pytest

from certification.audit import fact_faults
from certification.bench.asking import confirm
from certification.bench.intake import Wish, path_of, take_in
from certification.bench.work import HANDLERS
from certification.models import Achievement, ImportFault, ImportFile, ImportRow, ImportState, Job
from certification.models.background import JobState
from certification.tasks import run_job
from certification.totals.recount import recount
from enterprises.errors import NotAllowed, NotPossible, Refused
from enterprises.models import Account, Enterprise
from enterprises.roles import Role
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests import factories
from tests.factories import NOW
from tests.imports.files import code

from .handing_in import GOOD, WRONG, achievements, enterprises, handed_in, taken, upload, worked

pytestmark = pytest.mark.django_db
STAGE = "guanbiao.implementation"


def counts(file: ImportFile) -> tuple[int, ...]:
    return file.rows, file.new, file.changed, file.unchanged, file.repeated, file.bad_rows


def is_sound() -> bool:
    return list(fact_faults(limit=5)) == [] and verify().fault is None and recount(at=NOW, repair=False).is_clean


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_dry_run_changes_nothing_and_says_what_would_be(tmp_path: Path, city: Account, suffix: str) -> None:
    before = LedgerEntry.objects.count()
    file = handed_in(enterprises(tmp_path / f"企业{suffix}", *GOOD, GOOD[0]), city)
    assert (file.state, counts(file)) == (ImportState.CHECKED, (4, 3, 0, 0, 1, 0))
    assert (Enterprise.objects.count(), LedgerEntry.objects.count()) == (0, before)
    assert Job.objects.get().state == JobState.DONE


def test_the_file_is_kept_under_its_digest_outside_every_served_folder(
    tmp_path: Path, city: Account, settings: object
) -> None:
    source = enterprises(tmp_path / "a.csv", *GOOD)
    file = handed_in(source, city)
    assert path_of(file).read_bytes() == source.read_bytes()
    assert path_of(file).is_relative_to(settings.IMPORT_ROOT)
    assert path_of(file).stat().st_mode & 0o777 == 0o600
    assert file.key.hex in path_of(file).name
    assert list(path_of(file).parent.glob("*.partial")) == list(path_of(file).parent.glob("*.rows")) == []


def test_all_errors_are_named_by_row_column_and_value(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", GOOD[0], WRONG), city)
    found = list(ImportFault.objects.filter(file=file).values_list("line", "column", "value"))
    assert found == [
        (3, "统一社会信用代码", WRONG[0]),
        (3, "企业名称", "常"),
        (3, "乡镇街道代码", "999"),
    ]
    assert (file.bad_rows, file.bad_cells) == (1, 3)


def test_a_file_is_taken_whole_with_origin_and_ledger_number(tmp_path: Path, city: Account) -> None:
    file = taken(handed_in(enterprises(tmp_path / "a.xlsx", *GOOD), city), city)
    assert (file.state, file.confirmed_by, file.job.state) == (ImportState.APPLIED, city, JobState.DONE)
    rows = list(ImportRow.objects.filter(file=file).values_list("line", "effect", "uscc", "ledger_number"))
    numbers = dict(LedgerEntry.objects.filter(verb="enterprise.registered").values_list("enterprise", "number"))
    assert rows == [(line, "new", row[0], numbers[row[0]]) for line, row in enumerate(GOOD, 2)]
    assert (file.first_ledger, file.last_ledger) == (min(numbers.values()), max(numbers.values()))
    assert set(LedgerEntry.objects.filter(pk__in=numbers.values()).values_list("actor", "role")) == {
        (city.as_actor().code, city.as_actor().role)
    }
    assert is_sound()


def test_achievements_and_endings_each_know_their_row(tmp_path: Path, city: Account) -> None:
    one, two, three = (factories.enterprise() for _ in range(3))
    kept = factories.achievement(three, STAGE, date(2015, 5, 5))
    rows = [
        (one.uscc, STAGE, "2017-01-01"),
        (two.uscc, STAGE, "2017-02-02", "2019-01-01", "revoked"),
        (one.uscc, "guanbiao.evaluation", "2018-03-03"),
        (three.uscc, STAGE, "2015-05-05", "2020-01-01", "expired"),
    ]
    file = taken(handed_in(achievements(tmp_path / "a.csv", *rows), city, kind="achievements"), city)
    assert counts(file) == (4, 3, 1, 0, 0, 0)
    found = ImportRow.objects.filter(file=file).select_related("achievement")
    assert [(row.line, row.effect, row.uscc) for row in found] == [
        (2, "new", one.uscc),
        (3, "new", two.uscc),
        (4, "new", one.uscc),
        (5, "ended", three.uscc),
    ]
    assert [row.achievement.ledger_number == row.ledger_number for row in found] == [True, True, True, False]
    assert found[3].achievement == kept
    ending = LedgerEntry.objects.get(pk=found[3].ledger_number)
    assert (ending.verb, ending.supersedes) == ("achievement.ended", kept.ledger_number)
    assert is_sound()


def test_bad_rows_keep_the_whole_file_out_unless_they_are_left_out(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD, WRONG), city)
    with pytest.raises(NotPossible, match="1 行有误"):
        confirm(file, skip_bad_rows=False, actor=city, at=NOW)
    assert Enterprise.objects.count() == 0
    file = taken(file, city, skip=True)
    assert (file.state, Enterprise.objects.count(), file.faults.count()) == (ImportState.APPLIED, 3, 3)


def test_the_same_file_again_has_nothing_to_take(tmp_path: Path, city: Account) -> None:
    source = enterprises(tmp_path / "a.csv", *GOOD)
    taken(handed_in(source, city), city)
    again = handed_in(source, city)
    assert counts(again) == (3, 0, 0, 3, 0, 0)
    with pytest.raises(NotPossible, match="没有可导入的内容"):
        confirm(again, skip_bad_rows=False, actor=city, at=NOW)


def test_a_file_may_be_taken_at_once_where_nothing_is_wrong(tmp_path: Path, city: Account) -> None:
    good = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city, at_once=True)
    assert good.state == ImportState.APPLIED
    bad = handed_in(
        enterprises(tmp_path / "b.csv", (code(9), "常州试制有限公司", "320412100"), WRONG), city, at_once=True
    )
    assert (bad.state, bad.refusals[0]["code"]) == (ImportState.CHECKED, "bad_rows")
    skipped = handed_in(
        enterprises(tmp_path / "c.csv", (code(9), "常州试制有限公司", "320412100"), WRONG),
        city,
        at_once=True,
        skip_bad_rows=True,
    )
    assert (skipped.state, Enterprise.objects.count()) == (ImportState.APPLIED, 4)


def test_what_changed_since_the_check_is_found_before_anything_is_written(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    factories.enterprise(uscc=GOOD[1][0], name="常州别家有限公司")
    file = taken(file, city)
    assert (file.state, file.refusals[0]["code"], file.bad_rows) == (ImportState.CHECKED, "bad_rows", 1)
    assert Enterprise.objects.count() == 1
    assert "档案中为" in file.faults.get().reason


@pytest.mark.parametrize("kind", ["import_check", "import_apply"])
def test_a_job_delivered_twice_has_one_effect(tmp_path: Path, city: Account, kind: str) -> None:
    file = taken(handed_in(enterprises(tmp_path / "a.csv", *GOOD), city), city)
    entries = LedgerEntry.objects.count()
    for job in Job.objects.filter(kind=kind):
        HANDLERS[kind](job)
    file.refresh_from_db()
    assert (file.state, LedgerEntry.objects.count(), file.made.count()) == (ImportState.APPLIED, entries, 3)


def test_a_job_that_fails_half_way_leaves_nothing_and_can_be_asked_for_again(
    tmp_path: Path, city: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    entries = LedgerEntry.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr("certification.bench.applying._keep_origins", lambda *args: 1 / 0)
        file = taken(file, city)
    assert (file.state, file.refusals[0]["code"], file.job.state) == (ImportState.CHECKED, "failed", JobState.FAILED)
    assert (Enterprise.objects.count(), LedgerEntry.objects.count()) == (0, entries)
    assert taken(file, city).state == ImportState.APPLIED


def test_only_the_city_imports_and_who_lost_the_right_meanwhile_does_not(tmp_path: Path, city: Account) -> None:
    source = enterprises(tmp_path / "a.csv", *GOOD)
    town, auditor = factories.account(Role.TOWNSHIP_REVIEWER), factories.account(Role.AUDITOR)
    for other in (town, auditor):
        with pytest.raises(NotAllowed):
            take_in(upload(source), Wish("enterprises"), actor=other, at=NOW)
    file = handed_in(source, city)
    with pytest.raises(NotAllowed):
        confirm(file, skip_bad_rows=False, actor=auditor, at=NOW)
    confirm(file, skip_bad_rows=False, actor=city, at=NOW)
    Account.objects.filter(pk=city.pk).update(is_active=False)
    assert (worked(file).state, Enterprise.objects.count()) == (ImportState.CHECKED, 0)


def test_a_file_goes_one_way_only(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    confirm(file, skip_bad_rows=False, actor=city, at=NOW)
    with pytest.raises(NotPossible, match="导入中"):
        confirm(file, skip_bad_rows=False, actor=city, at=NOW)
    assert Job.objects.filter(kind="import_apply").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "kind", "refused"),
    [
        ("a.xlsm", b"PK\x03\x04", "enterprises", "file_type"),
        ("a", b"x", "enterprises", "file_type"),
        ("a.csv", b"", "enterprises", "file_empty"),
        ("a.csv", b"x", "companies", "kind_unknown"),
    ],
)
def test_what_can_be_told_at_once_is_refused_at_once(
    tmp_path: Path, city: Account, name: str, content: bytes, kind: str, refused: str
) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)
    with pytest.raises(Refused) as found:
        take_in(upload(path, name), Wish(kind), actor=city, at=NOW)
    assert found.value.refusals[0].code == refused
    assert not ImportFile.objects.exists()


def test_a_file_without_its_row_is_not_kept(tmp_path: Path, city: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("certification.bench.intake.queue_job", broken)
    written = []
    monkeypatch.setattr("certification.bench.intake.path_of", lambda file: written.append(path_of(file)) or written[-1])
    with pytest.raises(RuntimeError):
        take_in(upload(enterprises(tmp_path / "a.csv", *GOOD)), Wish("enterprises"), actor=city, at=NOW)
    assert len(written) == 1
    assert not written[0].exists()
    assert not ImportFile.objects.exists()


def test_an_altered_file_is_not_taken(tmp_path: Path, city: Account) -> None:
    file = handed_in(enterprises(tmp_path / "a.csv", *GOOD), city)
    with path_of(file).open("a") as content:
        content.write("more\n")
    file = taken(file, city)
    assert (file.state, file.refusals[0]["code"], Enterprise.objects.count()) == ("checked", "file_altered", 0)


def test_a_row_is_kept_of_every_achievement(tmp_path: Path, city: Account) -> None:
    companies = [factories.enterprise() for _ in range(3)]
    rows = [(company.uscc, STAGE, f"201{year}-01-01") for company in companies for year in range(4)]
    file = taken(handed_in(achievements(tmp_path / "a.xlsx", *rows), city, kind="achievements"), city)
    assert set(file.made.values_list("achievement_id", flat=True)) == set(
        Achievement.objects.values_list("id", flat=True)
    )
    run_job(str(file.job_id))
    assert file.made.count() == 12
