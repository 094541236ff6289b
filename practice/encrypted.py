"""Columns that only the keys can read: tax ids, SSNs, portal secrets (ARCHITECTURE.md 11).

The ciphertext carries the practice and the column it was made for, so it cannot be moved to another row's
practice or another column. Keys come from ``PHI_KEYS`` (newest first), apart from SECRET_KEY.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class CannotDecrypt(Exception):
    """The value was made with a key we do not have, or for another practice or column."""


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("PHI_KEYS is empty: encrypted columns cannot be read or written.")
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(value: str, *, practice_id: Any, column: str) -> str:
    """Encrypt one value for one practice and column."""
    bound = json.dumps([str(practice_id), column, value])
    return _cipher(tuple(settings.PHI_KEYS)).encrypt(bound.encode()).decode()


def decrypt(token: str, *, practice_id: Any, column: str) -> str:
    """The value, or ``CannotDecrypt`` when keys, practice or column do not fit."""
    try:
        bound = json.loads(_cipher(tuple(settings.PHI_KEYS)).decrypt(token.encode()))
    except InvalidToken as error:
        raise CannotDecrypt(column) from error
    if bound[:2] != [str(practice_id), column]:
        raise CannotDecrypt(column)
    return str(bound[2])


def blind_index(value: str, *, practice_id: Any) -> str:
    """A keyed hash for equality search on an encrypted value; different in every practice."""
    message = f"{practice_id}|{value}".encode()
    return hmac.new(bytes.fromhex(settings.INDEX_KEY), message, hashlib.sha256).hexdigest()


class Ciphertext(str):
    """What an encrypted column holds: made by us or read from the table, never typed by anybody."""

    __slots__ = ()


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """Text that is ciphertext in the database. Assign plain text; read it with ``reveal(row, name)``.

    Reading the attribute of a loaded row gives the ciphertext, so no page or log shows it by accident. Plain text
    cannot reach the table: what would bypass ``pre_save`` (``update()``, raw values) is refused with a TypeError.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Mark what comes from the table."""
        return Ciphertext(value) if value else value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Encrypt what was assigned, for this row's practice and column."""
        value = getattr(model_instance, self.attname)
        if value and not isinstance(value, Ciphertext):
            column = self.column_path(model_instance)
            value = Ciphertext(encrypt(value, practice_id=model_instance.practice_id, column=column))
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Refuse plain text."""
        if isinstance(value, str) and value and not isinstance(value, Ciphertext):
            raise TypeError(f"{self.name} is encrypted: assign it to a row and save the row")
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        """Typed in one line, and marked so that no draft keeps it."""
        return super().formfield(**{"widget": forms.TextInput(attrs={"data-secret": ""}), **kwargs})

    def column_path(self, model_instance: Any) -> str:
        """What the ciphertext is bound to beside the practice."""
        return f"{model_instance._meta.db_table}.{self.column}"


def reveal(row: Any, name: str) -> str:
    """The plain text of an encrypted column of a row."""
    field = row._meta.get_field(name)
    token = getattr(row, name)
    return decrypt(token, practice_id=row.practice_id, column=field.column_path(row)) if token else ""
