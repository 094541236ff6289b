"""How every operation describes itself: all its statuses, its headers, its parameters and an example.

What ``kit.keyed`` refuses by construction stands in the schema by construction: nobody lists it by hand.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from kit import paging, problem

CLOCK_SCHEMA = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"}
KEY_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"}
MATCH_SCHEMA = {"type": "string", "minLength": 1, "pattern": "^[!-~ ]+$"}
ALWAYS = (400, 401, 403, 404, 406, 429, 500, 503)
WRITES = (409, 412, 413, 415, 422, 428)
EXAMPLES = {
    400: "This address does not know the parameter “colour”. It knows none",
    401: "Send a valid token",
    403: "Your role does not include this",
    404: "There is nothing at this address, or it is not yours to see",
    406: "Ask for application/json",
    409: "Somebody was faster: that time has just been taken",
    412: "The record has changed since you read it: read it again, then repeat the change",
    413: "Send at most 1,000,000 bytes",
    415: "Send JSON as UTF-8",
    422: "Some values are not accepted",
    428: "Send If-Match with the ETag you read, so that no change is lost",
    429: "Too many requests: come back in 12 seconds",
    500: "Tell us the request_id",
    503: "The database did not answer in time. Nothing was done: try again",
}
RETRY = {
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}},
}


def example(status: int) -> dict[str, Any]:
    """A refusal of that status as it looks."""
    errors = [{"field": "starts_on", "message": "Send a date like 2026-03-04"}] if status == 422 else None
    return problem.body_of(status, detail=EXAMPLES[status], errors=errors) | {"request_id": "3f9c1a7be042"}


def refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A drf-spectacular hook: the refusals every operation points to, said once."""
    shared = {}
    for status in (*ALWAYS, *WRITES):
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example(status)}
        shared[f"Refused{status}"] = {
            "description": problem.TITLES[status],
            **({"headers": RETRY} if status in (429, 503) else {}),
            "content": {problem.CONTENT_TYPE: content},
        }
    result.setdefault("components", {})["responses"] = shared
    return result


class WallClock(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A time of day at a location: RFC 3339's "time" would ask for a zone, and a clock on the wall has none."""

    target_class = "rest_framework.serializers.TimeField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return dict(CLOCK_SCHEMA)


class HouseSchema(AutoSchema):
    """drf-spectacular's description, with what being a ``KeyedView`` means added to each operation."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:  # type: ignore[override]
        """The operation with every status it can answer."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            self.resolve_serializer(problem.Problem(), "response")
            own = operation["responses"]
            for status in self._statuses(operation):
                own.setdefault(str(status), {"$ref": f"#/components/responses/Refused{status}"})
            operation["responses"] = dict(sorted(own.items()))
            operation.setdefault("summary", _first_sentence(operation.get("description", "")))
        return operation

    def _statuses(self, operation: dict[str, Any]) -> tuple[int, ...]:
        if self.method != "GET":
            return (*ALWAYS, *WRITES)
        asked = any(each["in"] == "query" for each in operation.get("parameters", ()))
        return (*ALWAYS, 422) if asked else ALWAYS

    def get_override_parameters(self) -> Any:
        """Headers and parameters that the view's declaration asks for."""
        found: list[Any] = []
        view: Any = self.view
        query = getattr(view, "query", None)
        if self.method == "GET" and query is not None:
            found.append(query)
        if self.method == "GET" and getattr(view, "paged", False):
            found += paging.DESCRIBED
        if self.method == "POST" and hasattr(view, "needs_key"):
            found.append(_key_header(required=view.needs_key(method="POST")))
        if self.method != "GET" and hasattr(view, "needs_match") and view.needs_match(method=self.method):
            found.append(_match_header(required=True))
        return found

    def _get_response_for_code(
        self, serializer: Any, status_code: str, media_types: Any = None, direction: Any = "response"
    ) -> dict[str, Any]:
        """Refusals are problem+json, and every answer says in words what it is."""
        refused = status_code >= "400"
        if serializer is problem.Problem and refused:
            return {"$ref": f"#/components/responses/Refused{status_code}"}
        if refused:
            media_types = [problem.CONTENT_TYPE]
        made: dict[str, Any] = super()._get_response_for_code(  # type: ignore[no-untyped-call]
            serializer, status_code, media_types, direction
        )
        if not made.get("description") and not isinstance(serializer, OpenApiResponse):
            made["description"] = problem.TITLES[int(status_code)] if refused else "Done"
        return made

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """A body takes the fields it declares and no others; an answer may hold an empty e-mail address."""
        made: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if direction == "request":
            made["additionalProperties"] = False
            return made
        for each in made.get("properties", {}).values():
            if each.get("format") == "email":
                del each["format"]
        return made


def _first_sentence(text: str) -> str:
    return text.split("\n")[0].split(". ")[0].split(": ")[0].rstrip(".")


def _key_header(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "Idempotency-Key",
        KEY_SCHEMA,
        OpenApiParameter.HEADER,
        required=required,
        description="Any text of your own, new for each request: a repeated one is answered, not done again",
    )


def _match_header(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "If-Match",
        MATCH_SCHEMA,
        OpenApiParameter.HEADER,
        required=required,
        description="The ETag you read: somebody else's change in between answers 412",
    )
