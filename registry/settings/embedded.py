"""The embedded default: SQLite, a broker on a unix socket, everything below REGISTRY_HOME."""

from .base import *
from .env import HOME, HOST, env, runtime_dir
from .keys import fernet_key, own_secret, signing_seed

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", HOST, *env.list("ALLOWED_HOSTS", default=[])]

SECRET_KEY = env.str("SECRET_KEY", default="") or own_secret(HOME / "keys" / "secret_key")
FIELD_KEY = fernet_key(env.str("FIELD_KEY", default="") or own_secret(HOME / "keys" / "field_key"))
LEDGER_SEED = signing_seed(env.str("LEDGER_KEY", default="") or own_secret(HOME / "keys" / "ledger_key"))

# No key given: one of a self-made authority signs, and the paper says that this is no electronic seal.
PDF_SIGNING_KEY = env.str("PDF_SIGNING_KEY", default="")
PDF_SIGNING_CERT = env.str("PDF_SIGNING_CERT", default="")
PDF_SEAL_NOTE = env.str("PDF_SEAL_NOTE", default="" if PDF_SIGNING_KEY else "系统自签，非电子印章")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "registry.sqlite3",
        "TEST": {"NAME": str(HOME / "test.sqlite3")},
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # recursive_triggers: REPLACE INTO must meet the ledger's DELETE trigger.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            ),
        },
    }
}

REDIS_URL = env.str("REDIS_URL", default="")
BROKER_DIR = HOME / "broker"
BROKER_SOCKET = None if REDIS_URL else runtime_dir() / "broker.sock"
BROKER_PING_URL = REDIS_URL or f"unix://{BROKER_SOCKET}"
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{BROKER_SOCKET}"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# Static files straight from the installed packages: no build step on a newcomer's machine.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Plain HTTP on this machine only; the embedded default is no public service.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
