"""Kinds of work around the schedule."""

from practice.work_kinds import WorkKind

KINDS = (
    WorkKind(code="scheduling.displaced", label="Displaced visit", role="front_desk"),
    WorkKind(
        code="scheduling.reminder_failed", label="Reminder that failed", role="front_desk", by_hand=True
    ),
    WorkKind(code="scheduling.missed_review", label="Missed visits to review", role="manager", by_hand=True),
    WorkKind(
        code="scheduling.missed_letter", label="Letter about a missed visit", role="front_desk", by_hand=True
    ),
    WorkKind(code="scheduling.reply", label="Reply to a reminder", role="front_desk"),
    WorkKind(code="scheduling.waitlist_call", label="Offer to tell", role="front_desk"),
    WorkKind(
        code="scheduling.waitlist_ending", label="Wait-list entry that ends", role="front_desk", by_hand=True
    ),
    WorkKind(code="scheduling.recall", label="Overdue recall", role="front_desk"),
)
