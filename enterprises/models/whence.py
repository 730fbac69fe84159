"""From where a change came: what every row of a history has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..origin import Channel


class Whence(models.Model):
    """Base of what keeps from where it came. Empty: written before this was kept."""

    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, blank=True, default="", db_default="")
    address = models.CharField(_("来源地址"), max_length=45, blank=True, default="", db_default="")

    class Meta:
        abstract = True
