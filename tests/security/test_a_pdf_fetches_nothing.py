"""The PDF helper follows data: addresses only (STACK.md 4): no file of ours, no address of anybody's."""

import http.server
import io
import threading
import zlib

import pytest

from kit.pdf import PdfUnavailable, render_pdf

HITS: list[str] = []
SECRET = "the-secret-of-the-server-7731"


class Trap(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        HITS.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def trap():
    HITS.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def hostile(secret, trap):
    """Every way a document can ask for something."""
    return f"""
    {{% extends "shell/pdf.html" %}}{{% block content %}}
    <link rel="attachment" href="file://{secret}"><a rel="attachment" href="file://{secret}">x</a>
    <link rel="stylesheet" href="{trap}/style.css"><link rel="stylesheet" href="file://{secret}">
    <style>@import url("{trap}/import.css"); @font-face {{ font-family: x; src: url("{trap}/font.woff") }}
      body {{ background: url("{trap}/back.png"); font-family: x }} p::before {{ content: url("{trap}/before.png") }}
    </style>
    <img src="{trap}/img.png"><img src="file://{secret}"><object data="{trap}/object"></object>
    <embed src="file://{secret}"><img src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'
      xmlns:xlink='http://www.w3.org/1999/xlink'%3E%3Cimage xlink:href='{trap}/svg.png'/%3E%3C/svg%3E">
    <svg xmlns="http://www.w3.org/2000/svg"><image href="{trap}/inline.png"/><use href="file://{secret}#x"/></svg>
    <img src="ftp://127.0.0.1/x"><img src="//127.0.0.1/x"><img src="/etc/passwd"><p>Visible words</p>
    {{% endblock %}}"""


def test_nothing_is_read_and_nobody_is_called(trap, settings, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    (tmp_path / "hostile.html").write_text(hostile(secret, trap))
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]]}]
    try:
        written = render_pdf("hostile.html", {}, title="Hostile")
    except PdfUnavailable as missing:
        pytest.skip(str(missing))
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(written))
    assert "Visible words" in reader.pages[0].extract_text()
    assert not reader.attachments
    assert HITS == []
    whole = written
    for part in written.split(b"stream")[1:]:
        try:
            whole += zlib.decompressobj().decompress(part.strip(b"\r\n"))
        except zlib.error:
            continue
    assert SECRET.encode() not in whole
