"""Addresses of notes on records and of reading announcements; ``practice.urls`` mounts them."""

from typing import Any

from django.urls import path

from practice.api import notes as api
from practice.views import announcements, notes

practice_patterns: list[Any] = [
    path("records/<str:kind>/<uuid:pk>/notes/", notes.notes, name="notes"),
    path("notes/<uuid:note_id>/correct/", notes.correct, name="note_correct"),
    path("notes/<uuid:note_id>/pin/", notes.pin, name="note_pin"),
    path("announcements/<uuid:announcement_id>/read/", announcements.read, name="announcement_read"),
]
api_urlpatterns: list[Any] = [
    path("records/<str:kind>/<uuid:pk>/notes/", api.Notes.as_view(), name="notes"),
    path("notes/<uuid:note_id>/correct/", api.Correct.as_view(), name="note_correct"),
    path("notes/<uuid:note_id>/pin/", api.Pin.as_view(), name="note_pin"),
    path("notes/<uuid:note_id>/unpin/", api.Unpin.as_view(), name="note_unpin"),
]
