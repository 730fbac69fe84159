"""A first password that an officer asks for on behalf of somebody else."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .officers import KnownAccountForm, reason_field
from .refusable import Typed


class ResetForm(KnownAccountForm):
    """A new first password of one of the staff."""

    password = Typed(
        label=_("初始密码"),
        strip=False,
        help_text=_("经确认后生效，本人下次登录时须自行改密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    reason = reason_field()
