from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .language import catalogue


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = _("企业档案")

    def ready(self) -> None:
        """The rules that know no Django speak the reader's language all the same."""
        catalogue.translate, catalogue.language = gettext, get_language
        autodiscover_modules("receivers")
