"""An outside virus scanner, if the deployment names one (``UPLOAD_SCANNER``). Without one nothing is called clean."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from kit.errors import DomainError


class Scanner(Protocol):
    """What ``UPLOAD_SCANNER`` names: a callable that says what it found, '' for nothing. Raises OSError when away."""

    def __call__(self, content: bytes) -> str:
        """The name of what was found, or ''."""


def scan(content: bytes) -> str:
    """``not_scanned`` without a scanner or when it is away, ``clean`` when it found nothing.

    Raises DomainError (field ``file``) when it found something: then nothing is kept.
    """
    if not settings.UPLOAD_SCANNER:
        return "not_scanned"
    scanner: Scanner = import_string(settings.UPLOAD_SCANNER)
    try:
        found = scanner(content)
    except OSError:
        return "not_scanned"
    if found:
        raise DomainError(f"The virus scanner refused this file: {found[:80]}.", field="file")
    return "clean"
