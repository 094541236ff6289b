"""What hand-made pages share: a refusal that no form explains becomes a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from kit.errors import DomainError
from kit.views import gate

View = Callable[..., HttpResponse]


def declines(view: View) -> View:
    """Show a DomainError (a reused form key, nothing set up yet) in words and with its own status."""

    @wraps(view)
    def inner(request: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except DomainError as error:
            return gate.declined(request, error=error)

    return inner
