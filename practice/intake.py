"""What an uploaded file may be, judged by its content (ARCHITECTURE.md 11). Knows no table and no storage.

Pictures are drawn anew, which drops positions, cameras and whatever was glued behind them; archives and documents
that could run or unpack to too much are refused; a name must agree with what the content is.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from kit.errors import DomainError

TAKEN = "Attach a PDF, PNG, JPEG, ZIP or plain text file."
# What content begins with, its type, and the endings its name may have. What is not listed is not taken.
MAGIC: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", ("pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"PK\x03\x04", "application/zip", ("zip", "xlsx", "docx", "pptx")),
)
TEXT_ENDINGS = ("txt", "csv", "tsv", "log", "md", "835", "837", "x12", "edi", "eob", "json")
PIXELS = 40_000_000
ENTRIES, UNPACKED, RATIO = 1_000, 200 * 1024 * 1024, 100
ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
ACTIVE_TEXT = re.compile(r"<\s*(script|html|svg|iframe|object|embed|!doctype|\?xml|\?php)", re.IGNORECASE)
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
INFLATED_EACH, INFLATED_ALL = 2 * 1024 * 1024, 32 * 1024 * 1024


@dataclass(frozen=True)
class Judged:
    """A file that is taken: its bytes as they will be kept, its type and its cleaned name."""

    content: bytes
    content_type: str
    name: str


def judge(content: bytes, *, name: str) -> Judged:
    """Decide what a file is. Raises DomainError (field ``file``) in words for whatever is not taken."""
    plain_name = clean_name(name)
    content_type, endings = _kind(content)
    ending = plain_name.rpartition(".")[2].lower() if "." in plain_name else ""
    if ending and ending not in endings:
        raise _refused(f"{plain_name} ends in .{ending[:10]}, but its content is {content_type}. {TAKEN}")
    if content_type.startswith("image/"):
        content = _drawn_anew(content, content_type=content_type)
    elif content_type == "application/pdf":
        _check_pdf(content)
    elif content_type == "application/zip":
        _check_zip(content)
    return Judged(content=content, content_type=content_type, name=plain_name)


def clean_name(name: str) -> str:
    """The last part of a client's path, without control signs; never used as a path, only shown."""
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(sign for sign in last if sign.isprintable() and sign not in '<>"|:*?').strip(" .")
    return shown[-200:] or "file"


def _refused(message: str) -> DomainError:
    return DomainError(message, field="file")


def _kind(content: bytes) -> tuple[str, tuple[str, ...]]:
    for magic, content_type, endings in MAGIC:
        if content.startswith(magic):
            return content_type, endings
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(TAKEN) from None
    if "\x00" in text or ACTIVE_TEXT.search(text):
        raise _refused(TAKEN)
    return "text/plain", TEXT_ENDINGS


def _drawn_anew(content: bytes, *, content_type: str) -> bytes:
    """The same picture as a fresh file."""
    form = "PNG" if content_type == "image/png" else "JPEG"
    drawn = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns about a picture that is a bomb
            with Image.open(io.BytesIO(content), formats=(form,)) as picture:
                if picture.width * picture.height > PIXELS:
                    raise _refused(f"The picture has more than {PIXELS // 1_000_000} million pixels.")
                upright = ImageOps.exif_transpose(picture)
                if form == "JPEG":
                    upright.convert("RGB").save(drawn, form, quality=90)
                else:
                    upright.save(drawn, form)
    except DomainError:
        raise
    except (UnidentifiedImageError, Warning, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise _refused("This picture cannot be read. Save it again as PNG or JPEG.") from None
    return drawn.getvalue()


def _check_pdf(content: bytes) -> None:
    """Refuse a document that can run something; names may be spelt with #xx and lie in packed streams."""
    if ACTIVE_TEXT.search(content[:1024].decode("latin-1")):
        raise _refused("This PDF is a web page as well. Print it to a new PDF.")
    left = INFLATED_ALL
    for part in [content, *(found.group(1) for found in STREAM.finditer(content))]:
        spelt = part if part is content else _inflated(part, limit=min(INFLATED_EACH, left))
        left -= 0 if part is content else len(spelt)
        spelt = re.sub(rb"#([0-9A-Fa-f]{2})", lambda hexed: bytes([int(hexed[1], 16)]), spelt)
        if ACTIVE_PDF.search(spelt):
            raise _refused("This PDF contains scripts, programs or other files. Print it to a new PDF.")
        if left <= 0:
            raise _refused("This PDF unpacks to too much. Print it to a new PDF.")


def _inflated(part: bytes, *, limit: int) -> bytes:
    """The beginning of a packed stream; empty when it is not packed, or packed as a picture."""
    try:
        return zlib.decompressobj().decompress(part.strip(b"\r\n"), max(limit, 1))
    except zlib.error:
        return b""


def _check_zip(content: bytes) -> None:
    """Refuse what does not open, has too many parts, climbs out of its folder, or unpacks to too much."""
    limit, total = min(UNPACKED, max(len(content) * RATIO, 1024 * 1024)), 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES:
                raise _refused(f"Pack at most {ENTRIES:,} files into one ZIP.")
            for entry in entries:
                if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[\\/]", entry.filename):
                    raise _refused("This ZIP holds files outside of its own folder.")
                with archive.open(entry) as part:
                    while block := part.read(1024 * 1024):  # sizes in the directory may lie
                        total += len(block)
                        if total > limit:
                            raise _refused("This ZIP unpacks to too much.")
    except DomainError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error, ValueError):
        raise _refused("This ZIP file cannot be read. Pack it again without a password.") from None
