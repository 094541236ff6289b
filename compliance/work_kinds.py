"""Kinds of work in compliance."""

from practice.work_kinds import WorkKind

KINDS = (
    WorkKind(code="compliance.finding", label="Audit finding", role="compliance"),
    WorkKind(code="compliance.action", label="Corrective action", role="compliance"),
)
