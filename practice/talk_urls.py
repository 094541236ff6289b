"""Addresses of notes on records and of reading announcements; ``practice.urls`` mounts them."""

from typing import Any

from django.urls import path

from practice.views import announcements, notes

practice_patterns: list[Any] = [
    path("records/<str:kind>/<uuid:pk>/notes/", notes.notes, name="notes"),
    path("notes/<uuid:note_id>/correct/", notes.correct, name="note_correct"),
    path("notes/<uuid:note_id>/pin/", notes.pin, name="note_pin"),
    path("announcements/<uuid:announcement_id>/read/", announcements.read, name="announcement_read"),
]
