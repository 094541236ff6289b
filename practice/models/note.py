"""Notes on any record: written once, corrected by a newer note, never changed."""

from django.db import models

from practice.models.people import Membership
from practice.models.work import RecordRef
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Note(AppendOnlyModel):
    """What somebody wrote about a record. A correction is a note that ``replaces`` it; the old one stays readable."""

    ref = TenantForeignKey(RecordRef, models.PROTECT, related_name="notes")
    text = models.TextField()
    author = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    replaces = TenantForeignKey("self", models.PROTECT, related_name="replaced_by", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "replaces"],
                name="one_correction_per_note",
                violation_error_message="This note was corrected already",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="a_note_says_something"),
        ]
        indexes = [models.Index(fields=["practice", "ref", "-id"], name="notes_of_record")]

    def __str__(self) -> str:
        return self.text[:60]


class NoteMention(AppendOnlyModel):
    """A member whom a note names. ``told``: they may see the record and were told of it."""

    note = TenantForeignKey(Note, models.PROTECT, related_name="mentions")
    member = TenantForeignKey(Membership, models.PROTECT, related_name="+")
    told = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "note", "member"], name="one_mention_per_member")
        ]

    def __str__(self) -> str:
        return f"@{self.member}"


class NotePin(TenantModel):
    """A note that stays on top of its record's notes."""

    note = TenantForeignKey(Note, models.PROTECT, related_name="pins")
    pinned_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "note"], name="one_pin_per_note")]

    def __str__(self) -> str:
        return f"Pinned: {self.note}"
