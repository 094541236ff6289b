"""The outermost checks: what no view should have to see, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils.http import parse_header_parameters

from practice.refusals import is_api

CHARSETS = ("utf-8", "utf8", "us-ascii")
SAFE = ("GET", "HEAD")
FORM = "application/x-www-form-urlencoded"
# Nothing of ours looks, listens, pays or asks where somebody is; passkeys are for our own pages.
POLICY = ", ".join(
    [
        *(f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "midi")),
        *(f"{feature}=()" for feature in ("payment", "serial", "usb", "xr-spatial-tracking")),
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
    ]
)


class HouseRequest(WSGIRequest):
    """Django's request, which is UTF-8 whatever its sender calls it.

    Django reads the address with the charset of the Content-Type already in its constructor, where nothing
    catches what Python says to "hex" or "rot13". ``AddressMiddleware`` refuses such a charset with 400.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class HouseHandler(WSGIHandler):
    """Django's handler with our request."""

    request_class = HouseRequest


class EdgesMiddleware:
    """Refuses NUL characters and foreign charsets with 400; adds the headers Django has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class HeadMiddleware:
    """Has every view that answers GET answer HEAD too (RFC 9110 9.3.2), whatever methods its decorator names.

    Only the view takes the request for a GET: what counts openings and writes logs still sees a HEAD, and the server
    leaves the body out. REST framework does that by itself. The innermost middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.method
        try:
            return self.get_response(request)
        finally:
            request.method = asked

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The view is found: for a page, HEAD is GET from here on."""
        if request.method == "HEAD" and not is_api(request):
            request.method = "GET"


class AddressMiddleware(CommonMiddleware):
    """Django's, but only a page that is read is ever redirected to the address with a slash.

    A redirected POST would arrive as a GET, and a machine should mend its address.
    """

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Refuse what PostgreSQL cannot store or no browser of ours sends, before anybody reads it."""
        found = super().process_request(request)
        if found is None:
            _check_length(request)
            _check_charset(request)
            _check_nul(request)
        return found

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Never for the API and never for a write."""
        readable = request.method in SAFE and not is_api(request)
        return readable and bool(super().should_redirect_with_slash(request))


def _check_length(request: HttpRequest) -> None:
    """Django reads the length as a number without asking whether it is one."""
    given = request.META.get("CONTENT_LENGTH") or "0"
    if not (given.isascii() and given.isdigit()):
        raise BadRequest("Say the length of the body as a number")


def _check_charset(request: HttpRequest) -> None:
    """Python knows "hex" and "idna" as charsets and fails on them; our pages are UTF-8."""
    given = request.content_params.get("charset", "") if request.content_params else ""
    if given and given.lower() not in CHARSETS:
        raise BadRequest("Send UTF-8")


def _check_nul(request: HttpRequest) -> None:
    """No text column takes a NUL, and psycopg fails on it."""
    texts = [request.path_info, *request.COOKIES, *request.COOKIES.values()]
    query = request.META.get("QUERY_STRING", "")
    body = request.body if request.content_type == FORM else b""
    if any("\0" in text for text in texts) or "%00" in query or "\0" in query or b"%00" in body:
        raise BadRequest("No address and no form of ours has a NUL character")
