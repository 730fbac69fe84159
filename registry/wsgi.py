"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from .bodies import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")

application = whole_bodies(get_wsgi_application())
