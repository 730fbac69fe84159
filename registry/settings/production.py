"""Production: PostgreSQL and Redis by URL, secrets from the environment or from files.

What would make it unsafe stops it here, before it serves anything.
"""

import stat

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .env import DEMO, env, secret_files
from .keys import fernet_key, signing_seed

DEBUG = False


def _secret(name: str) -> str:
    value = env.str(name, default="")
    if len(value) < 50 or len(set(value)) < 8 or value.startswith("django-insecure"):
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set to at least 50 random characters")
    return value


for _path in secret_files():
    if _path.stat().st_mode & stat.S_IROTH:
        raise ImproperlyConfigured(f"{_path} is readable by everyone: chmod o-r it")

SECRET_KEY = _secret("SECRET_KEY")
FIELD_KEY = fernet_key(_secret("FIELD_KEY"))
LEDGER_SEED = signing_seed(_secret("LEDGER_KEY"))

# The bureau's own key and certificate (PEM; the certificates above it may follow). What stands in the seal's place is
# the bureau's to say: with nothing there, room is left for a seal by hand.
PDF_SIGNING_KEY = env.str("PDF_SIGNING_KEY", default="")
PDF_SIGNING_CERT = env.str("PDF_SIGNING_CERT", default="")
PDF_SEAL_NOTE = env.str("PDF_SEAL_NOTE", default="")
if "PRIVATE KEY-----" not in PDF_SIGNING_KEY or "BEGIN CERTIFICATE-----" not in PDF_SIGNING_CERT:
    raise ImproperlyConfigured(
        "PDF_SIGNING_KEY and PDF_SIGNING_CERT (or …_FILE) must be the PEM texts of the key that signs certificates"
    )
if not SITE_BASE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("SITE_BASE_URL must say where the QR codes of certificates lead: https://…")

if DEMO:
    raise ImproperlyConfigured("DEMO=1 makes accounts with a published password: refused outside the embedded default")

# The loopback address is there for the health check of the process's own machine.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=["localhost"]), "127.0.0.1"]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; '*' is refused")

DATABASES = {"default": env.db_url("DATABASE_URL")}
if _password := env.str("DATABASE_PASSWORD", default=""):
    DATABASES["default"]["PASSWORD"] = _password
DATABASES["default"].update({"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True})
# Compiling takes longer than what it saves: nothing here computes much for each row.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
BROKER_SOCKET = None
BROKER_PING_URL = REDIS_URL
CELERY_BROKER_URL = REDIS_URL
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_ROOT = env.path("STATIC_ROOT", default=str(STATIC_ROOT))

BEHIND_TLS = env.bool("BEHIND_TLS", default=True)
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
