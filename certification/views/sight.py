"""The thing that an address names, within the account's sight; out of sight is as if it did not exist (404)."""

import uuid

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from enterprises.identifiers import normalise_credit_code
from enterprises.models import Enterprise, HighTechPeriod
from enterprises.rights import may_edit_enterprise, may_state_official

from ..errors import NotAllowed, Refusal
from ..models import Achievement, Advising, Application, Certificate, Evidence
from ..rights import may_end_achievement
from .access import account_of


def application_in_sight(request: HttpRequest, number: str) -> Application:
    return get_object_or_404(Application.objects.visible_to(account_of(request)).with_file(), number=number)


def evidence_in_sight(request: HttpRequest, number: str, key: uuid.UUID) -> Evidence:
    rows = Evidence.objects.visible_to(account_of(request)).select_related("application")
    return get_object_or_404(rows, pk=key, application__number=number)


def certificate_in_sight(request: HttpRequest, number: str) -> Certificate:
    """The certificate of this number; of one that was recorded anew, the one that stands."""
    rows = Certificate.objects.visible_to(account_of(request)).numbered(number, body=request.GET.get("body", ""))
    if (found := rows.with_file().first()) is None:
        raise Http404
    return found


def enterprise_in_sight(request: HttpRequest, uscc: str) -> Enterprise:
    rows = Enterprise.objects.visible_to(account_of(request)).with_places()
    return get_object_or_404(rows, uscc=normalise_credit_code(uscc))


def enterprise_to_edit(request: HttpRequest, uscc: str) -> Enterprise:
    """An enterprise whose file the account may change; one that it only sees is refused."""
    enterprise = enterprise_in_sight(request, uscc)
    if not may_edit_enterprise(account_of(request), enterprise):
        raise NotAllowed([Refusal("not_allowed", _("您的账户不能修改该企业的档案"))])
    return enterprise


def enterprise_to_state(request: HttpRequest, uscc: str) -> Enterprise:
    """An enterprise of which the account may state official facts: name, place, high-tech status."""
    enterprise = enterprise_in_sight(request, uscc)
    if not may_state_official(account_of(request), enterprise):
        remedy = _("需要变更的，请联系所在乡镇（街道）")
        raise NotAllowed([Refusal("official_fact", _("名称、所在地和高新技术企业资格由审核部门登记"), remedy=remedy)])
    return enterprise


def high_tech_to_end(request: HttpRequest, uscc: str, key: int) -> HighTechPeriod:
    """A high-tech period that the account may end early."""
    return get_object_or_404(HighTechPeriod, enterprise=enterprise_to_state(request, uscc), pk=key)


def advising_to_end(request: HttpRequest, uscc: str, key: int) -> Advising:
    """A period of advising that the account may end."""
    rows = Advising.objects.select_related("enterprise", "organisation")
    return get_object_or_404(rows, enterprise=enterprise_to_state(request, uscc), pk=key)


def achievement_to_end(request: HttpRequest, uscc: str, ledger_number: int) -> Achievement:
    """An achievement that the account may end."""
    enterprise = enterprise_in_sight(request, uscc)
    row = get_object_or_404(
        Achievement.objects.select_related("enterprise", "reporting_unit"),
        enterprise=enterprise,
        ledger_number=ledger_number,
    )
    if not may_end_achievement(account_of(request), enterprise):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以终止认定"))])
    return row
