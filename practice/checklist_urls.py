"""Addresses of checklists; ``practice.urls`` mounts them.

Pages at a Resource's own address stand in for the kit's: these patterns come first.
"""

from typing import Any

from django.urls import path

from practice.api import checklists as api
from practice.views import checklist_lines, checklists

practice_patterns: list[Any] = [
    path("checklists/today/", checklists.today, name="checklists_today"),
    path("checklists/<uuid:pk>/", checklists.run, name="checklist_run"),
    path("checklists/<uuid:pk>/lines/", checklist_lines.changed, name="checklist_changed"),
    path("checklists/<uuid:pk>/lines/<int:number>/", checklist_lines.line, name="checklist_line"),
    path("checklists/<uuid:pk>/print/", checklists.printed, name="checklist_print"),
    path("settings/checklist-templates/<uuid:pk>/do/steps/", checklists.steps, name="checklist_steps"),
]
api_urlpatterns: list[Any] = [
    path("checklists/<uuid:pk>/steps/", api.Steps.as_view(), name="checklist_steps"),
]
