"""allauth's two adapters: who may sign up, and secrets encrypted with our keys."""

from __future__ import annotations

import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from practice.encrypted import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by an invitation of a practice; there is no public sign-up unless SIGNUP=open."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return os.environ.get("SIGNUP", "invite") == "open"

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Users have no names to sign in with: the e-mail is it."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery seeds are never stored in the clear."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, practice_id="global", column="mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, practice_id="global", column="mfa")
