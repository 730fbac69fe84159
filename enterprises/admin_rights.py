"""Rights in the configuration pages (/admin/): by role, per model; nothing is allowed that is not stated."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from .admin_lists import CarefulList, check_keys, is_offered
from .models import Account
from .roles import OFFICERS, Role

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
else:  # not generic when running
    ModelAdmin, TabularInline, ModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm

Test = Callable[[Account], bool]

STAFF = (*OFFICERS, Role.CITY_REVIEWER, Role.PLAN_MANAGER)


def nobody(account: Account) -> bool:
    return False


def any_staff(account: Account) -> bool:
    """Everyone who reaches /admin/ at all."""
    return account.role in STAFF


def holds(request: HttpRequest, test: Test) -> bool:
    return isinstance(request.user, Account) and request.user.is_active and test(request.user)


class ByRole:
    """The four permissions of an admin class, from predicates on the account.

    `may_edit` is for adding, changing and removing; `is_settled(obj)` says when a row no longer changes
    (of an inline, the row that it hangs on).
    """

    may_view: Test = staticmethod(any_staff)
    may_edit: Test = staticmethod(nobody)
    may_remove: Test = staticmethod(nobody)

    def is_settled(self, obj: Any) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return holds(request, self.may_view) or holds(request, self.may_edit)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return holds(request, self.may_edit) and not (obj is not None and self.is_settled(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return holds(request, self.may_edit) and not (obj is not None and self.is_settled(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return holds(request, self.may_remove) and not (obj is not None and self.is_settled(obj))


class RoleAdmin(ByRole, ModelAdmin):
    """A configuration page with rights by role."""

    list_per_page = 50
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CarefulList]:
        return CarefulList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        offered = (*self.get_list_filter(request), *filter(None, [self.date_hierarchy]))
        return is_offered(lookup, offered) and super().lookup_allowed(lookup, value, request)

    def response_action(self, request: HttpRequest, queryset: "QuerySet[Any]", *more: Any) -> HttpResponse | None:
        """What was ticked must be keys that rows can have, before the action looks for them."""
        check_keys(queryset, request.POST.getlist(ACTION_CHECKBOX_NAME))
        return super().response_action(request, queryset, *more)


class RoleInline(ByRole, TabularInline):
    """Rows inside a configuration page, with the rights of that page."""

    extra = 0
    show_change_link = True


class ReadOnlyAdmin(RoleAdmin):
    """A page for looking only."""

    actions = None
