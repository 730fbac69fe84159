"""Logs: one JSON object a line, escaped, with personal data and secrets masked.

Everything goes to standard error; whoever starts the process decides where that ends up.
"""

import re
from typing import Any

import structlog

MASK = "***"
SECRET_NAME = re.compile(
    r"password|passwd|secret|token|authorization|cookie|session_?key|csrf|\botp|phone|mobile|id_?(number|card)|^args$|^kwargs$",
    re.IGNORECASE,
)
# A mobile number; a resident's ID number (17 digits with a plausible birth date, check character).
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
ID_NUMBER = re.compile(r"(?<!\d)(\d{6})(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}([\dXx])(?!\w)")
SECRET_IN_TEXT = re.compile(
    r"""((?:password|passwd|secret|token|otp)\w*["']?\s*[:=]\s*["']?)([^\s&,;'"}]+)""", re.IGNORECASE
)


def mask_text(text: str) -> str:
    """`text` without the personal data and secrets that show by their form."""
    text = ID_NUMBER.sub(r"\1********\2", text)
    text = PHONE.sub(r"\1****\2", text)
    return SECRET_IN_TEXT.sub(rf"\1{MASK}", text)


def mask(value: Any) -> Any:
    """`value` with the same done at every depth."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {key: MASK if SECRET_NAME.search(str(key)) else mask(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [mask(inner) for inner in value]
    return value


def mask_event(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """The structlog processor that stands right before the renderer."""
    masked: structlog.types.EventDict = mask(dict(event))
    return masked


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                mask_event,
                structlog.processors.JSONRenderer(),
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Requests and their failures are logged once, by django_structlog, with request id and account.
        "django.request": {"level": "CRITICAL"},
        "axes": {"level": "WARNING"},
        # django_structlog says when a task starts and how it ends; these would say it twice.
        "celery.app.trace": {"level": "ERROR"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # What they say of each table and each object is of no use here.
        "fontTools": {"level": "ERROR"},
        "pyhanko": {"level": "WARNING"},
        "pyhanko_certvalidator": {"level": "WARNING"},
    },
}


def configure_structlog() -> None:
    """Send structlog's own loggers through the standard library's handlers above."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
