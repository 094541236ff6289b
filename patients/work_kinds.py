"""Kinds of work around patients."""

from practice.work_kinds import WorkKind

KINDS = (
    WorkKind(code="patients.complaint", label="Complaint", role="manager"),
    WorkKind(code="patients.records", label="Records request", role="compliance"),
    WorkKind(code="patients.referral", label="Late referral", role="front_desk"),
    WorkKind(code="patients.consent_link", label="Link to sign that failed", role="front_desk", by_hand=True),
    WorkKind(code="patients.break_glass", label="Opened restricted record", role="compliance"),
)
