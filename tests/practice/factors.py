"""People with passwords and authenticator apps, for the tests of signing in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from practice.models import User

WALL = "/wall/"  # a display is no person: its address is its own credential, and tested where it is built
PASSWORD = "a-long-word-for-the-tests"


def with_password(key: str, *, practice: str = "harbor") -> User:
    """One of the cast, who can sign in with PASSWORD."""
    user = User.objects.get(email=f"{key}@{practice}.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(secret: str, *, at: float | None = None) -> str:
    """What an authenticator app shows (RFC 6238: SHA-1, 30 seconds, six digits)."""
    counter = struct.pack(">Q", int(at if at is not None else time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    value = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{value % 10**6:06d}"


def with_app(user: User) -> str:
    """Give somebody an authenticator app with recovery codes; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def without_factors(user: User) -> None:
    """Take every second factor away."""
    Authenticator.objects.filter(user=user).delete()


def type_password(client: Client, *, email: str, password: str = PASSWORD, **extra: str) -> object:
    """Send the sign-in form."""
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)
