"""Kinds of work around the schedule."""

from practice.work_kinds import WorkKind

KINDS = (WorkKind(code="scheduling.displaced", label="Displaced visit", role="front_desk"),)
