"""What both kinds of settings share."""

from datetime import date
from importlib.util import find_spec
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from registry.logging import LOGGING as LOGGING

from .description import *
from .env import BASE_DIR as BASE_DIR
from .env import DEMO, DEMO_PASSWORD, HOME, HOST, PORT, TASK_WORKERS, WEB_THREADS, WEB_WORKERS, env
from .mail import *
from .papers import *

INSTALLED_APPS = [
    "registry",
    "ledger",
    "enterprises",
    "certification",
    "api",
    "registry.administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "csp",
    "django_structlog",
]

# The first three stand outermost: their headers are on every answer, errors and redirects included.
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "registry.middleware.BrowserHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "registry.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.middleware.SessionLimits",
    "registry.middleware.PasswordFirst",
    "registry.middleware.SecondStepFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "registry.middleware.Logged",
    "registry.refusals.Refusals",
    "registry.middleware.WhereFrom",
    "registry.middleware.PlainAddress",
    "registry.middleware.ReadableBody",
    "axes.middleware.AxesMiddleware",
    "registry.middleware.Busy",
]

ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.context.site",
                "certification.views.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "enterprises.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "enterprises.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "enterprises.views.accounts.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
# The staff's second step of signing in. Where it is not required, everybody may still choose it.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)
SECOND_FACTOR_MINUTES = 5  # between the password and the code
RECOVERY_CODES = 10
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = {"applicant": 30 * 60, "staff": 15 * 60}

# --- browser --------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"


def _package_dir(name: str) -> Path:
    """Where an installed package keeps its files, without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"package {name} is not installed")
    return Path(spec.submodule_search_locations[0])


# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", _package_dir("bootstrap")),
    ("vendor/bootstrap-icons", _package_dir("js_lib_bootstrap_icons") / "static/bootstrap-icons/font"),
]
EVIDENCE_ROOT = HOME / "evidence"
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024
EVIDENCE_MAX_FILES = 10  # for one paper of an application
EXPORT_ROOT = HOME / "exports"
EXPORT_DIRECT_ROWS = 5_000  # longer lists are written by a job
EXPORT_JOBS_AT_ONCE = 3  # of one account
EXPORT_DAYS_KEPT = 3
IMPORT_ROOT = HOME / "imports"
IMPORT_MAX_BYTES = 50 * 1024 * 1024
IMPORT_MAX_ROWS = 100_000
# What the process that reads a table may take: address space, processor seconds, seconds by the clock.
IMPORT_CHILD_MEMORY = 1024 * 1024 * 1024
IMPORT_CHILD_CPU_SECONDS = 60
IMPORT_CHILD_SECONDS = 120
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
KEYS_ROOT = HOME / "keys"

# --- several applications in one go ---------------------------------------------------------------
# A rejection is not among them: it ends a case, and its reasons are the enterprise's own.
BULK_ACTIONS = ("accept", "return", "recommend", "approve")
BULK_MAX_APPLICATIONS = 50
# Working days for putting right what an evaluation found, where the rulebook does not say.
FINDING_CORRECTION_DAYS = 30
# --- the ledger's checkpoints ---------------------------------------------------------------------
# The name under which this ledger signs; with its key it says to whoever holds a proof whose ledger it is from.
LEDGER_ORIGIN = env.str("LEDGER_ORIGIN", default="changzhou-ip-registry/ledger")
# Public keys (`name+id+key`) with which earlier checkpoints were signed.
LEDGER_FORMER_KEYS = env.list("LEDGER_FORMER_KEYS", default=[])
# PEM certificates of the keys that signed papers before the one in use: those papers stay genuine.
PDF_SIGNING_FORMER_CERTS = env.str("PDF_SIGNING_FORMER_CERTS", default="")
LEDGER_CHECKPOINTS = HOME / "checkpoints"
LEDGER_VERIFIED_AT_ONCE = 20_000  # entries; a longer ledger is verified by the worker

# --- the audit trail ------------------------------------------------------------------------------
AUDIT_TRAIL_DAYS = env.int("AUDIT_TRAIL_DAYS", default=1096)  # three years; never less than six months

SAVED_FILTERS_MAX = 12  # of one person for one list

# --- background work ------------------------------------------------------------------------------
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
# A worker renews the lease of what it holds every second (registry/lease.py). What a killed worker held
# is delivered again once its lease has run out, at most visibility_timeout + unacked_restore_interval later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 5,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "unacked_restore_limit": 1000,
    "unacked_mutex_expire": 5,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    # Of a publisher: one try. A request does not wait for a broker that is down (certification/messages.py).
    "max_retries": 0,
    "interval_start": 0,
}
CELERY_BEAT_SCHEDULE = {
    "fold-totals": {"task": "certification.fold_totals", "schedule": 10.0},
    "resume-jobs": {"task": "certification.resume_jobs", "schedule": 30.0},
    "heartbeat": {"task": "certification.heartbeat", "schedule": 30.0},
    "discard-exports": {"task": "certification.discard_exports", "schedule": crontab(hour=3, minute=40)},
    "ledger-checkpoint": {"task": "ledger.checkpoint", "schedule": 3600.0},
    "prune-trail": {"task": "enterprises.prune_trail", "schedule": crontab(hour=3, minute=40)},
    "tell-people": {"task": "certification.tell_people", "schedule": 10.0},
    "deliver-messages": {"task": "certification.deliver_messages", "schedule": 15.0},
    "render-documents": {"task": "certification.render_documents", "schedule": 15.0},
    "remind-of-limits": {"task": "certification.remind_of_limits", "schedule": crontab(hour="8-17", minute=30)},
    "mind-certificates": {"task": "certification.mind_certificates", "schedule": crontab(hour=6, minute=10)},
    "mind-titles": {"task": "certification.mind_titles", "schedule": crontab(hour=6, minute=20)},
    "mind-corrections": {"task": "certification.mind_corrections", "schedule": crontab(hour=6, minute=30)},
    "nightly-recount": {"task": "certification.nightly_recount", "schedule": crontab(hour=2, minute=15)},
}
HEARTBEAT_STALE_SECONDS = 90
TOTALS_LAG_SECONDS = 120
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"AUTO_REFRESH": False, "TOKEN_LIMIT_PER_USER": 20}

# --- this registry --------------------------------------------------------------------------------
DEMO_DATA = DEMO
DEMO_ACCOUNT_PASSWORD = DEMO_PASSWORD
ACCOUNT_PASSWORD = env.str("REGISTRY_PASSWORD", default="")  # of `manage.py account create`
REGISTRY_HOME = HOME
# Nothing that the registry counts is older: the patent law came into force in April 1985.
EARLIEST_ACHIEVEMENT = date(1985, 4, 1)
SERVE_HOST = HOST
SERVE_PORT = PORT
SERVE_WEB_WORKERS = WEB_WORKERS
SERVE_WEB_THREADS = WEB_THREADS
SERVE_TASK_WORKERS = TASK_WORKERS
