"""The administration at /admin/: only pages that state their rights by role, behind the one login page."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from .admin_rights import ByRole


class Administration(admin.AdminSite):
    """What installed packages offer of their own is left out: it knows no roles."""

    site_header = _("常州市企业知识产权认证登记系统 · 系统管理")
    site_title = _("系统管理")
    index_title = _("配置与台账")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if admin_class is not None and issubclass(admin_class, ByRole):
            super().register(model_or_iterable, admin_class, **options)

    @method_decorator(login_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One login page for everybody, with its lockout; who is signed in without the right is told so."""
        return super().login(request, extra_context)
