"""The one way to a PDF: a template, our print style sheet, no network, no files, tagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string

ROOT: Final = Path(__file__).resolve().parent.parent
STYLES: Final = (ROOT / "static" / "dist" / "pdf.css", ROOT / "assets" / "css" / "pdf.css")
VARIANT: Final = "pdf/ua-1"
APT: Final = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class PdfUnavailable(RuntimeError):
    """Pango is not installed on this machine; the message names the command that installs it.

    A job fails with it at once: trying again mends nothing (``practice.worker``).
    """


def render_pdf(template: str, context: Mapping[str, Any], *, title: str) -> bytes:
    """Render a template (it extends `shell/pdf.html`) to a PDF/UA-1 file; `title` is the document's title.

    Only `data:` addresses are followed. Raises PdfUnavailable without Pango. Never call it inside a
    transaction or a web request: about 0.2 s and 5 MB a page, 1.2 s for the first import.
    """
    written: bytes = _document(template, context, title=title).write_pdf(pdf_variant=VARIANT)
    return written


def render_pdfs(template: str, contexts: Sequence[Mapping[str, Any]], *, title: str) -> bytes:
    """Several documents of one template in one file, each with page numbers of its own."""
    documents = [_document(template, context, title=title) for context in contexts]
    pages = [page for document in documents for page in document.pages]
    written: bytes = documents[0].copy(pages).write_pdf(pdf_variant=VARIANT)
    return written


def _document(template: str, context: Mapping[str, Any], *, title: str) -> Any:
    """A template laid out in pages."""
    weasyprint = _weasyprint()
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    html = render_to_string(template, {**context, "title": title})
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    sheet = weasyprint.CSS(string=stylesheet(), url_fetcher=fetcher)
    return document.render(stylesheets=[sheet], pdf_variant=VARIANT)


def stylesheet() -> str:
    """The print style sheet: the built one, or its source before the first build."""
    found = next(path for path in STYLES if path.is_file())
    return found.read_text(encoding="utf-8")


def _weasyprint() -> Any:
    """Import late: it takes a second and needs Pango."""
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailable(f"PDF needs Pango. Install it with: {APT}") from error
    return weasyprint
