"""Kinds of work around staff."""

from practice.work_kinds import WorkKind

KINDS = (WorkKind(code="staff.expiry", label="License or certificate", role="hr"),)
