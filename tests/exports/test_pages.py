"""Taking a list away from its page: what the page says is what the file says, with the filters of the address."""

import re
from typing import Any

import pytest
from django.test import Client

from certification.exports.listings import LISTINGS
from certification.models import Application, ImportFile, Job, Message
from certification.tasks import run_job
from certification.totals.checkpoint import fold
from enterprises.models import Account
from enterprises.roles import Role
from enterprises.services.grants import NewAccount, open_account
from tests import factories
from tests.factories import FAR_TOWN
from tests.pages.reading import text_of
from tests.pages.visiting import visitor

from .taking import FORMS, body, csv_rows

pytestmark = pytest.mark.django_db
COUNTED = "/monitor/indicators/guanbiao_enterprises/"
# Each list page with the lists that it shows, and who looks at it.
PAGES = [
    ("/enterprises/", "register", Role.CITY_REVIEWER),
    ("/reviews/", "reviews", Role.CITY_REVIEWER),
    ("/monitor/", "totals", Role.MONITOR),
    (COUNTED, "counted", Role.MONITOR),
    ("/plans/12th/", "outcome", None),
    ("/workspace/", "applications", Role.APPLICANT),
    ("/workspace/", "achievements", Role.APPLICANT),
    ("/audit/", "audit", Role.AUDITOR),
    ("/officers/grants/", "grants", Role.AUDITOR),
    ("/ledger/", "ledger", Role.AUDITOR),
    ("/imports/", "imports", Role.AUDITOR),
]


@pytest.fixture
def readers(db: None) -> dict[Any, Client]:
    """A little of everything, and who looks at it."""
    applicant, staff = factories.applicant(), factories.reviewers()
    factories.approved(applicant, staff)
    factories.achievement(applicant.enterprise, "guanbiao.implementation", factories.NOW.date())
    other = factories.applicant()
    waiting = factories.step(factories.filled(other), "submit", other)
    for level in ("township", "district"):
        waiting = factories.step(waiting, "accept", staff[level])
        waiting = factories.step(waiting, "recommend", staff[level])
    asked = NewAccount("new-monitor", Role.MONITOR, "", factories.PASSWORD)
    open_account(asked, reason="监测", actor=factories.account(Role.SYSTEM_ADMIN), at=factories.NOW)
    said = {"kind": "enterprises", "filename": "企业.csv", "size": 1, "sha256": "0" * 64, "uploaded_at": factories.NOW}
    ImportFile.objects.create(uploaded_by=staff["city"], **said)
    fold(at=factories.NOW)
    auditor = visitor(factories.account(Role.AUDITOR))
    auditor.get("/monitor/")
    monitor = visitor(factories.account(Role.MONITOR))
    own, city = visitor(applicant), visitor(staff["city"])
    return {Role.APPLICANT: own, Role.CITY_REVIEWER: city, Role.AUDITOR: auditor, Role.MONITOR: monitor, None: Client()}


def links(page: str, kind: str) -> list[str]:
    found = re.findall(rf'href="(/exports/{kind}\.(?:csv|xlsx)[^"]*)"', page)
    return [link.replace("&amp;", "&") for link in found]


def tables(page: str) -> list[tuple[list[str], list[list[str]]]]:
    """Of each table its header and the texts of its rows."""
    found = []
    for table in re.findall(r"(?s)<table.*?</table>", page):
        head, _, rest = table.partition("</thead>")
        rows = [cells(row) for row in re.findall(r"(?s)<tr>.*?</tr>", rest)]
        found.append((cells(head), rows))
    return found


def cells(row: str) -> list[str]:
    """The texts of a row's cells; what only a reader that speaks is told is left out."""
    shown = re.sub(r'(?s)<span class="visually-hidden">.*?</span>', "", row)
    texts = re.findall(r"(?s)<t[hd][ >].*?</t[hd]>", shown)
    plain = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip() for text in texts]
    return [text for text in plain if text]


@pytest.mark.parametrize(("address", "kind", "role"), PAGES)
def test_page_and_export_have_one_header(readers: dict[Any, Client], address: str, kind: str, role: Any) -> None:
    page = readers[role].get(address).content.decode()
    columns = LISTINGS[kind].columns
    on_page = [str(column.name) for column in columns.on_page]
    assert on_page in [header for header, _ in tables(page)]
    found = links(page, kind)
    assert len(found) >= len(FORMS)
    answer = readers[role].get(found[0].replace(".xlsx", ".csv"))
    header = csv_rows(body(answer))[0]
    assert [name for name in header if name in on_page] == on_page


@pytest.mark.parametrize(
    ("address", "kind", "role", "columns"),
    [
        ("/enterprises/", "register", Role.CITY_REVIEWER, ("name", "uscc", "place", "stages")),
        ("/reviews/", "reviews", Role.CITY_REVIEWER, ("number", "enterprise", "stage", "status")),
        (
            "/monitor/indicators/guanbiao_enterprises/",
            "counted",
            Role.MONITOR,
            ("enterprise", "effective_on", "township"),
        ),
        ("/plans/12th/", "outcome", None, ("name", "unit")),
        ("/officers/grants/", "grants", Role.AUDITOR, ("username", "kind", "role", "scope", "state")),
    ],
)
def test_cells_of_the_page_say_what_the_export_says(
    readers: dict[Any, Client], address: str, kind: str, role: Any, columns: tuple[str, ...]
) -> None:
    page = readers[role].get(address).content.decode()
    answer = readers[role].get(links(page, kind)[0].replace(".xlsx", ".csv"))
    header, *exported = csv_rows(body(answer))
    places = [header.index(str(LISTINGS[kind].columns[code].name)) for code in columns]
    on_page = [str(column.name) for column in LISTINGS[kind].columns.on_page]
    [rows] = [rows for names, rows in tables(page) if names == on_page]
    shown = [" ".join(row) for row in rows]
    assert exported
    for row in exported:
        wanted = [part for place in places for part in row[place].split("、") if part]
        assert any(all(part in text for part in wanted) for text in shown), wanted


