"""The pages that all kinds of dated fact share: one fact, recording, correcting, annulling, the files kept with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enterprises.models import Enterprise

from ..errors import NotAllowed, Refusal
from ..forms.inputs import AnnulmentForm, FactForm, PaperForm
from ..forms.refusable import RefusableForm
from ..rights import may_keep_inputs
from ..services.input_facts import Act, InputKind, annul, file_paper
from .access import View, account_of
from .answers import answered
from .certificates import handed_out
from .sight import enterprise_in_sight

BOTH = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class FactPages:
    """The pages of one kind. `page`: the name of the page of one fact, `at`: where all of them lie.

    `rows`: what an account sees, with how each stands on a day; `record`, `correct`: the services.
    """

    kind: InputKind
    page: str
    at: str
    template: str
    rows: Callable[[Any, date], "QuerySet[Any]"]
    form: type[FactForm]
    correction_form: type[FactForm]
    record: Callable[[Enterprise, Any, Act, Any], Any]
    correct: Callable[[Any, Any, Act, Any], Any]
    known: Callable[[Any], dict[str, Any]]
    words: Callable[[], dict[str, Any]]

    def in_sight(self, request: HttpRequest, number: int) -> Any:
        """The fact, if the account sees its enterprise."""
        rows = self.rows(account_of(request), timezone.localdate())
        return get_object_or_404(rows.select_related("enterprise", "recorded_by", "replaces"), ledger_number=number)

    def to_keep(self, request: HttpRequest, number: int) -> Any:
        """A fact that the account may change; one that it only sees is refused."""
        row = self.in_sight(request, number)
        check_may_keep(request)
        return row

    def one(self, request: HttpRequest, fact_number: int) -> HttpResponse:
        """One fact: what it says, who recorded it, what became of it."""
        return self.shown(request, self.in_sight(request, fact_number))

    def shown(self, request: HttpRequest, row: Any, **forms: RefusableForm) -> HttpResponse:
        may_change = may_keep_inputs(account_of(request)) and not row.is_annulled
        context = {
            "fact": row,
            "page": self.page,
            "words": self.words(),
            "papers": row.papers.select_related("uploaded_by"),
            "newer": getattr(row, "replaced_by", None),
            "may_change": may_change,
            "annulment_form": AnnulmentForm() if may_change else None,
            "paper_form": PaperForm() if may_change else None,
            **(self.deeds(row) if may_change else {}),
            **forms,
        }
        status = next((form.status for form in forms.values()), 200)
        return render(request, self.template, context, status=status)

    def deeds(self, row: Any) -> dict[str, Any]:
        """What can be done with a fact of this kind besides: forms by name."""
        return {}

    def recording(self, request: HttpRequest, uscc: str) -> HttpResponse:
        """The city records a fact of an enterprise."""
        owner = enterprise_in_sight(request, uscc)
        check_may_keep(request)
        form = self.form(*_given(request))

        def kept() -> Any:
            return self.record(owner, form.said, act_of(request), form.upload)

        return self._kept(request, form, owner, kept, **self.words()["recording"])

    def correction(self, request: HttpRequest, fact_number: int) -> HttpResponse:
        """What was recorded was wrong: annulled, and recorded anew."""
        row = self.to_keep(request, fact_number)
        form = self.correction_form(*_given(request), initial=self.known(row))

        def kept() -> Any:
            return self.correct(row, form.said, act_of(request, form.correction_ground), form.upload)

        return self._kept(request, form, row.enterprise, kept, corrected=row, **self.words()["correction"])

    def _kept(
        self, request: HttpRequest, form: FactForm, owner: Enterprise, service: Callable[[], Any], **more: Any
    ) -> HttpResponse:
        """The fact's page once it is recorded; until then the form, and why not."""
        made: list[Any] = []
        if form.is_bound and form.attempt(lambda: made.append(service())):
            messages.success(request, _("已登记，并记入台账。"))
            return redirect(self.page, made[0].ledger_number)
        shown = {"form": form, "enterprise": owner, "page": self.page, **more}
        return render(request, "inputs/record.html", shown, status=form.status)

    def annulment(self, request: HttpRequest, fact_number: int) -> HttpResponse:
        """What was recorded never was."""
        row, form = self.to_keep(request, fact_number), AnnulmentForm(request.POST)

        def service() -> Any:
            return annul(self.kind, row, act_of(request, form.cleaned_data["ground"]))

        return self.done(request, row, _("已注销，并记入台账。"), service, annulment_form=form)

    def papers(self, request: HttpRequest, fact_number: int) -> HttpResponse:
        """A document is kept with the fact."""
        row, form = self.to_keep(request, fact_number), PaperForm(request.POST, request.FILES)

        def service() -> Any:
            return file_paper(self.kind, row, form.cleaned_data["file"], act_of(request))

        return self.done(request, row, _("附件已存档，并记入台账。"), service, paper_form=form)

    def done(
        self, request: HttpRequest, row: Any, done: str, service: Callable[[], Any], **forms: RefusableForm
    ) -> HttpResponse:
        """The fact's page again: what was done, or why not."""
        (form,) = forms.values()
        if request.method != "POST":
            return redirect(self.page, row.ledger_number)
        if form.attempt(service):
            messages.success(request, done)
            return redirect(self.page, row.ledger_number)
        return self.shown(request, row, **forms)

    def paper(self, request: HttpRequest, fact_number: int, key: UUID) -> HttpResponse:
        """A file kept with the fact, as an attachment."""
        return handed_out(get_object_or_404(self.kind.paper, fact=self.in_sight(request, fact_number), pk=key))

    def urls(self) -> list[URLPattern]:
        """Their addresses."""
        one, name = f"{self.at}/<int:fact_number>/", self.page
        return [
            path(one, guarded(self.one, ["GET", "HEAD"]), name=name),
            path(f"{one}correction/", guarded(self.correction), name=f"{name}-correction"),
            path(f"{one}annulment/", guarded(self.annulment), name=f"{name}-annulment"),
            path(f"{one}papers/", guarded(self.papers), name=f"{name}-papers"),
            path(f"{one}papers/<uuid:key>/", guarded(self.paper, ["GET", "HEAD"]), name=f"{name}-paper"),
            path(f"enterprises/<str:uscc>/{self.at}/", guarded(self.recording), name=f"{name}-record"),
        ]


def check_may_keep(request: HttpRequest) -> None:
    if not may_keep_inputs(account_of(request)):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以登记信用核查和优先标识"))])


def act_of(request: HttpRequest, ground: str = "") -> Act:
    return Act(account_of(request), timezone.now(), ground)


def _given(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def guarded(view: View, methods: list[str] = BOTH) -> View:
    return login_required(answered(require_http_methods(methods)(view)))
