"""Writing the histories through the services, each fact on its own day in the ledger."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from enterprises.models import Account, Enterprise
from enterprises.services.amendments import relocate, rename
from enterprises.services.qualifications import grant_high_tech
from enterprises.services.registration import Registration, create_enterprise

from ..models import Achievement
from ..services.achievements import end_achievement, record_achievement
from .histories import REGISTER_OPENS, Profile, Reached

Event = tuple[datetime, Callable[[], None]]


def moment(day: date, *, hour: int = 10, minute: int = 0) -> datetime:
    """A time of a day in the registry's time zone."""
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_current_timezone())


class History:
    """One profile becoming an enterprise: its events in no particular order, to be played by time."""

    def __init__(self, profile: Profile, *, clerk: Account) -> None:
        self.profile, self.clerk = profile, clerk
        self.enterprise: Enterprise | None = None

    @property
    def row(self) -> Enterprise:
        if self.enterprise is None:
            raise Enterprise.DoesNotExist(self.profile.uscc)
        return self.enterprise

    def events(self) -> Iterator[Event]:
        """Registration first; what is older than it is recorded right after it."""
        profile, opened = self.profile, moment(self.profile.registered_on)
        yield opened, self._register
        kept = [period for period in profile.high_tech if period[2] >= REGISTER_OPENS]
        for number, (certificate, first, last) in enumerate(kept, 1):
            at = max(moment(first + timedelta(days=20)), opened + timedelta(minutes=number))
            yield at, self._high_tech(certificate, first, last, at)
        for number, item in enumerate(profile.reached, 10):
            at = max(moment(item.on + timedelta(days=3)), opened + timedelta(minutes=number))
            yield at, self._reach(item, at)
            if item.ended_on:
                ended = max(moment(item.ended_on + timedelta(days=1)), at + timedelta(minutes=30))
                yield ended, self._end(item, ended)
        if profile.renamed:
            yield self._renaming(*profile.renamed)
        if profile.relocated:
            yield self._relocation(*profile.relocated)

    def _register(self) -> None:
        profile = self.profile
        asked = Registration(
            uscc=profile.uscc,
            name=profile.name,
            township=profile.township,
            industry=profile.industry,
            established_on=profile.established_on,
            has_rd_institution=profile.has_rd_institution,
            innovation_tier=profile.tier,
            contact_name="演示联系人",
            contact_phone=f"0519-8{int(profile.uscc[8:17], 36) % 10**7:07d}",
        )
        at = moment(profile.registered_on)
        self.enterprise = create_enterprise(asked, actor=self.clerk.as_actor(), at=at, is_demo=True)

    def _high_tech(self, certificate: str, first: date, last: date, at: datetime) -> Callable[[], None]:
        def grant() -> None:
            grant_high_tech(self.row, certificate=certificate, valid_from=first, valid_to=last, actor=self.clerk, at=at)

        return grant

    def _reach(self, item: Reached, at: datetime) -> Callable[[], None]:
        def reach() -> None:
            fact = Achievement(
                enterprise=self.row,
                stage=item.stage,
                effective_on=item.on,
                certificate_number=item.certificate,
                route="demo",
                note="演示数据",
            )
            record_achievement(fact, actor=self.clerk.as_actor(), at=at)

        return reach

    def _end(self, item: Reached, at: datetime) -> Callable[[], None]:
        def end() -> None:
            row = Achievement.objects.get(enterprise=self.row, stage=item.stage, effective_on=item.on)
            ended_on = item.ended_on or item.on
            end_achievement(
                row, reason=item.ended_reason, ended_on=ended_on, ground=item.ground, actor=self.clerk, at=at
            )

        return end

    def _renaming(self, on: date, name: str) -> Event:
        at = moment(on + timedelta(days=5))
        return at, lambda: self._reload(rename(self.row, name, since=on, actor=self.clerk, at=at))

    def _relocation(self, on: date, township: str) -> Event:
        at = moment(on + timedelta(days=7))
        return at, lambda: self._reload(relocate(self.row, township, since=on, actor=self.clerk, at=at))

    def _reload(self, changed: Enterprise) -> None:
        self.enterprise = changed
