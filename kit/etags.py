"""The version of a record, so that nobody overwrites what somebody else has just changed."""

import hashlib

from django.db import models

from kit.errors import Conflict, DomainError


class PreconditionRequired(DomainError):
    """If-Match is missing on a contested record."""

    status = 428


class PreconditionFailed(DomainError):
    """If-Match names a version that is gone."""

    status = 412


def etag_of(record: models.Model) -> str:
    """A strong entity tag from the key and the moment of the last change."""
    moment = getattr(record, "updated_at", None) or getattr(record, "created_at", None)
    return '"' + hashlib.sha256(f"{record.pk}|{moment}".encode()).hexdigest()[:20] + '"'


def check_match(header: str | None, *, record: models.Model, required: bool) -> None:
    """Compare an If-Match header; 428 when it is required and missing, 412 when the record is newer.

    The row is locked first: of two changes that name the same version, the second waits and is refused.
    """
    if not header:
        if required:
            raise PreconditionRequired("Send If-Match with the ETag you read, so that no change is lost")
        return
    if header.strip() == "*":
        return
    row = type(record)._base_manager.select_for_update(no_key=True).filter(pk=record.pk).first()
    if row is None or etag_of(row) not in [tag.strip() for tag in header.split(",")]:
        raise PreconditionFailed(
            "The record has changed since you read it: read it again, then repeat the change"
        )


def check_version(version: str | None, *, record: models.Model, singular: str) -> None:
    """The same for a page: the form carries the tag it was opened with, and the row is locked here too."""
    if not version:
        return
    row = type(record)._base_manager.select_for_update(no_key=True).filter(pk=record.pk).first()
    if row is None or version != etag_of(row):
        raise Conflict(
            f"Somebody changed this {singular} while you were editing. Check your entries, then save again"
        )
