"""Stored files, given back to whoever may see the record they belong to."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse
from django.views.decorators.http import require_GET

from practice.audit import note_read
from practice.services import attachments


@require_GET
def download(request: Any, attachment_id: uuid.UUID) -> FileResponse:
    """A stored file, as a download, to whoever may see the record it belongs to."""
    attachment, content = attachments.read(attachment_id, actor=request.actor)
    note_read(request, what=f"file of {attachment.ref.kind}", action="export")
    response = FileResponse(content, as_attachment=True, filename=attachment.name)
    response["Content-Type"] = attachment.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
