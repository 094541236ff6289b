"""/statusz: how the installation is doing, for its operator. Counts, ages and ids; nothing of a patient."""

from __future__ import annotations

import base64
import binascii
import hmac
import shutil
import tomllib
from typing import Any

import django
from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kit import clock
from practice import metrics, probes
from practice.selectors import operating
from practice.services.backups import recorded

OPERATOR = "operator"


@require_safe
def statusz(request: HttpRequest) -> HttpResponse:
    """The figures as a page for a browser, as JSON for a monitor. 503 while the database is away.

    Opened by OPERATOR_TOKEN, as a bearer token or as the password of "operator"; without one set there is no page.
    """
    if not settings.OPERATOR_TOKEN:
        raise Http404
    if not _is_operator(request):
        refused = HttpResponse("The operator's token is needed.\n", status=401, content_type="text/plain")
        refused["WWW-Authenticate"] = 'Basic realm="Wellrun status", charset="UTF-8"'
        return refused
    figures = everything()
    status = 200 if figures["database"] else 503
    if "text/html" in request.headers.get("Accept", ""):
        response = render(request, "practice/status.html", {"figures": _rows(figures)}, status=status)
    else:
        response = JsonResponse(figures, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _is_operator(request: HttpRequest) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, given = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        if name != OPERATOR:
            return False
    elif kind.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode(), settings.OPERATOR_TOKEN.encode())


def everything() -> dict[str, Any]:
    """All figures; what the database would tell is null while it is away."""
    disk = shutil.disk_usage(settings.STATE)
    figures: dict[str, Any] = {
        "at": clock.system_now().isoformat(timespec="seconds"),
        "versions": {"wellrun": version_of_wellrun(), "django": django.get_version()},
        "database": None,
        "redis": probes.redis_answers(),
        "disk": {"free_bytes": disk.free, "free_percent": round(100 * disk.free / disk.total, 1)},
        "web": metrics.since_start(),
        "backup": recorded() or None,
    }
    try:
        figures["database"] = operating.figures()
    except Error as error:
        connection.close()
        figures["database_error"] = type(error).__name__
    return figures


def version_of_wellrun() -> str:
    """The product's version, as the source tree says."""
    project = tomllib.loads((settings.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _rows(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Sections of label and value for the page, one for each group of figures."""
    plain = {name: value for name, value in figures.items() if not isinstance(value, dict)}
    groups = {"Now": plain} | {name: value for name, value in figures.items() if isinstance(value, dict)}
    return [{"title": _words(name), "rows": list(_flat(values))} for name, values in groups.items()]


def _flat(values: dict[str, Any], *, before: str = "") -> list[tuple[str, str]]:
    rows = []
    for name, value in values.items():
        label = f"{before}{_words(name)}"
        if isinstance(value, dict):
            rows += _flat(value, before=f"{label}: ") or [(label, "none")]
        elif isinstance(value, list):
            rows += [(f"{label} {number}", _line(one)) for number, one in enumerate(value, start=1)]
        else:
            rows.append((label, _line(value)))
    return rows


def _line(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_words(name).lower()} {_line(one)}" for name, one in value.items())
    if value is None:
        return "none yet"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize() if name.islower() and "." not in name else name
