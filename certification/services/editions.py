"""Keeping editions of the standard (标准版本) and their menus; one that a frozen rulebook uses no longer changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows, differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal
from ..models import Edition, Rulebook, StageRule

NO_ROWS = Rows()


@transaction.atomic
def keep_edition(edition: Edition, *, modules: Rows = NO_ROWS, actor: Account, at: datetime) -> Edition:
    """Write an edition with the changed modules of its menu, and one ledger entry.

    Raises NotAllowed, NotPossible (a frozen rulebook uses it).
    """
    _check(edition, actor)
    fields = [*differing(edition), *modules.differing()]
    edition.save()
    modules.write(edition=edition)
    _record(edition.pk, actor, at, fields)
    return edition


@transaction.atomic
def drop_edition(edition: Edition, *, actor: Account, at: datetime) -> None:
    """Remove an edition that no rulebook uses."""
    code = edition.pk
    _check(edition, actor)
    if StageRule.objects.filter(edition=edition).exists():
        raise NotPossible([Refusal("edition_in_use", _("有规则年度使用该标准版本，不能删除"))])
    edition.delete()
    _record(code, actor, at, ["removed"])


def is_in_frozen_use(edition: Edition) -> bool:
    """Whether applications have been submitted under this edition's menu."""
    return StageRule.objects.filter(edition=edition, rulebook__frozen_at__isnull=False).exists()


def frozen_reason() -> str:
    return _("该标准版本已用于冻结的规则年度，不再变更；需要变更的，请建立新的版本")


def subject_of(code: str) -> str:
    """Under what name the ledger speaks of an edition."""
    return f"edition:{code}"


def edition_contents(*codes: str) -> dict[str, Any]:
    """What each edition says, by its subject: itself and its menu; of all without codes."""
    rows = Edition.objects.prefetch_related("modules").order_by("code")
    return {
        subject_of(row.pk): {
            "title": row.title,
            "from": str(row.in_force_from),
            "to": str(row.in_force_to or ""),
            "minimum": row.minimum_chosen_modules,
            "modules": [model_to_dict(module, exclude=["id", "edition"]) for module in row.modules.all()],
            **({"note": row.note} if row.note else {}),  # as editions were recorded before there were notes
        }
        for row in (rows.filter(pk__in=codes) if codes else rows)
    }


def _check(edition: Edition, actor: Account) -> None:
    """Under the lock of every rulebook that uses it: none is frozen by a submission meanwhile."""
    if not may_edit_rulebooks(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更标准版本和模块菜单"))])
    list(Rulebook.objects.select_for_update(of=("self",)).filter(stage_rules__edition=edition.pk).order_by("pk"))
    if is_in_frozen_use(edition):
        raise NotPossible([Refusal("edition_frozen", frozen_reason())])


def _record(code: str, actor: Account, at: datetime, fields: Sequence[str]) -> None:
    subject = subject_of(code)
    entry = record_content(
        Verb.EDITION_CHANGED, subject, lambda: edition_contents(code).get(subject), actor=actor.as_actor(), at=at
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
