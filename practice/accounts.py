"""allauth's adapters: who may sign up, how tries are counted and answered, and secrets encrypted with our keys."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from practice import stepup, trail
from practice.devices import device_words
from practice.encrypted import decrypt, encrypt
from practice.models import User
from practice.sessions import UNKNOWN_ADDRESS

WAIT_FOR_LIMITS = 60  # seconds: allauth's other limits are counted by the minute


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by an invitation or with a practice of their own (``views_signup``), never by allauth's form."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email or the password is not right. Check both and try again.",
        "incorrect_password": "That is not your password. Try again.",
        "incorrect_code": "That code is not right, or it was used already. Wait for the next one.",
        "enter_current_password": "That is not your present password. Try again.",
        "duplicate_email": "This is your email already. Enter the one to change to.",
        "too_many_login_attempts": "Too many wrong codes. Wait 15 minutes, then sign in again.",
        "rate_limited": "Too many tries. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Users have no names to sign in with: the e-mail is it."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer's address; requests made inside the program have none."""
        return request.META.get("REMOTE_ADDR") or UNKNOWN_ADDRESS

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in. The address people sign in with is their proven one: invitations went there."""
        keep_address(user)
        super().login(request, user)
        trail.note(request, "sign_in", user=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and say so in the trail."""
        trail.note(request, "sign_out", user=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong e-mail or password: the trail tells who was tried, never what was typed."""
        trail.note(request, "sign_in_failed", typed=str(credentials.get("email") or ""))

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Mail the link, and keep that it was asked for."""
        trail.note(self.request, "password_reset_asked", user=user)
        super().send_password_reset_mail(user, email, context)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; a locked e-mail (known or not) is told when to come back, with 429."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            trail.note(request, "sign_in_locked", typed=str(credentials.get("email") or ""))
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ImmediateHttpResponse(locked(request, seconds=_wait(request, key=key))) from error

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in of the last ten minutes is as good as a confirmation."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        return bool(required) and not stepup.is_recent(self.request)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Change to a confirmed address, unless somebody else signs in with it."""
        taken = User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id)
        if taken.exists():
            self.add_message(
                request,
                messages.ERROR,
                message="This address belongs to another account. Nothing was changed.",
            )
            return False
        return bool(super().confirm_email(request, email_address))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account" if self.request.user.is_authenticated else "account_login")


def keep_address(user: Any) -> None:
    """Make sure that the address a person signs in with is on allauth's list, proven and the first."""
    if not EmailAddress.objects.filter(user=user, primary=True).exists():
        EmailAddress.objects.update_or_create(
            user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
        )


def _wait(request: HttpRequest, *, key: str) -> int:
    """Seconds until the oldest counted try is forgotten."""
    found = [1.0]
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        name = ratelimit.get_cache_key(
            request, app="allauth.account", action="login_failed", rate=rate, key=key
        )
        tries = cache.get(name, [])
        if len(tries) >= rate.amount:
            found.append(tries[-1] + rate.duration - time.time())
    return round(max(found))


def locked(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """429: too many tries, and when the next one is taken."""
    context = {"minutes": max(1, -(-seconds // 60)), "request_id": getattr(request, "id", "")}
    response = render(request, "account/locked.html", context, status=429)
    response["Retry-After"] = str(max(1, seconds))
    return response


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """allauth's answer when one of its limits by the minute is reached."""
    return locked(request, seconds=WAIT_FOR_LIMITS)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery seeds are never stored in the clear."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right, or it was used already. Wait for the next one.",
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """What a new key is called until its owner says otherwise: the browser it was added with."""
        return device_words(self.request.META.get("HTTP_USER_AGENT", ""))

    def encrypt(self, text: str) -> str:
        return encrypt(text, practice_id="global", column="mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, practice_id="global", column="mfa")
