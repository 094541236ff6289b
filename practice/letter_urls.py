"""Addresses of letters, their templates and the print queue; ``practice.urls`` mounts them.

Pages at a Resource's own address stand in for the kit's: these patterns come first.
"""

from typing import Any

from django.urls import path

from practice.views import letter_templates, letters, print_queue

practice_patterns: list[Any] = [
    path("letters/new/", letters.write, name="letter_write"),
    path("letters/preview/", letters.preview, name="letter_preview"),
    path("letters/<uuid:pk>/do/reprint/", letters.reprint, name="letter_reprint"),
    path("letters/queue/", print_queue.queue, name="print_queue"),
    path("letters/queue/print/", print_queue.print_all, name="print_all"),
    path("letters/queue/<uuid:batch_id>/", print_queue.print_run, name="print_run"),
    path("settings/letterhead/", print_queue.letterhead, name="letterhead"),
    path("settings/letter-templates/new/", letter_templates.new, name="letter_template_new"),
    path("settings/letter-templates/preview/", letter_templates.preview, name="letter_template_preview"),
    path("settings/letter-templates/<uuid:pk>/edit/", letter_templates.edit, name="letter_template_edit"),
    path("settings/letter-versions/<uuid:pk>/", letters.version, name="letter_version"),
]
