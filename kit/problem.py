"""Every refusal of the API as problem+json (RFC 9457): what was wrong, in the same words as on the page."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from kit import ports
from kit.errors import Conflict, DomainError, StepUpNeeded

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not this method",
    409: "It conflicts with what is there",
    412: "The record has changed",
    413: "Too large",
    415: "Not this content type",
    422: "The values are not accepted",
    428: "A condition is required",
    429: "Too many requests",
    503: "Not available right now",
}


class FieldProblem(serializers.Serializer[Any]):
    """One field and what to do about it; an empty field means the whole request."""

    field = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """The body of every refusal."""

    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # Serializer.errors is hidden
    alternatives = serializers.ListField(child=serializers.CharField(), required=False)


def problem(
    status: int, *, detail: str = "", errors: list[dict[str, str]] | None = None, **more: Any
) -> Response:
    """A refusal as an answer."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(status, "Refused"), "status": status}
    body |= {"detail": detail} if detail else {}
    body |= {"errors": errors} if errors else {}
    return Response({**body, **more}, status=status, content_type=CONTENT_TYPE)


def errors_of(mistakes: Mapping[str, Any]) -> list[dict[str, str]]:
    """Form or serializer errors as a flat list."""
    return [
        {"field": "" if name in ("__all__", "non_field_errors") else name, "message": str(message)}
        for name, messages in mistakes.items()
        for message in (messages if isinstance(messages, list | tuple) else [messages])
    ]


def _forbidden(error: Exception) -> Response:
    if isinstance(error, StepUpNeeded):
        return problem(403, detail="Confirm it is you first: sign in again in the browser, then repeat this")
    permission = getattr(error, "permission", "")
    more: dict[str, Any] = (
        {"permission": permission, "roles": list(ports.holders(permission))} if permission else {}
    )
    return problem(403, detail="Your role does not include this", **more)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: None lets a real bug become a 500."""
    more: dict[str, Any] = {}
    if isinstance(error, DomainError):
        errors = [{"field": error.field or "", "message": error.message}]
        if isinstance(error, Conflict) and error.alternatives:
            more = {"alternatives": list(error.alternatives)}
        return problem(error.status, detail=error.message, errors=errors, **more)
    if isinstance(error, PermissionDenied | StepUpNeeded):
        context["request"]._request.failure = error  # the middleware logs refusals, DRF would hide this one
        return _forbidden(error)
    if isinstance(error, Http404):
        return problem(404)
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail
        mistakes = detail if isinstance(detail, dict) else {"": detail}
        return problem(422, detail="Some values are not accepted", errors=errors_of(mistakes))
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    answer = problem(response.status_code, detail=str(error.detail))
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response.headers:
            answer[header] = response.headers[header]
    return answer
