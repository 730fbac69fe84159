from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from .papers import authority as authority  # its check of the signing key


class CertificationConfig(AppConfig):
    name = "certification"
    verbose_name = _("贯标与认定")
