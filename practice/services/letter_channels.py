"""The ways a letter goes out. A new one is a class here and one action of the Resource, nothing else.

An e-mail never carries what a letter says about anybody: it says that a letter waits and how to get it. Only a
template marked "nothing personal" (and then refused every personal field) goes out in full. Online, the mail carries
an address that opens the letter with the addressee's date of birth (practice/services/letter_links.py).
"""

from __future__ import annotations

from typing import Protocol

from practice import jobs
from practice.actor import Actor
from practice.letter_subjects import Addressee
from practice.models import Letter, LetterStep

MAIL = "practice.letter_mail"


class Channel(Protocol):
    """``code`` and ``label`` of the way; the state a letter is in and the step that is kept once it is handed over."""

    code: str
    label: str
    state: Letter.State
    outcome: LetterStep.Outcome

    def refusal(self, to: Addressee) -> str:
        """Why this person cannot be reached this way, '' when they can."""
        ...

    def hand_over(self, letter: Letter, *, actor: Actor) -> None:
        """Let it go, in the caller's transaction: network and paper are the business of jobs and people."""
        ...


class Post:
    """Paper: the letter waits in the print queue until somebody prints and posts what is there."""

    code, label = "post", "post"
    state, outcome = Letter.State.QUEUED, LetterStep.Outcome.QUEUED

    def refusal(self, to: Addressee) -> str:
        return "" if to.lines else f"No address of {to.name} is known."

    def hand_over(self, letter: Letter, *, actor: Actor) -> None:
        """The queue is the state itself."""


class Email:
    """A mail by a job; what the mail server said is kept."""

    code, label = "email", "e-mail"
    state, outcome = Letter.State.MAILING, LetterStep.Outcome.TRIED

    def refusal(self, to: Addressee) -> str:
        return "" if to.email else f"No e-mail address of {to.name} is known."

    def hand_over(self, letter: Letter, *, actor: Actor) -> None:
        mail_soon(letter, actor=actor)


class Online:
    """A mail with an address that opens the letter. Its secret is made by the job that mails it and kept nowhere."""

    code, label = "web", "a link"
    state, outcome = Letter.State.MAILING, LetterStep.Outcome.TRIED

    def refusal(self, to: Addressee) -> str:
        if not to.email:
            return f"No e-mail address of {to.name} is known."
        return "" if to.born else f"No date of birth of {to.name} is known: nothing could open the letter."

    def hand_over(self, letter: Letter, *, actor: Actor) -> None:
        mail_soon(letter, actor=actor)


def mail_soon(letter: Letter, *, actor: Actor) -> None:
    """Queue the mail of this try, once."""
    tries = letter.steps.filter(outcome=LetterStep.Outcome.TRIED).count()
    jobs.enqueue(MAIL, actor=actor, key=f"{letter.pk}/{tries}", args={"letter_id": str(letter.pk)})


CHANNELS: dict[str, Channel] = {"post": Post(), "email": Email(), "web": Online()}
