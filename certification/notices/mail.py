"""A message as a mail: plain text, one recipient, links from SITE_BASE_URL only (never from a request's Host)."""

import re
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.models import Account

from ..models import Delivery
from .wording import Letter, put_into_words

LANGUAGE = settings.LANGUAGE_CODE  # an account has no language of its own
ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


def mail_of(delivery: Delivery, recipient: Account, *, language: str = LANGUAGE) -> EmailMessage:
    """The mail of a delivery; BadHeaderError or ValueError at the sending, if an address hides another header."""
    with translation.override(language):
        letter = put_into_words([delivery.message], recipient)[0]
        body = text_of(letter)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    # The same delivery has the same number, however often it is tried: a mailbox may know a copy by it.
    headers = {"Message-ID": f"<registry-delivery-{delivery.pk}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(letter.title, body, settings.DEFAULT_FROM_EMAIL, [recipient.email], headers=headers)


def text_of(letter: Letter) -> str:
    """The body, in the language of now."""
    address = f"{settings.SITE_BASE_URL}{letter.path}" if settings.SITE_BASE_URL and letter.path else ""
    parts = [
        _("您好："),
        letter.text,
        _("请登录系统办理或查看：%(address)s") % {"address": address} if address else _("请登录系统办理或查看。"),
        "\n".join([_("常州市知识产权局"), _("常州市企业知识产权认证登记系统")]),
        _("本邮件由系统自动发送，请勿直接回复。"),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def masked_address(address: str) -> str:
    """zh***@example.cn: enough to tell a wrong address, not enough to write to it."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:2]}***@{domain}" if name else "***"


def masked_reason(error: Exception) -> str:
    """What went wrong, without the addresses that servers repeat."""
    said = ADDRESS.sub(lambda found: masked_address(found[0]), f"{type(error).__name__}: {error}")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())[:200]
