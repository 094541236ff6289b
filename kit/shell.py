"""Which frame a page is put in."""

from __future__ import annotations

from django.http import HttpRequest

PANEL_TARGET = "panel-body"
PANEL = "shell/panel.html"


def layout_for(request: HttpRequest) -> str:
    """`shell/panel.html` when the page is wanted inside the side panel, else `base.html`.

    A view gives it to its template as `layout`; the template starts with `{% extends layout %}`.
    """
    return PANEL if request.headers.get("HX-Target") == PANEL_TARGET else "base.html"
