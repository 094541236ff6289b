"""Where the files of an import come from: a folder on the server, an uploaded archive, one uploaded sheet."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings

from kit.errors import DomainError
from kit.sheet_reader import Limits, Row, Sheet, open_sheet

UPLOAD_BYTES = 50 * 1024 * 1024
UNPACKED_BYTES = 500 * 1024 * 1024
RATIO = 100  # CSV shrinks 10 to 20 times; what shrinks a hundred times is a bomb
MEMBERS = 60
EXPORT = Limits(bytes=UNPACKED_BYTES, rows=20_000_000)  # another system's whole export, streamed
SHEET = Limits(bytes=20 * 1024 * 1024, rows=20_000)  # one sheet that a person uploads


class Source(Protocol):
    """Named CSV files that can be read from the start as often as needed."""

    def names(self) -> list[str]:
        """File names without folder and endings: patients, claims."""

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file."""


class Folder:
    """``patients.csv`` or ``patients.csv.gz`` in a folder of the server."""

    def __init__(self, path: Path) -> None:
        self.files = {_bare(found.name): found for found in sorted(path.iterdir()) if _bare(found.name)}

    def names(self) -> list[str]:
        return list(self.files)

    def open(self, name: str) -> IO[bytes]:
        path = self.files[name]
        opener: Any = gzip.open if path.name.lower().endswith(".gz") else open
        opened: IO[bytes] = opener(path, "rb")
        return opened


class Archive:
    """The CSV files of a zip in memory; folders inside it are ignored, nothing is ever unpacked to disk."""

    def __init__(self, content: bytes) -> None:
        try:
            self.packed = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile as error:
            raise DomainError(
                "This ZIP file cannot be read. Pack the CSV files again.", field="upload"
            ) from error
        self.members = {_bare(one.filename): one for one in self.packed.infolist() if _bare(one.filename)}

    def names(self) -> list[str]:
        return list(self.members)

    def open(self, name: str) -> IO[bytes]:
        return self.packed.open(self.members[name])


def _bare(name: str) -> str:
    """``x/Patients.csv.gz`` is patients; '' for what is no CSV file."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    for ending in (".csv.gz", ".csv"):
        if last.endswith(ending) and not last.startswith("."):
            return last.removesuffix(ending)
    return ""


def rows(source: Source, *, name: str) -> Iterator[Row]:
    """The rows of a file of known headings, however it is written. Cells too many stand under the key ''."""
    yield from _sheet(source, name=name).rows()


def columns(source: Source, *, name: str) -> list[str]:
    """The headings of a file."""
    return list(_sheet(source, name=name).headings)


def _sheet(source: Source, *, name: str) -> Sheet:
    return open_sheet(lambda: source.open(name), heading_row=1, limits=EXPORT)


def pack(upload: IO[bytes], *, name: str) -> bytes:
    """An uploaded ZIP, or one gzipped or plain CSV file, as a checked ZIP. Raises DomainError with what to do."""
    content = upload.read(UPLOAD_BYTES + 1)
    if len(content) > UPLOAD_BYTES:
        raise DomainError(
            "Upload at most 50 MB. Larger exports go into the import folder of the server.", field="upload"
        )
    if not content:
        raise DomainError("This file is empty.", field="upload")
    if not content.startswith(b"PK\x03\x04"):
        content = _pack_one(content, name=name)
    _check_archive(content)
    return content


def _pack_one(content: bytes, *, name: str) -> bytes:
    if not _bare(name):
        raise DomainError("Upload a ZIP of CSV files, or one file ending in .csv or .csv.gz.", field="upload")
    if content.startswith(b"\x1f\x8b"):
        content = _gunzip(content)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{_bare(name)}.csv", content)
    return packed.getvalue()


def _gunzip(content: bytes) -> bytes:
    limit = min(UNPACKED_BYTES, max(len(content) * RATIO, 1024 * 1024))
    try:
        with gzip.open(io.BytesIO(content)) as file:
            plain = file.read(limit + 1)
    except (OSError, EOFError) as error:
        raise DomainError("This gzip file cannot be read. Pack it again.", field="upload") from error
    if len(plain) > limit:
        raise DomainError(
            "This file unpacks to too much. Put it into the import folder of the server.", field="upload"
        )
    return plain


def _check_archive(content: bytes) -> None:
    """Read every member once, counting bytes: sizes in a ZIP's directory may lie."""
    archive = Archive(content)
    if not archive.members:
        raise DomainError("There is no CSV file in this ZIP.", field="upload")
    if len(archive.packed.infolist()) > MEMBERS:
        raise DomainError(f"Pack at most {MEMBERS} files into one ZIP.", field="upload")
    limit, total = min(UNPACKED_BYTES, max(len(content) * RATIO, 1024 * 1024)), 0
    try:
        for member in archive.members.values():
            with archive.packed.open(member) as file:
                while block := file.read(1024 * 1024):
                    total += len(block)
                    if total > limit:
                        message = "This ZIP unpacks to too much. Put the files into the import folder of the server."
                        raise DomainError(message, field="upload")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise DomainError(
            "This ZIP file cannot be read. Pack the CSV files again.", field="upload"
        ) from error


def allowed_folders() -> list[Path]:
    """Folders of the server a page may import from: those of IMPORT_FOLDERS that hold CSV files, and theirs."""
    found: list[Path] = []
    for root in settings.IMPORT_FOLDERS:
        if not Path(root).is_dir():
            continue
        inside = [path for path in sorted(Path(root).iterdir()) if path.is_dir()]
        found += [path.resolve() for path in (Path(root), *inside) if Folder(path).names()]
    return found
