from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from .logging import configure_structlog


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("系统")

    def ready(self) -> None:
        configure_structlog()
