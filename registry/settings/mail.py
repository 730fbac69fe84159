"""How mail goes out: by SMTP as EMAIL_URL says, or into files below REGISTRY_HOME in the embedded default.

    EMAIL_URL=smtp+tls://user:password@mail.example.gov.cn:587   (or EMAIL_URL_FILE)
    MAIL_FROM=registry@example.gov.cn

In production without EMAIL_URL no mail goes out at all, and nothing waits for it; people are told in the application.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .env import EMBEDDED, HOME, HOST, PORT, env

SCHEMES = ("smtp", "smtp+tls", "smtp+ssl", "filemail")
_url = env.str("EMAIL_URL", default="")
_scheme = urlsplit(_url).scheme if _url else "filemail"
if _scheme not in SCHEMES:
    raise ImproperlyConfigured(f"EMAIL_URL begins with one of {', '.join(SCHEMES)}, not with {_scheme!r}")
_given = env.email_url_config(_url) if _url else {"EMAIL_FILE_PATH": ""}
_own_files = str(HOME / "mail")

MAIL_ENABLED: bool = bool(_url) or EMBEDDED
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if _scheme == 'filemail' else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = f"/{_given['EMAIL_FILE_PATH'].lstrip('/')}" if _given["EMAIL_FILE_PATH"] else _own_files
EMAIL_HOST = _given.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _given.get("EMAIL_PORT") or {"smtp+tls": 587, "smtp+ssl": 465}.get(_scheme, 25)
EMAIL_HOST_USER = _given.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _given.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _scheme == "smtp+tls"
EMAIL_USE_SSL = _scheme == "smtp+ssl"
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs does not hold a worker
DEFAULT_FROM_EMAIL: str = env.str("MAIL_FROM", default="") or "registry@localhost"
SITE_BASE_URL: str = env.str("SITE_BASE_URL", default=f"http://{HOST}:{PORT}" if EMBEDDED else "").rstrip("/")

if _scheme != "filemail" and DEFAULT_FROM_EMAIL.endswith("@localhost"):
    raise ImproperlyConfigured("EMAIL_URL names a mail server: MAIL_FROM must say from which address mail comes")
if _scheme != "filemail" and not SITE_BASE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("EMAIL_URL names a mail server: SITE_BASE_URL must say where the links of a mail lead")

MAIL_BATCH = 50  # to one run of the task
MAIL_CLAIM_SECONDS = 600  # whoever tries a delivery has it for so long; a killed worker's is tried again then
MAIL_PAUSE_SECONDS = 30  # after a mail server that does not answer, for everything that waits
MAIL_BACKOFF_SECONDS = 60  # after a first failure; doubled each time
MAIL_BACKOFF_MOST_SECONDS = 6 * 3600
MAIL_ATTEMPTS = 20  # more than four days
REMIND_WORKING_DAYS_BEFORE = 2  # a time limit
# How many working days before the last day for a correction its enterprise is reminded of it.
CORRECTION_REMIND_WORKING_DAYS_BEFORE = (5, 1)
# How many days before a surveillance, an expiry or a conversion is due people are reminded of it.
CERTIFICATE_REMIND_DAYS_BEFORE = (90, 30, 7)
# How many days before a title is to be re-examined people are reminded of it.
TITLE_REMIND_DAYS_BEFORE = (90, 30, 7)
