"""Who may make which move: small predicates, each defined once; `may` joins them to stages.Who."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from enterprises.models import Account, DeclaredInterest, Enterprise
from enterprises.rights import covers, is_applicant, may_read_monitor
from enterprises.roles import Role

from .models import Application, Decision
from .stages import STAGES, WITH_REVIEWER, Level, Status, Who

ROLE_OF_LEVEL: dict[str, str] = {
    Level.TOWNSHIP: Role.TOWNSHIP_REVIEWER,
    Level.DISTRICT: Role.DISTRICT_REVIEWER,
    Level.CITY: Role.CITY_REVIEWER,
}


def applicant_of(account: Account, application: Application) -> bool:
    return is_applicant(account) and account.enterprise_id == application.enterprise_id


def reviewer_at_level(account: Account, application: Application) -> bool:
    """The account reviews at the application's present level, in the area that handles it."""
    return account.role == ROLE_OF_LEVEL.get(application.level) and _handles(account, application)


def city_reviewer(account: Account, application: Application) -> bool:
    """The city, at whichever level the application stands."""
    return account.role == Role.CITY_REVIEWER


def _handles(account: Account, application: Application) -> bool:
    match account.role:
        case Role.TOWNSHIP_REVIEWER:
            return account.township_id == application.township_id
        case Role.DISTRICT_REVIEWER:
            return account.unit_id == application.reporting_unit_id
    return account.role == Role.CITY_REVIEWER


def ties(*, account: Any, enterprise: Any) -> "QuerySet[DeclaredInterest]":
    """The ties to an enterprise that an account declared and nobody ended."""
    return DeclaredInterest.objects.filter(account=account, enterprise=enterprise, ended_at__isnull=True)


def earlier_decisions(*, account: Any, application: Any, turn: Any) -> "QuerySet[Decision]":
    """The decisions that an account took at other levels of an application."""
    return Decision.objects.filter(application=application, actor=account, decides=True).exclude(turn=turn)


def own_moves(*, account: Any, application: Any) -> "QuerySet[Decision]":
    """The moves that an account made in an application as its applicant, in whatever role it is now."""
    return Decision.objects.filter(application=application, actor=account, role=Role.APPLICANT)


def own_applications(*, account: Any, application: Any) -> "QuerySet[Application]":
    """The application, if the account opened it: only an applicant does."""
    return Application.objects.filter(pk=application, created_by=account)


def may_end_achievement(account: Account, enterprise: Enterprise) -> bool:
    """A favourable decision is withdrawn by the city only."""
    return account.role == Role.CITY_REVIEWER and covers(account, enterprise)


def may_keep_certificates(account: Account) -> bool:
    """What a certification body issued and what became of it: stated by the city only, restoring included."""
    return account.role == Role.CITY_REVIEWER


def may_list_certificates(account: Account) -> bool:
    """The list of certificates: reviewers and those who watch the plan; what is in it lies in their sight."""
    return account.is_reviewer or may_read_monitor(account)


def may_keep_titles(account: Account) -> bool:
    """Titles, their re-examinations and the guidance of a year: recorded by the city."""
    return account.role == Role.CITY_REVIEWER


def may_keep_inputs(account: Account) -> bool:
    """Credit checks and priorities, which eligibility rests on: recorded and corrected by the city."""
    return account.role == Role.CITY_REVIEWER


def may_state_figures(account: Account, enterprise: Enterprise) -> bool:
    """The yearly figures are the enterprise's own words: stated by its own applicant only."""
    return is_applicant(account) and covers(account, enterprise)


def may_rank(account: Account) -> bool:
    """The order in which a reporting unit recommends: its own reviewers'."""
    return account.role == Role.DISTRICT_REVIEWER and bool(account.unit_id)


def may_raise_finding(account: Account, application: Application) -> bool:
    """The reviewer at whose level a submitted round stands; the city at any time, unless it came to nothing."""
    if not STAGES[application.stage].has_rounds or application.submitted_at is None:
        return False
    if application.status in (Status.REJECTED, Status.WITHDRAWN):
        return False
    is_here = application.status in WITH_REVIEWER and reviewer_at_level(account, application)
    return is_here or account.role == Role.CITY_REVIEWER


def may_close_finding(account: Account, application: Application) -> bool:
    """The reporting unit that handles the round, or the city."""
    return account.role in (Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER) and _handles(account, application)


may: dict[Who, Callable[[Account, Application], bool]] = {
    Who.APPLICANT: applicant_of,
    Who.REVIEWER: reviewer_at_level,
    Who.CITY: city_reviewer,
}
