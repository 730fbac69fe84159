"""Ties to an enterprise (利害关系): declared by the person or an officer, ended by the security officer only."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.canonical import commitment
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, refuse
from ..models import Account, DeclaredInterest, Enterprise
from ..rights import may_declare_interest, may_end_interest


def declare_interest(
    account: Account, enterprise: Enterprise, *, reason: str, actor: Account, at: datetime
) -> DeclaredInterest:
    """From now on the account takes no part in the enterprise's decisions."""
    if not may_declare_interest(actor):
        raise NotAllowed([Refusal("not_allowed", _("您的账户不能登记利害关系"))])
    if not reason.strip():
        raise refuse("reason_missing", _("请写明关系"), field="reason")
    salt, said = commitment(reason.strip())
    try:
        with transaction.atomic():
            row = DeclaredInterest.objects.create(
                account=account, enterprise=enterprise, reason=reason.strip(), salt=salt, declared_at=at
            )
            # Before the salt was kept with the reason, nobody could hold one against the other.
            _record(Verb.INTEREST_DECLARED, row, {"said": said, "salt_kept": True}, actor=actor, at=at)
    except IntegrityError as error:
        raise Duplicate([Refusal("interest_exists", _("该利害关系已登记"), field="enterprise")]) from error
    return row


@transaction.atomic
def end_interest(interest: DeclaredInterest, *, actor: Account, at: datetime) -> None:
    """The tie is over; the row stays. Never by the person whose tie it is."""
    if not may_end_interest(actor) or actor.pk == interest.account_id:
        raise NotAllowed([Refusal("not_allowed", _("利害关系只能由安全管理员结束，且不能由本人结束"))])
    if not DeclaredInterest.objects.filter(pk=interest.pk, ended_at__isnull=True).update(ended_at=at):
        raise NotPossible([Refusal("already_ended", _("该利害关系已经结束"))])
    said = commitment(interest.reason, salt=interest.salt)[1]
    _record(Verb.INTEREST_ENDED, interest, {"said": said}, actor=actor, at=at)


def _record(verb: Verb, row: DeclaredInterest, said: dict[str, Any], *, actor: Account, at: datetime) -> None:
    uscc = row.enterprise.uscc
    fact = Fact(verb, row.account.code, {"enterprise": uscc, **said}, enterprise=uscc)
    record(fact, actor=actor.as_actor(), at=at)
