"""A text column encrypted at rest; the key lives outside the database (settings.FIELD_KEY)."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(key: str) -> Fernet:
    return Fernet(key)


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Stores a Fernet token; empty stays empty. Not searchable, by intention."""

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return ""
        return _cipher(settings.FIELD_KEY).encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        if not value:
            return ""
        return _cipher(settings.FIELD_KEY).decrypt(value.encode()).decode()
