"""Where a role's work begins."""

from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse

from ..models import Account
from ..roles import OFFICERS, REVIEWERS, Role

FIRST_PAGE: dict[str, str] = {
    Role.APPLICANT: "workspace",
    **dict.fromkeys(REVIEWERS, "reviews"),
    Role.MONITOR: "monitor",
    Role.PLAN_MANAGER: "monitor",
    **dict.fromkeys(OFFICERS, "admin:index"),
}


def first_page(account: Account) -> str:
    """The address of the page on which the account's work begins."""
    try:
        return reverse("password-change" if account.must_change_password else FIRST_PAGE.get(account.role, "home"))
    except NoReverseMatch:
        return resolve_url("home")
