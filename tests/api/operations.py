"""Every operation of the API, from the schema and from the resolver: nothing here is listed by hand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.test import Client
from django.urls import URLPattern, get_resolver

from practice.api_docs import schema

PRACTICE = "harbor"
NOWHERE = "01890000-0000-7000-8000-000000000000"
WRITES = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the schema says it."""

    id: str
    method: str
    path: str
    spec: dict[str, Any] = field(hash=False, compare=False)

    @property
    def statuses(self) -> set[int]:
        return {int(status) for status in self.spec["responses"]}

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of the request body."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return resolved(content["application/json"]["schema"]) if content else None

    def parameters(self, where: str) -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self.spec.get("parameters", ()) if each["in"] == where}

    def needs(self, header: str) -> bool:
        return bool(self.parameters("header").get(header, {}).get("required"))

    def address(self, ids: dict[str, str] | None = None, *, practice: str = PRACTICE) -> str:
        """The path with ids in it; unknown ones stand for nothing."""
        known = {"practice": practice, **(ids or {})}

        def fill(match: re.Match[str]) -> str:
            given = self.parameters("path").get(match[1], {}).get("schema", {})
            return known.get(match[1]) or (given.get("enum") or [NOWHERE])[0]

        return re.sub(r"{(\w+)}", fill, self.path)

    def headers(self, *, number: int = 0) -> dict[str, str]:
        """What the operation needs beside its body."""
        made = {"Idempotency-Key": f"test-{self.id}-{number}"} if self.needs("Idempotency-Key") else {}
        return made | ({"If-Match": "*"} if self.needs("If-Match") else {})


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """A schema behind its $ref."""
    while "$ref" in node:
        found: Any = schema()
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


@lru_cache(maxsize=1)
def operations() -> tuple[Operation, ...]:
    return tuple(
        Operation(id=spec["operationId"], method=method, path=path, spec=spec)
        for path, methods in sorted(schema()["paths"].items())
        for method, spec in sorted(methods.items())
    )


def shape(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def routes() -> set[tuple[str, str]]:
    """(method, path with {} for parameters) of every endpoint below api/v1/, as the resolver has it."""

    def walk(patterns: Any, route: str) -> Any:
        for entry in patterns:
            here = route + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield here, entry
            else:
                yield from walk(entry.url_patterns, here)

    found = set()
    for route, entry in walk(get_resolver().url_patterns, "/"):
        if "/api/v1/" in route:
            path = re.sub(r"<(?:\w+:)?\w+>", "{}", route).replace("^", "").replace("$", "")
            callback: Any = entry.callback
            actions = getattr(callback, "actions", None)
            view = getattr(callback, "cls", None) or callback.view_class
            named = actions or [name for name in view.http_method_names if hasattr(view, name)]
            found |= {(name, path) for name in named if name not in ("head", "options")}
    return found


def ask(client: Client, operation: Operation, *, address: str = "", body: Any = None, **headers: str) -> Any:
    """Send one operation; a given body is JSON, text or bytes."""
    data = body if isinstance(body, bytes | str) else json.dumps({} if body is None else body)
    sent = operation.headers() | {name.replace("_", "-"): value for name, value in headers.items()}
    if operation.method == "get":
        return client.get(address or operation.address(), headers=sent)
    return client.generic(
        operation.method.upper(), address or operation.address(), data, "application/json", headers=sent
    )


def is_problem(answer: Any) -> bool:
    """Whether an answer is a whole problem+json."""
    if answer["Content-Type"] != "application/problem+json":
        return False
    body = json.loads(answer.content)
    named = body["status"] == answer.status_code and body["title"] and body["type"] == "about:blank"
    return bool(named and body["request_id"] == answer["X-Request-Id"])


def kinds_of(node: dict[str, Any]) -> set[str]:
    """The JSON types a schema allows."""
    node = resolved(node)
    found: set[str] = set()
    for each in [*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())]:
        found |= kinds_of(each)
    kind = node.get("type", ())
    return found | ({kind} if isinstance(kind, str) else set(kind))
