"""The kinds of notices: what people can be told of. Each app names its own as ``NOTICES`` in ``<app>/notices.py``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from practice.discovery import modules


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A kind of notice. ``label`` ends the sentence "Tell me when …"; ``subject`` is all that its mail says.

    urgent: told in the app whatever the member chose (a failed approval, a breach clock), never silenced.
    """

    code: str
    label: str
    subject: str
    by_mail: bool = False
    urgent: bool = False


NOTICES = (
    NoticeKind(
        code="practice.mentioned", label="somebody mentions me", subject="You were mentioned", by_mail=True
    ),
    NoticeKind(
        code="practice.assigned", label="work is given to me", subject="Work was given to you", by_mail=True
    ),
    NoticeKind(
        code="practice.escalated",
        label="work is passed up to me",
        subject="Work was passed up to you",
        by_mail=True,
    ),
    NoticeKind(
        code="practice.approval",
        label="somebody asks for my approval",
        subject="An approval waits for you",
        by_mail=True,
    ),
    NoticeKind(
        code="practice.decided",
        label="a request of mine is decided",
        subject="Your request was decided",
        by_mail=True,
    ),
    NoticeKind(code="practice.announced", label="something is announced", subject="There is an announcement"),
    NoticeKind(code="practice.message", label="a phone message is for me", subject="A message waits for you"),
)


@lru_cache(maxsize=1)
def kinds() -> dict[str, NoticeKind]:
    """Every kind of the house by its code, in ladder order."""
    return {kind.code: kind for module in modules("notices") for kind in getattr(module, "NOTICES", ())}
