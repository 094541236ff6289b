"""Addresses of imports; ``practice.urls`` mounts them. The page of one stands in for the kit's: it comes first."""

from typing import Any

from django.urls import path

from practice.api import imports as api
from practice.views import imports

practice_patterns: list[Any] = [
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<uuid:pk>/", imports.import_run, name="import_run"),
    path("imports/<uuid:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<uuid:pk>/refused/<uuid:file_id>/<slug:form>/", imports.refused_rows, name="refused_rows"),
]
api_patterns: list[Any] = [
    path("imports/<uuid:pk>/columns/", api.Columns.as_view(), name="import_columns"),
    path("imports/<uuid:pk>/progress/", api.Progress.as_view(), name="import_progress"),
    path("imports/<uuid:pk>/refused/", api.Refused.as_view(), name="import_refused"),
]
