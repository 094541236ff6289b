"""Kinds of work around imports."""

from practice.work_kinds import WorkKind

KINDS = (WorkKind(code="interop.unmapped_codes", label="Codes to map", role="biller", by_hand=True),)
