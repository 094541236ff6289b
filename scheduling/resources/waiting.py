"""The wait list and its offers, declared for the kit. The page that fills openings is hand-made."""

from kit.resource import Action, Child, Column, Filter, FormSpec, Link, Resource, SavedView, Section
from scheduling.permissions import SchedulingPermission as P

SELECTORS, SERVICES, FORMS = (
    "scheduling.selectors.waiting",
    "scheduling.services.waitlist",
    "scheduling.forms_waiting",
)
LINKED = ("with_whom", "With whom"), ("where", "Where")
WHOM, WHERE = (Column(name, label, kind="text", needs=()) for name, label in LINKED)
DAYS, HOURS = (
    Column("days", "Days", kind="text", needs=()),
    Column("hours", "Time of day", kind="text", needs=()),
)

ENTRIES = Resource(
    name="scheduling.waiting",
    model="scheduling.WaitlistEntry",
    singular="wait-list entry",
    plural="wait-list entries",
    path="scheduling/waitlist",
    parent="patient",
    nav="schedule",
    nav_label="Wait list",
    selector=f"{SELECTORS}.listed",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("asked_on", "Since"),
        Column("patient"),
        Column("type", "Visit"),
        Column("priority", sort=""),
        DAYS,
        HOURS,
        Column("latest", "Until"),
        Column("state", sort=""),
        WHOM,
        WHERE,
        Column("note", sort=""),
    ),
    find=f"{SELECTORS}.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(Filter("state"), Filter("priority"), Filter("type", "Visit type"), Filter("patient")),
    views=(
        SavedView(
            slug="waiting",
            label="Waiting",
            narrow=f"{SELECTORS}.waiting",
            sort="asked_on",
            done="Nobody waits for a time.",
        ),
        SavedView(
            slug="ending",
            label="Ending soon",
            narrow=f"{SELECTORS}.ending",
            sort="latest",
            done="Nobody’s last day is near.",
        ),
        SavedView(slug="all", label="All"),
    ),
    links=(Link("Fill openings", "scheduling:fill", P.VIEW_SCHEDULE),),
    default_sort="-asked_on",
    status="state",
    subtitle=(Column("patient"), Column("type", "Visit")),
    facts=(Column("priority"), Column("asked_on", "Since"), Column("latest", "Until")),
    sections=(
        Section(
            "What they wait for",
            (
                Column("patient"), Column("type", "Visit"), "earliest", "latest", DAYS, HOURS, WHOM, WHERE,
                "notice_hours", "note", "visit", "closed_at", "outcome",
            ),
        ),
    ),
    children=(Child("scheduling.waitlist_offer", "entry", "Offers"),),
    form=FormSpec(form=f"{FORMS}.WaitingForm"),
    create=f"{SERVICES}.add",
    create_label="Add to wait list",
    create_permission=P.BOOK_VISIT,
    update=f"{SERVICES}.change",
    update_permission=P.BOOK_VISIT,
    actions=(
        Action(
            name="booked",
            label="A visit is booked",
            service=f"{SERVICES}.close_with",
            permission=P.BOOK_VISIT,
            when="is_waiting",
            form=f"{FORMS}.VisitForm",
            hint="Close the entry with a visit of this patient",
            done="Closed with the visit",
        ),
        Action(
            name="withdraw",
            label="Take off the list",
            service=f"{SERVICES}.withdraw",
            permission=P.BOOK_VISIT,
            when="is_waiting",
            reason=True,
            danger=True,
            consequence="Nobody offers them a time any more. A time on offer is free again.",
            done="Taken off the list",
        ),
    ),
    api_fields=(
        "id", "patient", "type", "priority", "asked_on", "earliest", "latest", "monday", "tuesday", "wednesday",
        "thursday", "friday", "saturday", "sunday", "starts_from", "ends_by", "notice_hours", "note", "state", "visit",
        "closed_at", "outcome", "created_at", "updated_at",
    ),
    empty="Patients who would come sooner, with the days and times that suit them.",
    phi=True,
)  # fmt: skip

OFFERS = Resource(
    name="scheduling.waitlist_offer",
    model="scheduling.WaitlistOffer",
    singular="offer",
    plural="offers",
    path="scheduling/waitlist-offers",
    parent="entry",
    selector=f"{SELECTORS}.offers",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("offered_at", "Offered"),
        Column("entry__patient", "Patient", sort=""),
        Column("appointment", "Visit held", sort=""),
        Column("how_told", "Told", kind="text", needs=()),
        Column("expires_at", "Answer by", sort=""),
        Column("state", sort=""),
        Column("note", sort=""),
    ),
    filters=(Filter("state"), Filter("told")),
    views=(
        SavedView(
            slug="live",
            label="Waiting for an answer",
            narrow=f"{SELECTORS}.live_offers",
            sort="offered_at",
            done="No offer waits for an answer.",
        ),
        SavedView(slug="all", label="All"),
    ),
    default_sort="-offered_at",
    status="state",
    subtitle=(Column("entry__patient", "Patient"),),
    facts=(Column("until", "Answer by", kind="text"), Column("how_told", "Told", kind="text")),
    sections=(
        Section(
            "Offer",
            (
                Column("entry", "Wait-list entry"), Column("appointment__type", "Visit"),
                Column("appointment__provider", "Provider"), Column("appointment__location", "Location"),
                Column("appointment__starts_at", "Time"), "offered_at", "expires_at",
                Column("how_told", "Told", kind="text"), "told_at",
                "answered_at", "note",
            ),
        ),
    ),
    children=(Child("scheduling.reminder", "offer", "Messages"),),
    actions=(
        Action(
            name="accept",
            label="Accept: book the visit",
            service=f"{SERVICES}.accept",
            permission=P.BOOK_VISIT,
            when="is_live",
            keyed=True,
            done="Booked",
        ),
        Action(
            name="send",
            label="Send text or e-mail",
            service=f"{SERVICES}.send",
            permission=P.BOOK_VISIT,
            when="can_be_answered",
            form=f"{FORMS}.SendForm",
            consequence="It says practice, day and time, and until when the time is kept, with an address to take "
            "or decline it.",
            done="On its way",
        ),
        Action(
            name="tell",
            label="The patient was told",
            service=f"{SERVICES}.tell",
            permission=P.BOOK_VISIT,
            when="is_live",
            form=f"{FORMS}.TellForm",
            done="Kept",
        ),
        Action(
            name="decline",
            label="Decline",
            service=f"{SERVICES}.decline",
            permission=P.BOOK_VISIT,
            when="is_live",
            form=f"{FORMS}.DeclineForm",
            consequence="The time is free again. The patient goes on waiting.",
            done="Declined",
        ),
        Action(
            name="take_back",
            label="Take back",
            service=f"{SERVICES}.take_back",
            permission=P.BOOK_VISIT,
            when="is_live",
            reason=True,
            danger=True,
            consequence="The time is free again. The patient goes on waiting.",
            done="Taken back",
        ),
    ),
    api_fields=(
        "id", "entry", "appointment", "offered_at", "expires_at", "state", "told", "told_at", "answered_at", "note",
        "created_at", "updated_at",
    ),
    empty="Times offered to people on the wait list.",
    phi=True,
)  # fmt: skip

WAITING = (ENTRIES, OFFERS)
