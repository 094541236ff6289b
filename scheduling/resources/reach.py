"""The reminder plan, reminders and what patients answer, declared for the kit."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, SavedView, Section
from scheduling.permissions import SchedulingPermission as P

SELECTORS, SERVICES = "scheduling.selectors.reminders", "scheduling.services"
HINT = "the patient’s name, birth date, telephone or record number"
STEP = ("type", "channel", "hours_before", "language", "unconfirmed_only", "is_active")

STEPS = Resource(
    name="scheduling.reminder_step",
    model="scheduling.ReminderStep",
    singular="reminder step",
    plural="reminder steps",
    path="settings/reminders",
    nav="settings",
    nav_label="Reminder plan",
    selector=f"{SELECTORS}.steps",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("of", "Visits", needs=("type",)),
        Column("channel"),
        Column("hours_before", "Hours before"),
        Column("language"),
        Column("unconfirmed_only", "Only while not confirmed"),
        Column("standing", "State", kind="status"),
    ),
    filters=(Filter("type", "Visit type"), Filter("channel"), Filter("is_active", "In use")),
    default_sort="-hours_before",
    subtitle=(Column("standing", kind="status"),),
    sections=(Section("Step", STEP),),
    form=FormSpec(fields=STEP),
    create=f"{SERVICES}.reminders.add_step",
    create_permission=P.CHANGE_REMINDERS,
    update=f"{SERVICES}.reminders.change_step",
    update_permission=P.CHANGE_REMINDERS,
    empty="How long before a visit patients are reminded, and how. Texts go to those who agreed to them.",
)

REMINDERS = Resource(
    name="scheduling.reminder",
    model="scheduling.Reminder",
    singular="reminder",
    plural="reminders",
    path="scheduling/reminders",
    nav="schedule",
    selector=f"{SELECTORS}.visible_to",
    listed=f"{SELECTORS}.listed",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("due_at", "Goes out"),
        Column("appointment__patient", "Patient"),
        Column("visit_at", "Visit", sort=""),
        Column("channel", sort=""),
        Column("state", sort=""),
        Column("said", "Why"),
        Column("appointment__location", "Location", sort=""),
        Column("sent_to", "To"),
        Column("appointment__provider", "Provider", sort=""),
    ),
    find=f"{SELECTORS}.search",
    search_hint=HINT,
    filters=(Filter("state"), Filter("channel"), Filter("reason", "Why"), Filter("due_at", "Goes out")),
    views=(
        SavedView(
            slug="today",
            label="Today",
            narrow=f"{SELECTORS}.today",
            sort="due_at",
            done="Nothing goes out today.",
        ),
        SavedView(
            slug="failed",
            label="Failed",
            narrow=f"{SELECTORS}.not_out",
            sort="due_at",
            done="Everything went out.",
        ),
        SavedView(
            slug="not_sent",
            label="Not sent",
            narrow=f"{SELECTORS}.suppressed",
            sort="due_at",
            done="Everybody with a visit to come can be reminded.",
        ),
    ),
    default_sort="-due_at",
    status="state",
    sections=(
        Section(
            "Reminder",
            (
                Column("appointment__patient", "Patient"),
                Column("visit_at", "Visit"),
                "channel",
                Column("due_at", "Goes out"),
                Column("said", "Why"),
                Column("sent_to", "To"),
                "sent_at",
                "delivered_at",
                "tries",
                Column("step", "Step of the plan"),
                Column("offer", "Time offered"),
            ),
        ),
    ),
    actions=(
        Action(
            name="stop",
            label="Do not send",
            service=f"{SERVICES}.reminders.stop",
            permission=P.BOOK_VISIT,
            when="can_stop",
            reason=True,
            done="It does not go out",
        ),
        Action(
            name="repeat",
            label="Try again",
            service=f"{SERVICES}.reminders.repeat",
            permission=P.BOOK_VISIT,
            when="can_repeat",
            consequence="Consent, hours and the visit are checked again. What was interrupted may go out twice.",
            done="It goes out now, or says why not",
        ),
    ),
    api_fields=(
        "id", "appointment", "step", "offer", "visit_at", "channel", "due_at", "state", "reason", "note", "tries",
        "sent_at", "delivered_at", "created_at", "updated_at",
    ),
    empty="What went out to patients about their visits, and what did not, and why.",
    phi=True,
)  # fmt: skip

REPLIES = Resource(
    name="scheduling.reply",
    model="scheduling.VisitReply",
    singular="reply",
    plural="replies",
    path="scheduling/replies",
    nav="schedule",
    nav_label="Replies to reminders",
    selector=f"{SELECTORS}.replies",
    listed=f"{SELECTORS}.listed_replies",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("received_at", "Received"),
        Column("patient"),
        Column("meaning", sort=""),
        Column("words", sort=""),
        Column("state", sort=""),
        Column("outcome", sort=""),
        Column("way", "By", sort=""),
        Column("phone", "Telephone", kind="phone", sort=""),
        Column("appointment__when", "Visit", needs=("appointment__location",)),
    ),
    find=f"{SELECTORS}.search_replies",
    search_hint=HINT,
    filters=(Filter("state"), Filter("meaning"), Filter("way", "By"), Filter("received_at", "Received")),
    views=(
        SavedView(
            slug="waiting",
            label="Waiting",
            narrow=f"{SELECTORS}.waiting",
            sort="received_at",
            done="Nobody waits for an answer.",
        ),
    ),
    default_sort="-received_at",
    status="state",
    sections=(
        Section(
            "Reply",
            (
                "patient",
                Column("appointment__when", "Visit", needs=("appointment__location",)),
                "meaning",
                "words",
                Column("phone", "Telephone", kind="phone"),
                "received_at",
                "outcome",
                "settled_at",
                "settled_by",
            ),
        ),
    ),
    actions=(
        Action(
            name="settle",
            label="Settle",
            service=f"{SERVICES}.replies.settle",
            permission=P.BOOK_VISIT,
            when="is_open",
            reason=True,
            consequence="Say what came of it. Cancel or move the visit on its own page: that settles this too.",
            done="Settled",
        ),
    ),
    api_fields=(
        "id", "appointment", "patient", "way", "meaning", "words", "phone", "received_at", "state", "outcome",
        "settled_at", "created_at", "updated_at",
    ),
    empty="What patients answered to reminders.",
    phi=True,
)  # fmt: skip

REACH = (REMINDERS, REPLIES, STEPS)
