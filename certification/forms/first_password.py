"""What an officer does about another person's login: a first password, a device that was lost."""

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


class LostDeviceForm(KnownAccountForm):
    """The device of one of the staff, to be let go of."""
