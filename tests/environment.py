"""The environment of a test run. Imported first thing, before anything reads Django's settings.

Without DATABASE_URL the suite runs on the embedded default (SQLite), with it on that server; REDIS_URL
likewise. Every process of a run has a home of its own, so that nothing touches a developer's `var/`.
"""

import atexit
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
from celery import current_app
from django.conf import settings
from hypothesis import HealthCheck

from certification.papers.authority import self_made

HOME = Path(tempfile.mkdtemp(prefix="registry-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

GIVEN_DATABASE_URL = os.environ.get("DATABASE_URL", "")
GIVEN_REDIS_URL = os.environ.get("REDIS_URL", "")

os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "registry.settings",
        "REGISTRY_HOME": str(HOME),
        "DEMO": "0",
        "BEHIND_TLS": "0",
        "SECOND_FACTOR_REQUIRED": "0",  # its own tests turn it on
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop in the test's thread
    }
)
os.environ.setdefault("SECRET_KEY", "of-the-test-run-only-0123456789-abcdefghij-0123456789-abcdefghij")
os.environ.setdefault("LEDGER_KEY", "of-the-test-run-only-checkpoints-0123456789-abcdefghij-0123456789")
os.environ.setdefault("FIELD_KEY", "of-the-test-run-only-9876543210-jihgfedcba-9876543210-jihgfedcba")
os.environ.setdefault("SITE_BASE_URL", "https://ip.example.gov.cn")
os.environ.setdefault("PDF_SIGNING_KEY", self_made(at=datetime.now(UTC)).decode())
os.environ.setdefault("PDF_SIGNING_CERT", os.environ["PDF_SIGNING_KEY"])


def configure() -> None:
    """What tests change in the settings, whichever kind they are."""
    # How long an example takes tells of the machine and what else it does, not of the product: no test is timed.
    hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.settings.load_profile("untimed")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MAIL_ENABLED = True  # into Django's outbox of tests
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = None, True
    settings.CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"
    database = settings.DATABASES["default"]
    # Nobody reads a test's database after the machine has lost its power.
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    else:
        database["OPTIONS"]["options"] += " -c synchronous_commit=off"
        # Runs side by side on one server do not take each other's database.
        database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{os.getpid()}"
    if not GIVEN_REDIS_URL:
        current_app.conf.broker_url = "memory://"
    current_app.conf.task_always_eager = True
    current_app.conf.task_eager_propagates = True


def leave_it_to_the_workers() -> None:
    """A worker that inherited the settings' name would read them, with this process's home, before it has its own."""
    del os.environ["DJANGO_SETTINGS_MODULE"]