def test_menu_carries_the_filters_of_the_page(readers: dict[Any, Client]) -> None:
    factories.enterprise(township=FAR_TOWN, name="溧阳昙禾电气有限公司")
    city = readers[Role.CITY_REVIEWER]
    asked = {"search": "溧阳&=", "reporting_unit": "liyang", "stage": "", "after": "1", "strange": "x"}
    found = links(city.get("/enterprises/", asked).content.decode(), "register")
    assert found == []  # nothing found, nothing to take away
    page = city.get("/enterprises/", asked | {"search": "昙禾"}).content.decode()
    [xlsx] = [link for link in links(page, "register") if "xlsx" in link]
    assert xlsx == "/exports/register.xlsx?search=%E6%98%99%E7%A6%BE&reporting_unit=liyang"
    assert city.get(xlsx).status_code == 200
    page = city.get("/reviews/?queue=pending&overdue=on&q=").content.decode()
    assert links(page, "reviews") == []
    ticked = city.get("/exports/reviews.csv?queue=pending&overdue=true&q=&stage=")
    assert (ticked.status_code, len(csv_rows(body(ticked)))) == (200, 1)


def test_strangers_sign_in_first_unless_the_list_is_public(readers: dict[Any, Client]) -> None:
    stranger = Client()
    answer = stranger.get("/exports/register.csv?stage=guanbiao.cultivation")
    there = "/accounts/login/?next=/exports/register.csv%3Fstage%3Dguanbiao.cultivation"
    assert (answer.status_code, answer["Location"]) == (302, there)
    assert stranger.get("/exports/totals.csv").status_code == 200
    assert links(stranger.get("/enterprises/").content.decode(), "register") == []
    assert len(links(stranger.get("/").content.decode(), "totals")) == 2


def test_wrong_role_is_told_so_and_unknown_list_is_not_there(readers: dict[Any, Client]) -> None:
    own = readers[Role.APPLICANT]
    assert own.get("/exports/audit.csv").status_code == 403
    assert own.get("/exports/nothing.csv").status_code == 404
    assert own.get("/exports/enterprises.pdf").status_code == 404


def test_bad_filter_is_explained_on_a_page(readers: dict[Any, Client]) -> None:
    answer = readers[Role.CITY_REVIEWER].get("/exports/register.csv?stage=nothing")
    assert answer.status_code == 400
    assert "参数 stage 的值“nothing”无效" in text_of(answer)


def test_long_list_shows_its_progress_and_then_the_file(readers: dict[Any, Client], settings: Any) -> None:
    settings.EXPORT_DIRECT_ROWS = 1
    factories.enterprise(name="=常州试验有限公司")
    city = readers[Role.CITY_REVIEWER]
    answer = city.get("/exports/register.csv")
    job = Job.objects.get(kind="export")
    assert (answer.status_code, answer["Location"]) == (302, f"/exports/{job.pk}/")
    waiting = city.get(f"/exports/{job.pk}/")
    assert waiting["Refresh"] == "3"
    assert "正在等待后台办理" in text_of(waiting)
    assert city.get(f"/exports/{job.pk}/file/").status_code == 409
    Job.objects.filter(pk=job.pk).update(state="running", done=1, total=3)
    assert "已写 1 行，共 3 行" in text_of(city.get(f"/exports/{job.pk}/"))
    Job.objects.filter(pk=job.pk).update(state="queued")
    run_job(str(job.pk))
    done = city.get(f"/exports/{job.pk}/")
    assert "Refresh" not in done
    assert "共 3 行" in text_of(done)
    rows = csv_rows(body(city.get(f"/exports/{job.pk}/file/")))
    assert "'=常州试验有限公司" in [row[0] for row in rows]
    assert readers[Role.AUDITOR].get(f"/exports/{job.pk}/").status_code == 404
    assert readers[Role.AUDITOR].get(f"/exports/{job.pk}/file/").status_code == 404


def test_the_trail_and_the_news_are_taken_away_in_words(readers: dict[Any, Client]) -> None:
    """No code of a list, no key of a job."""
    auditor = readers[Role.AUDITOR]
    auditor.get("/exports/audit.csv")
    told = body(auditor.get("/exports/audit.csv")).decode()
    assert "清单：审计日志" in told
    assert "清单：审计日志" in text_of(auditor.get("/audit/"))
    applicant = readers[Role.APPLICANT]
    person = Account.objects.get(pk=applicant.session["_auth_user_id"])
    said = {"kind": "job.done", "params": {"job": "import_apply"}, "source": "job:1", "created_at": factories.NOW}
    Message.objects.create(recipient=person, about="job:0b3b7a9e", **said)
    row = Application.objects.get(enterprise=person.enterprise)
    said |= {"kind": "application.approved", "source": "ledger:1", "about": f"application:{row.number}"}
    Message.objects.create(recipient=person, **said)
    told = body(applicant.get("/exports/notifications.csv")).decode()
    assert "job:" not in told
    assert f",{row.number}," in told
