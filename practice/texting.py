"""Text messages: the interface of a gateway, one that only logs, and one that speaks plain HTTPS.

Who may be texted, when and with which words is the business of the rooms that write; here a text goes to a number. What
a gateway answers is one of three: accepted, refused for good, or try again later. Never inside a transaction.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Literal, Protocol

from django.conf import settings

from practice import outbound

log = logging.getLogger(__name__)
SENT: Final[list[tuple[str, str, str]]] = []  # of the suite: number, words, reference
BUSY = 429
Outcome = Literal["accepted", "refused", "later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the gateway said: ``reference`` is its own name for the text, ``why`` is for people."""

    outcome: Outcome
    reference: str = ""
    why: str = ""


class TextGateway(Protocol):
    """``is_real`` is False when nobody's telephone rings."""

    is_real: bool

    def send(self, *, to: str, words: str, reference: str) -> Receipt:
        """Hand over one text for ten digits. ``reference`` is ours: the same one twice is the same text."""
        ...


class Logged:
    """Sends nothing: says in the log that there was a text, and puts it beside the mails of a demo to be looked at."""

    is_real = False

    def send(self, *, to: str, words: str, reference: str) -> Receipt:
        log.info("text %s of %d characters goes to nobody: no gateway is set up", reference, len(words))
        if settings.MODE == "test":
            SENT.append((to, words, reference))
        elif settings.MODE in ("demo", "dev"):
            _show(to=to, words=words, reference=reference)
        return Receipt(outcome="accepted", reference=reference)


class Http:
    """Posts ``{"to": "+1…", "text": "…", "reference": "…"}`` as JSON with a bearer token to one https address.

    Any 2xx is accepted (its ``id`` is kept), 429 and 5xx are tried again, everything else is a refusal. Whoever uses
    another gateway puts a small translator between, or writes a class like this one.
    """

    is_real = True

    def send(self, *, to: str, words: str, reference: str) -> Receipt:
        body = json.dumps({"to": f"+1{to}", "text": words, "reference": reference}).encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {settings.TEXT_GATEWAY_TOKEN}",
            "Idempotency-Key": reference,
        }
        if not settings.TEXT_GATEWAY_URL.startswith("https://"):
            return Receipt(outcome="refused", why="The gateway’s address is not https.")
        try:
            answer = outbound.call(settings.TEXT_GATEWAY_URL, method="POST", body=body, headers=headers)
        except outbound.Refused as error:
            return Receipt(outcome="refused", why=str(error))
        except OSError as error:
            return Receipt(outcome="later", why=f"The gateway could not be reached ({type(error).__name__}).")
        if answer.status == BUSY or answer.status >= 500:
            return Receipt(outcome="later", why=f"The gateway answered {answer.status}.")
        if not 200 <= answer.status < 300:
            return Receipt(outcome="refused", why=f"The gateway answered {answer.status}.")
        return Receipt(outcome="accepted", reference=_name_in(answer.body) or reference)


def gateway() -> TextGateway | None:
    """The gateway of this installation; None in production without one: a text that is only logged would be a lie."""
    if settings.TEXT_GATEWAY_URL:
        return Http()
    return None if settings.MODE == "production" else Logged()


def _name_in(body: bytes) -> str:
    """The gateway's own name for a text, '' when its answer holds none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("id") or "")[:80] if isinstance(found, dict) else ""


def _show(*, to: str, words: str, reference: str) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = f"+1{to}", "Text message"
    message.set_content(words)
    settings.MAILBOX.mkdir(parents=True, exist_ok=True)
    (settings.MAILBOX / f"text-{reference}.log").write_bytes(bytes(message))
