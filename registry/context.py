"""What every page knows: the names of the site, whether it shows demo data, today."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SITE_NAME = _("常州市企业知识产权认证登记系统")
BUREAU_NAME = _("常州市知识产权局")


def site(request: HttpRequest) -> dict[str, Any]:
    """The `site` of every template."""
    return {
        "site": {
            "name": SITE_NAME,
            "bureau": BUREAU_NAME,
            "is_demo": settings.DEMO_DATA,
            "today": timezone.localdate(),
            "languages": settings.LANGUAGES,
        }
    }
