"""What a password must be, in the words of these pages (Django's own have no Chinese in this version)."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """As many characters as the settings say."""

    def get_error_message(self) -> str:
        return _("密码太短，至少 %(least)s 个字符。") % {"least": self.min_length}

    def get_help_text(self) -> str:
        return _("密码至少 %(least)s 个字符。") % {"least": self.min_length}
