"""The incoming folder: one file at a time is taken in, then put into done/ or refused/. Nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from billing.models import RemittanceFile
from billing.services import remittances
from billing.services.remittances import LARGEST_FILE
from kit.errors import Conflict, DomainError
from practice import jobs
from practice.actor import Actor
from practice.models import Practice

DONE, REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: the folder it goes to, and why it was refused."""

    folder: str
    note: str = ""


def folder_of(practice: Practice) -> Path:
    """Where a practice's files arrive."""
    return Path(settings.INCOMING) / practice.slug


def waiting(practice: Practice) -> list[Path]:
    """Files that lie there, by name. Half-written ones begin with a dot; links are not followed."""
    folder = folder_of(practice)
    if not folder.is_dir():
        return []
    found = (path for path in folder.iterdir() if not path.name.startswith(".") and not path.is_symlink())
    return sorted(path for path in found if path.is_file())


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, else Latin-1, which every byte is."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def upload(*, file: UploadedFile[Any], actor: Actor) -> RemittanceFile:
    """Take in a file that a person hands over; its state and problems say what became of it."""
    return remittances.receive(decoded(file.read()), name=file.name or "upload", actor=actor)


def run(job: jobs.Job) -> dict[str, int]:
    """Take in every waiting file, each in a transaction of its own; returns how many went where.

    A run that died between the transaction and the move finds its file known, and only moves it.
    """
    with job.step(read_only=True):
        practice = Practice.objects.get(pk=job.practice_id)
    counts = {DONE: 0, REFUSED: 0}
    files = waiting(practice)
    for done, path in enumerate(files, start=1):
        try:
            taken = _take(path, job=job)
            put_away(path, folder=taken.folder)
        except FileNotFoundError:
            continue  # another look took it in meanwhile
        counts[taken.folder] += 1
        job.progress(done, total=len(files), note=path.name)
    return counts


def _take(path: Path, *, job: jobs.Job) -> Taken:
    if path.stat().st_size > LARGEST_FILE:
        return Taken(REFUSED, "larger than 20 MB")
    content = decoded(path.read_bytes())
    try:
        with job.step() as actor:
            file = remittances.receive(content, name=path.name, actor=actor)
    except Conflict as known:
        return Taken(DONE, known.message)
    except DomainError as error:
        return Taken(REFUSED, error.message)
    return Taken(REFUSED if file.state == RemittanceFile.State.REFUSED else DONE, file.error)


def put_away(path: Path, *, folder: str) -> None:
    """Move a file into a folder beside it, by rename; a name that is taken gets a number."""
    target = path.parent / folder
    target.mkdir(exist_ok=True, mode=0o700)
    place, number = target / path.name, 1
    while place.exists():
        number += 1
        place = target / f"{path.stem}-{number}{path.suffix}"
    path.replace(place)
