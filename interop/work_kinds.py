"""Kinds of work around imports."""

from practice.work_kinds import WorkKind

KINDS = (
    WorkKind(code="interop.unmapped_codes", label="Codes to map", role="biller", by_hand=True),
    WorkKind(code="interop.refused_rows", label="Refused rows of an import", role="manager", by_hand=True),
)
