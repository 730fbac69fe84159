"""Devices for the second step of signing in, and the codes that they show."""

import base64
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from enterprises.models import Account
from enterprises.services import second_factors

from .factories import NOW


def code_at(secret: str, at: datetime) -> str:
    clock = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return clock.generate(int(at.timestamp())).decode()


def with_device(person: Account, *, at: datetime = NOW) -> tuple[str, list[str]]:
    """The secret of a device that the person has set up, and its recovery codes."""
    secret = second_factors.begin(person)
    return secret, second_factors.confirm(person, code_at(secret, at), at=at)
