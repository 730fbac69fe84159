"""Configuration pages whose changes a service writes, with their ledger entry.

The page only says what is asked for. What the service refuses is told where it was typed, and nothing is changed.
"""

from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from .admin_rights import ModelForm, RoleAdmin, holds
from .errors import Refusal, Refused
from .models import Account
from .services.rows import Rows


class ServedForm(ModelForm):
    """A form that shows what the service refused."""

    refusals: ClassVar[tuple[Refusal, ...]] = ()

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        for refusal in self.refusals:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, _("；").join(filter(None, [refusal.message, refusal.remedy])))
        return asked


class ServedAdmin(RoleAdmin):
    """The page of a record that a service writes, together with the rows that hang on it."""

    form = ServedForm

    def write(self, obj: Any, rows: Rows, *, actor: Account, at: datetime) -> None:
        """Call the service that writes the record."""
        raise NotImplementedError

    def remove(self, obj: Any, *, actor: Account, at: datetime) -> None:
        """Call the service that removes the record."""
        raise NotImplementedError

    def settled_reason(self) -> str:
        """Why a settled record no longer changes."""
        return ""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page again, with the reasons, where the service refused; its transaction is rolled back by then."""
        self._tell_if_settled(request, object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refusals = refused.refusals  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _tell_if_settled(self, request: HttpRequest, object_id: str | None) -> None:
        found = self.get_object(request, object_id) if object_id else None
        if found is None or not self.is_settled(found) or not holds(request, self.may_edit):
            return
        if request.method == "POST":
            raise PermissionDenied(self.settled_reason())
        self.message_user(request, self.settled_reason(), messages.INFO)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)  # a class of this request's own
        made.refusals = getattr(request, "refusals", ())
        return made

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What names a record is given once."""
        named = [field.name for field in self.opts.concrete_fields if field.primary_key and field.editable]
        return (*super().get_readonly_fields(request, obj), *(named if obj else ()))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: the rows that hang on the record belong to the same change."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        kept: list[Model] = []
        removed: list[Model] = []
        for formset in formsets:
            kept += formset.save(commit=False)
            removed += formset.deleted_objects
        self.write(form.instance, Rows(kept, removed), actor=cast(Account, request.user), at=timezone.now())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.path.removesuffix("delete/") + "change/")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(obj, actor=cast(Account, request.user), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        for obj in queryset:
            try:
                self.delete_model(request, obj)
            except Refused as refused:
                self.message_user(request, f"{obj}: {refused}", messages.ERROR)
