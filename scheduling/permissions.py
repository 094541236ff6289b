"""What can be allowed on the schedule."""

from __future__ import annotations

from practice.permissions import Permission


class SchedulingPermission(Permission):
    """What the schedule's tables allow."""

    VIEW_SCHEDULE = (
        "scheduling.view_schedule",
        "see the schedule and its visits",
        "front_desk physician biller integration",
    )
    BOOK_VISIT = (
        "scheduling.book_visit",
        "book, move, confirm and cancel visits",
        "front_desk physician integration",
    )
    CHANGE_FLOW = (
        "scheduling.change_flow",
        "check patients in, room them and complete their visits",
        "front_desk physician integration",
    )
    BOOK_OUTSIDE = (
        "scheduling.book_outside",
        "book outside hours, in held time or past a provider's limits, with a reason",
        "front_desk physician",
    )
    OVERBOOK = "scheduling.overbook", "book over a full slot, with a reason", "physician"
    CHANGE_TEMPLATES = (
        "scheduling.change_templates",
        "change visit types, providers' weekly hours and exceptions, and publish them",
        "",
    )
    VIEW_ACCESS = (
        "scheduling.view_access",
        "see the access lab: supply, demand and third next available",
        "physician",
    )
    CHANGE_REMINDERS = (
        "scheduling.change_reminders",
        "change which visits are reminded, when and how",
        "",
    )
    CHANGE_MISS_POLICY = (
        "scheduling.change_miss_policy",
        "change what follows on missed visits",
        "",
    )
    EXCUSE_MISSED = (
        "scheduling.excuse_missed",
        "excuse missed visits, and act on what the policy asks for",
        "front_desk physician",
    )
    MAKE_FEED = (
        "scheduling.make_feed",
        "make and revoke calendar addresses of providers' busy times",
        "physician",
    )
    READ_FEED = "scheduling.read_feed", "read one provider's busy times, as a calendar does", ""
    RECEIVE_TEXTS = (
        "scheduling.receive_texts",
        "hand in replies to texts and what became of texts, as the text gateway does",
        "integration",
    )
    ANSWER_REMINDER = (
        "scheduling.answer_reminder",
        "confirm one visit or ask to change it, as the link in a reminder does",
        "",
    )
