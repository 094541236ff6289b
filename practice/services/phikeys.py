"""Bring every encrypted value under the newest of ``PHI_KEYS``, so that an old key can be thrown away."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from practice.actor import Actor
from practice.checks import is_tenant
from practice.encrypted import CannotDecrypt, EncryptedField, decrypt, encrypt
from practice.transactions import acting_in

STEP = 1_000
MFA_COLUMNS = ("secret", "seed")


@dataclass
class Rotation:
    """Values under the newest key already, encrypted anew, and those that no key opens ("table.column id")."""

    kept: int = 0
    renewed: int = 0
    lost: list[str] = field(default_factory=list)


def columns() -> list[tuple[Any, EncryptedField]]:
    """Every encrypted column of every tenant table: found from the models, so a new one joins by itself."""
    return [
        (model, column)
        for model in apps.get_models()
        if is_tenant(model)
        for column in model._meta.local_concrete_fields
        if isinstance(column, EncryptedField)
    ]


def is_newest(token: str) -> bool:
    """Whether the newest key opens it."""
    try:
        Fernet(settings.PHI_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def rotate(*, actor: Actor) -> Iterator[Rotation]:
    """Encrypt the actor's practice anew, ``STEP`` rows a transaction; yields the tally after each.

    Safe beside the running product (rows are locked while they change, and old keys still open what is not yet
    renewed) and safe to repeat: what is under the newest key is left alone.
    """
    tally = Rotation()
    for model, column in columns():
        last: uuid.UUID | None = uuid.UUID(int=0)
        while last is not None:
            with acting_in(actor.practice_id, actor=actor):
                last = _step(model._meta.db_table, column=column.column, after=last, actor=actor, tally=tally)
            yield tally


def _step(
    table: str, *, column: str | None, after: uuid.UUID, actor: Actor, tally: Rotation
) -> uuid.UUID | None:
    """Renew one step of a column; the last id looked at, None at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, "{column}" FROM "{table}" WHERE id > %s AND "{column}" <> \'\' '  # noqa: S608 (model names)
            "ORDER BY id LIMIT %s FOR NO KEY UPDATE",
            [str(after), STEP],
        )
        rows = cursor.fetchall()
        renewed = []
        for row_id, token in rows:
            if is_newest(token):
                tally.kept += 1
                continue
            try:
                plain = decrypt(token, practice_id=actor.practice_id, column=f"{table}.{column}")
            except CannotDecrypt:
                tally.lost.append(f"{table}.{column} {row_id}")
                continue
            sealed = encrypt(plain, practice_id=actor.practice_id, column=f"{table}.{column}")
            renewed.append((str(row_id), sealed))
        if renewed:
            cursor.execute(
                f'UPDATE "{table}" t SET "{column}" = given.token '  # noqa: S608 (model names)
                "FROM unnest(%s::uuid[], %s::text[]) AS given (id, token) WHERE t.id = given.id",
                [[row_id for row_id, _ in renewed], [token for _, token in renewed]],
            )
            tally.renewed += len(renewed)
    return rows[-1][0] if rows else None


def rotate_second_factors() -> Rotation:
    """The same for what allauth keeps of TOTP secrets and recovery codes; they belong to people, not practices."""
    tally = Rotation()
    for key in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=key)
            changed = False
            for name in MFA_COLUMNS:
                token = row.data.get(name)
                if not token or is_newest(token):
                    tally.kept += bool(token)
                    continue
                try:
                    plain = decrypt(token, practice_id="global", column="mfa")
                except CannotDecrypt:
                    tally.lost.append(f"mfa {name} {key}")
                    continue
                row.data[name] = encrypt(plain, practice_id="global", column="mfa")
                changed = True
                tally.renewed += 1
            if changed:
                row.save(update_fields=["data"])
    return tally
