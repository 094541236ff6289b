"""Every refusal of the API as problem+json (RFC 9457): what was wrong, in the same words as on the page."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.core import exceptions as django
from django.db import DataError, IntegrityError
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from kit import ports
from kit.errors import Conflict, DomainError, StepUpNeeded, from_any_integrity

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
INDEX_ROW_TOO_LARGE = "54000"
TITLES = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not this method",
    406: "Not in this form",
    409: "It conflicts with what is there",
    412: "The record has changed",
    413: "Too large",
    415: "Not this content type",
    422: "The values are not accepted",
    428: "A condition is required",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "Not available right now",
}


class FieldProblem(serializers.Serializer[Any]):
    """One field and what to do about it; an empty field means the whole request."""

    field = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """The body of every refusal."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    request_id = serializers.CharField(help_text="What to tell us when you ask about it")
    detail = serializers.CharField(required=False, help_text="What was wrong and what to do")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # Serializer.errors is hidden
    alternatives = serializers.ListField(child=serializers.CharField(), required=False)
    permission = serializers.CharField(required=False, help_text="What the actor's role does not include")
    roles = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Roles that include it"
    )


def body_of(status: int, *, detail: str = "", errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """A refusal as JSON values."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(status, "Refused"), "status": status}
    body |= {"detail": detail} if detail else {}
    return body | ({"errors": errors} if errors else {})


def problem(
    status: int, *, detail: str = "", errors: list[dict[str, str]] | None = None, **more: Any
) -> Response:
    """A refusal as an answer."""
    body = body_of(status, detail=detail, errors=errors)
    return Response({**body, **more}, status=status, content_type=CONTENT_TYPE)


def errors_of(mistakes: Mapping[str, Any], *, path: str = "") -> list[dict[str, str]]:
    """Form or serializer errors as a flat list; a field inside a list is ``lines.0.code``."""
    return [{"field": field, "message": message} for field, message in _flat(mistakes, path=path)]


def _flat(mistakes: Any, *, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(mistakes, Mapping):
        for name, inner in mistakes.items():
            whole = name in ("__all__", "non_field_errors")
            yield from _flat(inner, path=path if whole else f"{path}.{name}".lstrip("."))
    elif isinstance(mistakes, list | tuple):
        for number, inner in enumerate(mistakes):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flat(inner, path=f"{path}.{number}".lstrip(".") if nested else path)
    else:
        yield path, str(mistakes)


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
    if isinstance(error, django.PermissionDenied | StepUpNeeded):
        context["request"]._request.failure = error  # the middleware logs refusals, DRF would hide this one
        return _forbidden(error)
    if isinstance(error, Http404):
        return problem(404, detail="There is nothing at this address, or it is not yours to see")
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error.detail)
    return _of_the_database(error) or _of_the_request(error) or _of_drf(error, context)


def _invalid(detail: Any) -> Response:
    return problem(422, detail="Some values are not accepted", errors=errors_of(detail))


def _of_the_database(error: Exception) -> Response | None:
    """What PostgreSQL refused to keep. A database that is away is no refusal: ``practice.away`` answers 503."""
    if isinstance(error, IntegrityError):
        refused = from_any_integrity(error)
        log.warning("the database refused a write: %s", getattr(refused, "message", type(error).__name__))
        return problem(409, detail=refused.message if refused else "Another record stands against this")
    too_long = getattr(error.__cause__, "pgcode", "") == INDEX_ROW_TOO_LARGE
    if isinstance(error, DataError) or too_long:
        log.warning("a value does not fit its column: %s", type(error.__cause__).__name__)
        return problem(422, detail="A value is too long or too large to be kept")
    return None


def _of_the_request(error: Exception) -> Response | None:
    if isinstance(error, django.ValidationError):
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return _invalid(named)
    if isinstance(error, django.RequestDataTooBig):
        return problem(413, detail="Send fewer bytes")
    if isinstance(error, django.SuspiciousOperation | django.BadRequest):
        return problem(400, detail="The request cannot be read")
    return None


def _of_drf(error: Exception, context: dict[str, Any]) -> Response | None:
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    answer = problem(response.status_code, detail=str(error.detail))
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response.headers:
            answer[header] = response.headers[header]
    return answer
