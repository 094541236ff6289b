"""Requests made from the schema by schemathesis, sent straight into the WSGI application, each answer judged."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from practice.edges import HouseHandler
from tests.api.operations import Operation, operations, schema, shape
from tests.api.world import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
QUIET = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
VIOLATION = re.compile(r"(?:in |- )(\w+)(?::| -) violates `(\w+)`([^\n]*)")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class Traffic:
    """Sends cases and keeps what was found wrong, once for each kind of mistake."""

    def __init__(self, world: World, *, token: str) -> None:
        self.world, self.sent, self.statuses = world, 0, Counter[int]()
        self.found: dict[str, str] = {}
        self.headers = {"Authorization": f"Bearer {token}"}
        self.app = HouseHandler()
        self.schema = schemathesis.openapi.from_dict(schema())
        refused = self.schema.config.checks.negative_data_rejection
        # An ETag of nobody is refused before the body is looked at.
        refused.expected_statuses = [*refused.expected_statuses, "412"]

    def run(self, *, each: int, asked: Collection[str], number: int = 1) -> None:
        """``each`` cases of the operations asked, half of them meant to be right, half to be wrong."""
        known = {operation.id: operation for operation in operations()}
        for result in self.schema.get_all_operations():
            made = result.ok()
            operation = known[made.definition.raw["operationId"]]
            if operation.id not in asked:
                continue
            for mode in MODES:
                self._drive(made, operation, mode=mode, cases=max(1, each // 2), number=number)

    def _drive(self, made: Any, operation: Operation, *, mode: Any, cases: int, number: int) -> None:
        strategy = made.as_strategy(generation_mode=mode, path_parameters=self._path(operation))

        @seed(number)
        @settings(QUIET, max_examples=cases)
        @given(case=strategy, pick=st.integers(0, 4))
        def send(case: Any, pick: int) -> None:
            if mode is GenerationMode.POSITIVE:
                _point_at_rows(case.body, rows=self.world.ours, pick=pick)
            self._send(case, operation)

        send()

    def _path(self, operation: Operation) -> dict[str, str]:
        """Ids of rows that are there: a request for nothing tests nothing but 404."""
        names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
        values = self.world.addresses[shape(operation.path)].split("/")
        places = [place for place, part in enumerate(operation.path.split("/")) if part.startswith("{")]
        steps = operation.parameters("path")
        return {
            name: values[place]
            for name, place in zip(names, places, strict=True)
            if "enum" not in steps.get(name, {}).get("schema", {})
        }

    def _send(self, case: Any, operation: Operation) -> None:
        self.sent += 1
        try:
            response = case.call(app=self.app, base_url="http://testserver", headers=self.headers)
        except Exception as error:  # a bug that reached the server
            self.found.setdefault(f"{operation.id} {type(error).__name__}", f"{error}"[:600])
            return
        self.statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS, headers=self.headers)
        except FailureGroup as group:
            for failure in group.exceptions:
                if isinstance(failure, AcceptedNegativeData) and _is_right(
                    failure, response.request, operation
                ):
                    continue
                kind = f"{operation.id} {type(failure).__name__} {response.status_code}"
                self.found.setdefault(kind, _words(failure, response))


def _is_right(failure: Any, request: Any, operation: Operation) -> bool:
    """Whether everything that was meant to be wrong is right by the time it is sent: our own token stands for a broken
    one, of an added parameter with nothing in it nothing travels, and what one alternative forbids another may allow.
    """
    wrong = VIOLATION.findall(f"{failure}")
    sent = set(parse_qs(urlsplit(request.url).query, keep_blank_values=True))
    right = {
        "header": lambda rule, where: "Authorization" in where,
        "query": lambda rule, where: (
            rule == "additionalProperties" and sent <= set(operation.parameters("query"))
        ),
        "body": lambda rule, where: _fits(request.body, operation),
    }
    return bool(wrong) and all(part in right and right[part](rule, where) for part, rule, where in wrong)


def _fits(body: Any, operation: Operation) -> bool:
    whole = {**(operation.body or {}), "components": schema()["components"]}
    judge = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return bool(judge.is_valid(json.loads(body)))


def _words(failure: Any, response: Any) -> str:
    request = response.request
    body = request.body[:300] if request.body else b""
    return (
        f"{failure}"[:400]
        + f"\n  {request.method} {request.url[:300]} {body!r}\n  → {response.content[:300]!r}"
    )


def _point_at_rows(body: Any, *, rows: dict[str, list[str]], pick: int) -> None:
    """Random ids mean nothing: where a field is named after a model, one of its rows stands there."""
    if not isinstance(body, dict):
        return
    models = {label.rpartition(".")[2].lower(): ids for label, ids in rows.items() if ids}
    for name, value in body.items():
        known = models.get(name.replace("_", "")) or (
            models.get("appointmenttype") if name == "type" else None
        )
        if known and isinstance(value, str) and len(value) == 36:
            body[name] = known[pick % len(known)]
