"""Third-party certificates in every standing, of invented bodies; and invented advisers (演示数据).

Each certificate is a course: how long ago it was issued, and what happened how many days after that. The registry
works out the standing, as of any other certificate.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from enterprises.models import Account

from ..certificate_checks import Stated
from ..certificate_life import Kind, Terms, accepts, longest_expiry
from ..models import Certificate, Organisation
from ..services.advising import begin_advising, end_advising
from ..services.certificate_events import Act, happen, renew
from ..services.certificate_expiry import expire_certificates
from ..services.certificate_facts import all_terms
from ..services.certificate_files import file_scan, look_up
from ..services.certificates import record_certificate
from ..services.organisations import keep_organisation
from .facts import Event, History, moment
from .histories import CERTIFICATION, IMPLEMENTATION
from .papers import demo_paper

SOURCE = "演示数据，虚构机构"
APPROVED_FROM = date(2014, 1, 1)
ORGANISATIONS = (
    ("demo-body-1", "演示认证中心", "Demo Certification Centre", "DEMO-A####R##", True, False),
    ("demo-body-2", "示例认证有限公司", "Sample Certification Ltd", "DEMO-B####-####", True, False),
    ("demo-body-3", "样例评定认证有限公司", "Specimen Assessment Ltd", "", True, True),
    ("demo-adviser-1", "演示知识产权咨询有限公司", "Demo IP Consulting Ltd", "", False, True),
    ("demo-adviser-2", "示例专利代理事务所", "Sample Patent Agents", "", False, True),
)
ADVISERS = [row[0] for row in ORGANISATIONS if row[5]]
TERM_DAYS = 3 * 365
SURVEYS = ((Kind.SURVEILLANCE, 340), (Kind.SURVEILLANCE, 690))
REASON = "认证机构通知，演示文号"


@dataclass(frozen=True, slots=True)
class Course:
    """A certificate: issued that many days ago, and what happened so many days after the issue.

    `is_old`: applied for under the first edition, so near its last day that it can only have been then.
    """

    issued: int
    happened: tuple[tuple[Kind, int], ...] = ()
    renewed: int = 0
    is_old: bool = False
    files: bool = True


COURSES: tuple[Course, ...] = (
    Course(60),  # valid, new
    Course(500, SURVEYS[:1]),  # valid, surveyed
    Course(345),  # surveillance due within weeks
    Course(420, files=False),  # surveillance overdue
    Course(600, (*SURVEYS[:1], (Kind.SUSPEND, 560))),
    Course(710, (*SURVEYS, (Kind.SUSPEND, 695), (Kind.RESTORE, 705))),
    Course(690, (*SURVEYS[:1], (Kind.WITHDRAW, 620))),
    Course(650, (*SURVEYS[:1], (Kind.SURRENDER, 600))),
    Course(TERM_DAYS + 70, SURVEYS),  # lapsed
    Course(TERM_DAYS - 25, SURVEYS),  # expires within weeks
    Course(TERM_DAYS + 30, SURVEYS, renewed=TERM_DAYS - 20),  # superseded by a new one
    Course(720, SURVEYS, is_old=True),  # should have been converted
    Course(700, ((Kind.CONVERT, 340), (Kind.SURVEILLANCE, 690)), is_old=True),
    Course(200, ((Kind.ANNUL, 40),), files=False),
)


def certificate_events(ready: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """The table of organisations, then each course with an enterprise of its own."""
    city, today = accounts["shiju"], timezone.localdate(at)
    first = moment(today - timedelta(days=max(course.issued for course in COURSES) + 90), hour=8)
    yield first, lambda: _organisations(city, first)
    for number, (course, history) in enumerate(zip(COURSES, ready, strict=False), 1):
        yield from _Certified(number, course, history, city).events(today)
    yield from _advising(ready[len(COURSES) :], city, today)


def certifiable(histories: Sequence[History], *, today: date) -> list[History]:
    """Enterprises that implemented the standard long before the earliest course and hold no certificate."""
    long_ago = today - timedelta(days=TERM_DAYS + 400)
    return [history for history in histories if _is_certifiable(history, long_ago)]


def _is_certifiable(history: History, long_ago: date) -> bool:
    since = history.profile.day_of(IMPLEMENTATION)
    return bool(since and since < long_ago and not history.profile.day_of(CERTIFICATION))


def _organisations(city: Account, at: datetime) -> None:
    for code, name, name_en, pattern, is_body, is_adviser in ORGANISATIONS:
        row = Organisation(code=code, name=name, name_en=name_en, is_body=is_body, is_adviser=is_adviser, note=SOURCE)
        row.number_pattern, row.approved_from = pattern, APPROVED_FROM if is_body else None
        keep_organisation(row, actor=city, at=at)


def _advising(rest: Sequence[History], city: Account, today: date) -> Iterator[Event]:
    """Two enterprises are advised today, and one was until last month."""
    since, until = today - timedelta(days=300), today - timedelta(days=30)
    for number, history in enumerate(rest[:3]):
        began = moment(since, hour=14, minute=number)
        yield began, _begun(history, ADVISERS[number % len(ADVISERS)], since, city, began)
    if rest[2:]:
        ended = moment(until, hour=14)
        yield ended, _ended(rest[2], until, city, ended)


def _begun(history: History, adviser: str, since: date, city: Account, at: datetime) -> Callable[[], None]:
    def begin() -> None:
        begin_advising(history.row, Organisation.objects.get(pk=adviser), valid_from=since, actor=city, at=at)

    return begin


def _ended(history: History, last_day: date, city: Account, at: datetime) -> Callable[[], None]:
    def end() -> None:
        row = history.row.advisings.get()
        end_advising(row, last_day=last_day, reason="辅导合同期满（演示）", actor=city, at=at)

    return end


class _Certified:
    """One course: the certificate is recorded ten days after its issue, each event five days after its day."""

    def __init__(self, number: int, course: Course, history: History, city: Account) -> None:
        self.number, self.course, self.history, self.city = number, course, history, city

    def events(self, today: date) -> Iterator[Event]:
        terms = all_terms()
        issued_on = self._issued_on(terms, today)
        said = self._stated(issued_on, terms, serial=self.number)
        recorded = moment(issued_on + timedelta(days=10), hour=16, minute=self.number)
        yield recorded, lambda: self._record(said, recorded)
        for kind, after in self.course.happened:
            happened_on = issued_on + timedelta(days=after)
            yield self._happening(kind, happened_on, terms)
        if self.course.renewed:
            yield self._renewal(issued_on + timedelta(days=self.course.renewed), terms)
        over = moment(said.expires_on + timedelta(days=1), hour=2) if said.expires_on else recorded
        yield over, lambda: _expire(over)

    def _issued_on(self, terms: Mapping[str, Terms], today: date) -> date:
        day = today - timedelta(days=self.course.issued)
        last_days = [each.applications_until for each in terms.values() if each.applications_until]
        if self.course.is_old and last_days:
            return min(day, min(last_days) - timedelta(days=5))
        return day

    def _stated(self, issued_on: date, terms: Mapping[str, Terms], *, serial: int) -> Stated:
        applied_on = issued_on - timedelta(days=50)
        open_ones = [code for code, each in terms.items() if accepts(each, applied_on=applied_on)]
        edition = open_ones[0] if self.course.is_old else open_ones[-1]
        body, number = self._numbered(issued_on.year, serial)
        return Stated(
            number=number,
            body=body,
            holder_address="常州市（演示地址）",
            scope_management="知识产权获取、维护、运用和保护",
            scope_links="研发、采购、生产、销售",
            edition=edition,
            route="direct",
            system_since=issued_on - timedelta(days=250),
            applied_on=applied_on,
            issued_on=issued_on,
            expires_on=longest_expiry(terms[edition], issued_on=issued_on) - timedelta(days=1),
        )

    def _numbered(self, year: int, serial: int) -> tuple[str, str]:
        if serial % 2:
            return "demo-body-1", f"DEMO-A{year}R{serial:02d}"
        return "demo-body-2", f"DEMO-B{year}-{serial:04d}"

    def _record(self, said: Stated, at: datetime) -> None:
        enterprise = self.history.row
        row = record_certificate(enterprise, replace(said, holder=enterprise.name), actor=self.city, at=at)
        if self.course.files:
            scan = ContentFile(demo_paper(f"Certificate {row.number}"), "证书扫描件（演示）.pdf")
            shown = ContentFile(demo_paper(f"Look-up of {row.number}"), "查询截图（演示）.pdf")
            file_scan(row, scan, actor=self.city, at=at)
            look_up(row, "matches", shown, note="与查询页面一致（演示）", actor=self.city, at=at)

    def _happening(self, kind: Kind, on: date, terms: Mapping[str, Terms]) -> Event:
        at = moment(on + timedelta(days=5), hour=16, minute=30)
        latest = [code for code, each in terms.items() if accepts(each, applied_on=on)][-1]

        def act() -> None:
            said = Act(on, f"{REASON} {self.number:02d}", self.city, at)
            happen(self._row(), kind.value, said, edition=latest if kind is Kind.CONVERT else "")

        return at, act

    def _renewal(self, on: date, terms: Mapping[str, Terms]) -> Event:
        at = moment(on + timedelta(days=5), hour=16, minute=40)
        said = self._stated(on, terms, serial=self.number + 2 * len(COURSES))

        def act() -> None:
            named = replace(said, holder=self.history.row.name)
            renew(self._row(), named, Act(on, f"再认证决定，演示文号 {self.number:02d}", self.city, at))

        return at, act

    def _row(self) -> Certificate:
        return Certificate.objects.filter(enterprise=self.history.row).latest("pk")


def _expire(at: datetime) -> None:
    """As the daily job does."""
    expire_certificates(at=at)
