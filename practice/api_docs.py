"""The API described: the OpenAPI document, made once per process, and a page to read it.

The page is ours, not Swagger's: that one writes style attributes, which our Content-Security-Policy refuses.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from kit.problem import TITLES

NEVER_SAID = (
    "400",
    "401",
    "403",
    "406",
    "413",
    "415",
    "429",
    "500",
    "503",
)  # every operation can answer them


@lru_cache(maxsize=1)
def _text() -> bytes:
    made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return bytes(OpenApiJsonRenderer().render(made))


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    return dict(json.loads(_text()))


@require_GET
@cache_control(public=True, max_age=300)
def openapi(request: HttpRequest) -> HttpResponse:
    """The document itself, as JSON."""
    return HttpResponse(_text(), content_type="application/vnd.oai.openapi+json")


@require_GET
@cache_control(public=True, max_age=300)
def docs(request: HttpRequest) -> HttpResponse:
    """The same in words: operations by app, with what they take and answer."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for operation in _operations():
        groups.setdefault(operation["tag"], []).append(operation)
    always = [(code, TITLES[int(code)]) for code in NEVER_SAID]
    return render(request, "practice/api_docs.html", {"groups": sorted(groups.items()), "always": always})


def _operations() -> Iterator[dict[str, Any]]:
    for path, methods in schema()["paths"].items():
        for method, spec in methods.items():
            content = spec.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield {
                "id": spec["operationId"],
                "tag": spec.get("tags", ["other"])[0],
                "method": method.upper(),
                "path": path.replace("/p/{practice}/api/v1/", ""),
                "words": spec.get("description", ""),
                "tables": [
                    ("Headers", _parameters(spec, where="header")),
                    ("Parameters", _parameters(spec, where="query")),
                    ("Body", _fields(content.get("schema", {}))),
                ],
                "answers": [
                    (code, TITLES.get(int(code), "Done"))
                    for code in spec["responses"]
                    if code not in NEVER_SAID
                ],
            }


def _parameters(spec: dict[str, Any], *, where: str) -> list[dict[str, Any]]:
    return [
        {
            "name": each["name"],
            "kind": _kind(each.get("schema", {})),
            "required": each.get("required", False),
            "words": each.get("description", ""),
        }
        for each in spec.get("parameters", ())
        if each["in"] == where
    ]


def _found(node: dict[str, Any]) -> dict[str, Any]:
    """A schema behind its reference."""
    name = node.get("$ref", "").rpartition("/")[2]
    return dict(schema()["components"]["schemas"][name]) if name else node


def _fields(node: dict[str, Any]) -> list[dict[str, Any]]:
    known = _found(node)
    required = known.get("required", ())
    return [
        {
            "name": name,
            "kind": _kind(each),
            "required": name in required,
            "words": each.get("description", "").partition("\n")[0],
        }
        for name, each in known.get("properties", {}).items()
    ]


def _kind(node: dict[str, Any]) -> str:
    """A type in words: "date", "text, at most 60", "one of new, open"."""
    known = _found(node)
    for joined in ("allOf", "oneOf", "anyOf"):
        if joined in known:
            return _kind(known[joined][0])
    if known.get("type") == "array":
        return f"list of {_kind(known.get('items', {}))}"
    if "enum" in known:
        return "one of " + ", ".join(str(each) for each in known["enum"] if each not in ("", None))
    kind = known.get("format") or {"string": "text", "integer": "whole number"}.get(
        known.get("type", ""), known.get("type", "any")
    )
    return f"{kind}, at most {known['maxLength']}" if "maxLength" in known else str(kind)
