"""The banner of every page while a restricted record stands open: which one, until when, and the way to close it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from patients.selectors import break_glass


def context(request: HttpRequest) -> dict[str, Any]:
    """``open_records`` for the frame of the page; nothing for almost everybody, and then without a query.

    The record's number stands there, not the name: the banner follows its reader to every screen.
    """
    actor = getattr(request, "actor", None)
    if actor is None or not actor.opened:
        return {}
    return {"open_records": break_glass.living(actor)}
