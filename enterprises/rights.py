"""Who may do what with enterprises and accounts: small predicates, each defined once."""

from typing import TYPE_CHECKING

from django.conf import settings

from .roles import OFFICERS, Role, ScopeKind

if TYPE_CHECKING:
    from .models import Account, Enterprise


def is_applicant(account: "Account") -> bool:
    return account.role == Role.APPLICANT


def is_city_reviewer(account: "Account") -> bool:
    return account.role == Role.CITY_REVIEWER


def sees_whole_city(account: "Account") -> bool:
    """Roles whose work spans all enterprises."""
    return account.scope_kind == ScopeKind.CITY


def covers(account: "Account", enterprise: "Enterprise") -> bool:
    """Whether the enterprise lies within the account's scope today."""
    match account.scope_kind:
        case ScopeKind.CITY:
            return True
        case ScopeKind.UNIT:
            return enterprise.reporting_unit_id == account.unit_id
        case ScopeKind.TOWNSHIP:
            return enterprise.township_id == account.township_id
        case ScopeKind.ENTERPRISE:
            return enterprise.pk == account.enterprise_id
    return False


def may_register_enterprise(account: "Account") -> bool:
    """An applicant registers its own enterprise once; the city registers any."""
    return is_city_reviewer(account) or (is_applicant(account) and account.enterprise_id is None)


def may_edit_enterprise(account: "Account", enterprise: "Enterprise") -> bool:
    """Its own applicant, the reviewers in whose scope it lies, the city."""
    return covers(account, enterprise) and (is_applicant(account) or account.is_reviewer)


def may_state_official(account: "Account", enterprise: "Enterprise") -> bool:
    """Facts that figures or designations rest on (name, place, high-tech status, 十百千): reviewers only."""
    return account.is_reviewer and covers(account, enterprise)


def may_override_credit_code(account: "Account") -> bool:
    """A code that fails only its check character is confirmed by a reviewer, with a reason."""
    return account.is_reviewer


def may_declare_interest(account: "Account") -> bool:
    """A tie keeps people out of decisions, so more than one office may put it on record."""
    return account.role in (Role.CITY_REVIEWER, Role.SECURITY_ADMIN)


def may_end_interest(account: "Account") -> bool:
    return account.role == Role.SECURITY_ADMIN


def may_manage_plan(account: "Account") -> bool:
    return account.role == Role.PLAN_MANAGER


def may_read_monitor(account: "Account") -> bool:
    """Dashboards and the enterprises behind a figure."""
    return account.role in (Role.MONITOR, Role.PLAN_MANAGER, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER)


def monitored_unit(account: "Account") -> str:
    """The reporting unit whose enterprises the account may look behind; empty: all of them."""
    return str(account.unit_id) if account.scope_kind == ScopeKind.UNIT else ""


def may_recount(account: "Account") -> bool:
    return account.role in (Role.PLAN_MANAGER, Role.CITY_REVIEWER)


def may_import(account: "Account") -> bool:
    """Handing in tables, taking them into the registry, undoing that."""
    return account.role == Role.CITY_REVIEWER


def may_see_imports(account: "Account") -> bool:
    """What was handed in and what became of it: those who import, and the auditor."""
    return account.role in (Role.CITY_REVIEWER, Role.AUDITOR)


def may_read_ledger(account: "Account") -> bool:
    return account.role == Role.AUDITOR


def may_read_trail(account: "Account") -> bool:
    """The audit trail: logins and refusals."""
    return account.role in (Role.AUDITOR, Role.SECURITY_ADMIN)


def may_release_lockouts(account: "Account") -> bool:
    return account.role == Role.SECURITY_ADMIN


def needs_second_factor(account: "Account") -> bool:
    """Everybody of the staff signs in by two steps (quality of the login), but for the demo's own accounts."""
    return settings.SECOND_FACTOR_REQUIRED and not is_applicant(account) and not account.is_demo


def may_reset_second_factors(account: "Account") -> bool:
    return account.role == Role.SECURITY_ADMIN


def may_see_addresses(account: "Account") -> bool:
    """From which network address something was changed."""
    return account.role in (Role.CITY_REVIEWER, Role.AUDITOR, Role.SECURITY_ADMIN)


def may_manage_accounts(account: "Account") -> bool:
    """Opening accounts and asking for roles, which somebody else confirms."""
    return account.role == Role.SYSTEM_ADMIN


def may_confirm_grants(account: "Account") -> bool:
    return account.role == Role.SECURITY_ADMIN


def may_see_grants(account: "Account") -> bool:
    """The three officers: who asks, who confirms, who looks on."""
    return account.role in OFFICERS


def may_deactivate(account: "Account") -> bool:
    """Shutting an account at once."""
    return account.role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def may_edit_rulebooks(account: "Account") -> bool:
    return account.role == Role.CITY_REVIEWER


def may_keep_places(account: "Account") -> bool:
    """Divisions, and through which unit each one reports."""
    return account.role == Role.CITY_REVIEWER


def may_keep_organisations(account: "Account") -> bool:
    """Certification bodies and advisers."""
    return account.role == Role.CITY_REVIEWER


def may_keep_calendar(account: "Account") -> bool:
    """Holidays and moved working days (节假日与调休), on which time limits rest."""
    return account.role == Role.CITY_REVIEWER


def may_run_system(account: "Account") -> bool:
    """Looking after what runs by itself: jobs, deliveries."""
    return account.role == Role.SYSTEM_ADMIN


def may_word_messages(account: "Account") -> bool:
    """The words in which people are told: they are the bureau's."""
    return account.role == Role.CITY_REVIEWER


def is_expert(account: "Account") -> bool:
    return account.role == Role.EXPERT


def may_run_batches(account: "Account") -> bool:
    """Batches, the draw of experts, confirming results, public notices."""
    return account.role == Role.CITY_REVIEWER


def may_see_evaluations(account: "Account") -> bool:
    """Experts their own, the city all."""
    return account.role in (Role.EXPERT, Role.CITY_REVIEWER)
