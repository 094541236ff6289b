"""What the hand-made pages of remittances, denials and accounts share: refusals as pages, filters by id."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from kit.errors import DomainError
from kit.views import gate

View = Callable[..., HttpResponse]


def refusing(view: View) -> View:
    """Turn a domain refusal into its page; the status rolls the request back."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return gate.declined(request, error=error)

    return inner


def id_in(request: Any, *, name: str) -> str:
    """A record's id from the address, '' when there is none or it is no id."""
    try:
        return str(uuid.UUID(request.GET.get(name, "")))
    except ValueError:
        return ""
