"""Pages leave compressed, unless somebody else's page asked for them (docs/security.md).

BREACH reads a secret out of the length of compressed answers: another site makes the browser ask many times with
guesses in the address. So an answer is compressed only where the browser itself says that the question came from our
own page or from the person (``Sec-Fetch-Site``, which no page can forge). On top of it the session cookie is
SameSite=Lax, the CSRF token is masked anew in every answer, and Django pads each answer by a random length.
"""

from __future__ import annotations

from typing import Final

from django.http.request import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

OURS: Final = frozenset({"same-origin", "none"})


class PageCompressionMiddleware(GZipMiddleware):
    """gzip for HTML. Files of ours are compressed once, by WhiteNoise; JSON and sheets leave as they are.

    An answer with an ETag stays as it is too: gzip would weaken the tag, and who polls compares it word by word.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress, or say only what the answer's form depends on."""
        html = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if not html:
            return response
        patch_vary_headers(response, ("Accept-Encoding", "Sec-Fetch-Site"))
        if response.has_header("ETag") or request.headers.get("Sec-Fetch-Site") not in OURS:
            return response
        return super().process_response(request, response)
