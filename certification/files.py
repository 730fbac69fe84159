"""One enterprise's file (一企一档) by who is asking: what everyone sees, and what its own people and staff see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from enterprises.identifiers import normalise_credit_code
from enterprises.models import Enterprise, EnterpriseChange, EnterpriseLocation, EnterpriseName, HighTechPeriod
from enterprises.rights import is_applicant, may_edit_enterprise, may_state_official

from .certificate_life import Standing
from .certificates import Shown, shown_on
from .documents import Issued, certificates_issued
from .inputs.credit_rows import Credit, credit_shown
from .inputs.figure_rows import years_of
from .inputs.priority_rows import Priorities, priorities_shown
from .models import Achievement, Advising, Application, Certificate, Finding, ImportRow, YearFigures
from .queries import TimelineEvent, origins, timeline
from .rights import may_end_achievement, may_keep_certificates, may_keep_inputs, may_keep_titles
from .services.coverage import CoverageMap, coverage_maps
from .titles import Shown as ShownTitle
from .titles import titles_of


@dataclass(frozen=True, slots=True)
class PublicFile:
    """What anyone sees of an enterprise."""

    enterprise: Enterprise
    names: Sequence[EnterpriseName]
    high_tech: Sequence[HighTechPeriod]
    achievements: Sequence[Achievement]
    held: frozenset[int]
    is_high_tech: bool
    recorded: Sequence[Shown]
    issued: Sequence[Issued]
    honours: Sequence[ShownTitle]

    @property
    def titles(self) -> list[ShownTitle]:
        """Those whose document is on record."""
        return [shown for shown in self.honours if shown.document]

    @property
    def certificates(self) -> list[Shown]:
        """Those of certification bodies; what was recorded in error never was."""
        return [shown for shown in self.recorded if shown.state.standing is not Standing.ANNULLED]


@dataclass(frozen=True, slots=True)
class FullFile:
    """What its own people and the staff in scope see besides, and what the asking account may change."""

    enterprise: Enterprise
    places: Sequence[EnterpriseLocation]
    changes: Sequence[EnterpriseChange]
    applications: Sequence[Application]
    advisings: Sequence[Advising]
    certificates: Sequence[Shown]
    titles: Sequence[ShownTitle]
    credit: Credit
    priorities: Priorities
    figures: Sequence[YearFigures]
    timeline: Sequence[TimelineEvent]
    coverage: Sequence[CoverageMap]
    findings: Sequence[Finding]
    origins: Mapping[int, ImportRow]
    is_own: bool
    may_edit: bool
    may_state: bool
    may_end: bool
    may_certify: bool
    may_entitle: bool
    may_keep_inputs: bool


def public_file(code: str, *, on: date) -> PublicFile | None:
    """The public file of a credit code, in any width or case; None if there is none."""
    enterprise = Enterprise.objects.public().filter(uscc=normalise_credit_code(code)).first()
    if enterprise is None:
        return None
    facts = Achievement.objects.filter(enterprise=enterprise).exclude(ended_reason="annulled")
    high_tech = list(HighTechPeriod.objects.filter(enterprise=enterprise).order_by("-valid_from"))
    return PublicFile(
        enterprise=enterprise,
        names=list(EnterpriseName.objects.filter(enterprise=enterprise).order_by("-valid_from")),
        high_tech=high_tech,
        achievements=list(facts.select_related("reporting_unit").order_by("-effective_on", "-id")),
        held=frozenset(facts.in_force(on=on).values_list("pk", flat=True)),
        is_high_tech=any(row.valid_from <= on and (row.valid_to is None or on <= row.valid_to) for row in high_tech),
        recorded=certificates_of(enterprise, on=on),
        issued=certificates_issued(enterprise, on=on),
        honours=titles_of(enterprise, on=on),
    )


def full_file(public: PublicFile, account: Any, *, on: date) -> FullFile | None:
    """The rest of the file, for an account in whose sight the enterprise lies."""
    enterprise = Enterprise.objects.visible_to(account).with_places().filter(pk=public.enterprise.pk).first()
    if enterprise is None:
        return None
    places = EnterpriseLocation.objects.filter(enterprise=enterprise).select_related("township", "reporting_unit")
    changes = EnterpriseChange.objects.filter(enterprise=enterprise).select_related("actor")
    applications = Application.objects.visible_to(account).filter(enterprise=enterprise)
    return FullFile(
        enterprise=enterprise,
        places=list(places.order_by("-valid_from")),
        changes=list(changes),
        applications=list(applications.with_file()),
        advisings=list(Advising.objects.filter(enterprise=enterprise).select_related("organisation")),
        certificates=public.recorded,
        titles=public.honours,
        credit=credit_shown(enterprise, on=on),
        priorities=priorities_shown(enterprise, on=on),
        figures=list(years_of(enterprise)),
        timeline=timeline(enterprise),
        coverage=coverage_maps(enterprise, on=on),
        findings=list(Finding.objects.visible_to(account).filter(enterprise=enterprise)),
        origins={} if is_applicant(account) else origins(enterprise),
        is_own=account.enterprise_id == enterprise.pk,
        may_edit=may_edit_enterprise(account, enterprise),
        may_state=may_state_official(account, enterprise),
        may_end=may_end_achievement(account, enterprise),
        may_certify=may_keep_certificates(account),
        may_entitle=may_keep_titles(account),
        may_keep_inputs=may_keep_inputs(account),
    )


def certificates_of(enterprise: Enterprise, *, on: date) -> list[Shown]:
    """Its certificates with how they stand, the latest first."""
    rows = Certificate.objects.filter(enterprise=enterprise).select_related("body").prefetch_related("events")
    return shown_on(rows, on=on)
