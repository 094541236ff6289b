"""Reschedules, recalls and the tries to reach people, declared for the kit."""

from kit.resource import Action, Child, Column, Filter, FormSpec, Resource, SavedView, Section
from scheduling.permissions import SchedulingPermission as P

SELECTORS, SERVICES = "scheduling.selectors.outreach", "scheduling.services"
FORMS = "scheduling.forms_outreach"
TRIES = Column("tries", "Tries", kind="number", needs=())
TYPE = ("name", "type", "after", "months", "is_automatic", "is_active")


ACTIONS = (
    Action(
        name="attempt",
        label="Keep a try",
        service=f"{SERVICES}.outreach.attempt",
        permission=P.BOOK_VISIT,
        when="is_open",
        form=f"{FORMS}.AttemptForm",
        done="Kept",
    ),
    Action(
        name="booked",
        label="A visit is booked",
        service=f"{SERVICES}.outreach.booked",
        permission=P.BOOK_VISIT,
        when="is_open",
        form="scheduling.forms_waiting.VisitForm",
        done="Closed with the visit",
    ),
    Action(
        name="decline",
        label="The patient does not want it",
        service=f"{SERVICES}.outreach.decline",
        permission=P.BOOK_VISIT,
        when="is_open",
        reason=True,
        done="Closed",
    ),
    Action(
        name="give_up",
        label="Not reached",
        service=f"{SERVICES}.outreach.give_up",
        permission=P.BOOK_VISIT,
        when="is_open",
        reason=True,
        danger=True,
        consequence="Nobody calls any more.",
        done="Closed",
    ),
    Action(
        name="reopen",
        label="Try again",
        service=f"{SERVICES}.outreach.reopen",
        permission=P.BOOK_VISIT,
        when="is_given_up",
        done="Open again",
    ),
)


RESCHEDULES = Resource(
    name="scheduling.reschedule",
    model="scheduling.Reschedule",
    singular="visit to reschedule",
    plural="visits to reschedule",
    path="scheduling/reschedule",
    nav="schedule",
    nav_label="To reschedule",
    selector=f"{SELECTORS}.reschedules",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("next_try_on", "Next try", sort="next_try_on,cause"),
        Column("patient"),
        Column("cause", "Why", sort=""),
        Column("was_at", "Visit was", kind="text", sort="", needs=("appointment__location",)),
        Column("appointment__type", "Visit", sort=""),
        Column("appointment__provider", "Provider", sort=""),
        Column("since", "Since", sort=""),
        TRIES,
        Column("state", sort=""),
    ),
    find=f"{SELECTORS}.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(Filter("cause", "Why"), Filter("state"), Filter("since"), Filter("patient")),
    views=(
        SavedView(
            slug="call",
            label="To call",
            narrow=f"{SELECTORS}.to_call",
            sort="next_try_on",
            done="Everybody has another time, or was called.",
        ),
        SavedView(
            slug="open",
            label="All open",
            narrow=f"{SELECTORS}.still_open",
            sort="next_try_on",
            done="Everybody has another time.",
        ),
        SavedView(slug="all", label="All"),
    ),
    default_sort="-next_try_on",
    status="state",
    subtitle=(Column("patient"), Column("cause", "Why")),
    facts=(Column("since"), Column("next_try_on", "Next try"), TRIES),
    sections=(
        Section(
            "Visit",
            (
                "patient", Column("cause", "Why"), Column("was_at", "Visit was", kind="text"),
                Column("appointment__type", "Visit"), Column("appointment__provider", "Provider"),
                Column("appointment__location", "Location"), "new_visit", "closed_at", "outcome",
            ),
        ),
    ),
    children=(Child("scheduling.contact_attempt", "reschedule", "Tries"),),
    actions=ACTIONS,
    api_fields=(
        "id", "appointment", "patient", "cause", "since", "next_try_on", "state", "new_visit", "closed_at", "outcome",
        "created_at", "updated_at",
    ),
    empty="Visits that were displaced, cancelled by the practice or missed, until their patients have another time.",
    phi=True,
)  # fmt: skip

RECALLS = Resource(
    name="scheduling.recall",
    model="scheduling.Recall",
    singular="recall",
    plural="recalls",
    path="scheduling/recalls",
    parent="patient",
    nav="schedule",
    nav_label="Recalls",
    selector=f"{SELECTORS}.recalls",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("due_on", "Due"),
        Column("patient"),
        Column("kind", "Recall type", sort=""),
        Column("kind__type", "Visit", sort=""),
        Column("next_try_on", "Next try", sort=""),
        TRIES,
        Column("state", sort=""),
        Column("note", sort=""),
    ),
    find=f"{SELECTORS}.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(
        Filter("kind", "Recall type"), Filter("state"), Filter("due_on", "Due"), Filter("patient"),
    ),
    views=(
        SavedView(
            slug="call",
            label="To call",
            narrow=f"{SELECTORS}.to_call",
            sort="due_on",
            done="Everybody who is due was called.",
        ),
        SavedView(
            slug="overdue",
            label="Overdue",
            narrow=f"{SELECTORS}.overdue",
            sort="due_on",
            done="Nobody’s day is over.",
        ),
        SavedView(
            slug="open", label="All open", narrow=f"{SELECTORS}.still_open", sort="due_on", done="Nobody is due."
        ),
        SavedView(slug="all", label="All"),
    ),
    default_sort="-due_on",
    status="state",
    subtitle=(Column("patient"), Column("kind", "Recall type")),
    facts=(Column("due_on", "Due"), Column("next_try_on", "Next try"), TRIES),
    sections=(
        Section(
            "Recall",
            (
                "patient", Column("kind", "Recall type"), Column("kind__type", "Visit"), "note", "after_visit",
                "new_visit", "closed_at", "outcome",
            ),
        ),
    ),
    children=(Child("scheduling.contact_attempt", "recall", "Tries"),),
    form=FormSpec(form=f"{FORMS}.RecallForm"),
    create=f"{SERVICES}.recalls.plan",
    create_label="Plan recall",
    create_permission=P.BOOK_VISIT,
    actions=(
        *ACTIONS,
        Action(
            name="postpone",
            label="Another day",
            service=f"{SERVICES}.recalls.change",
            permission=P.BOOK_VISIT,
            when="is_open",
            form=f"{FORMS}.RecallChangeForm",
            done="Changed",
        ),
    ),
    api_fields=(
        "id", "patient", "kind", "due_on", "next_try_on", "state", "note", "after_visit", "new_visit", "closed_at",
        "outcome", "created_at", "updated_at",
    ),
    empty="Patients for whom a visit is due, by day.",
    phi=True,
)  # fmt: skip

TYPES = Resource(
    name="scheduling.recall_type",
    model="scheduling.RecallType",
    singular="recall type",
    plural="recall types",
    path="settings/recall-types",
    nav="settings",
    nav_label="Recall types",
    selector=f"{SELECTORS}.recall_types",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("name"),
        Column("type", "Visit type"),
        Column("after", "After"),
        Column("months"),
        Column("is_automatic", "By itself"),
        Column("is_active", "In use"),
    ),
    filters=(Filter("is_active", "In use"),),
    default_sort="name",
    title="name",
    sections=(Section("Recall type", TYPE),),
    form=FormSpec(fields=TYPE),
    create=f"{SERVICES}.recalls.add_type",
    create_permission=P.CHANGE_TEMPLATES,
    update=f"{SERVICES}.recalls.change_type",
    update_permission=P.CHANGE_TEMPLATES,
    empty="Reasons to see somebody again, such as a yearly physical.",
)

ATTEMPTS = Resource(
    name="scheduling.contact_attempt",
    model="scheduling.ContactAttempt",
    singular="try to reach a patient",
    plural="tries to reach patients",
    path="scheduling/tries",
    selector=f"{SELECTORS}.attempts",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("at", "When"),
        Column("how", sort=""),
        Column("result", "What came of it", sort=""),
        Column("note", sort=""),
        Column("patient", sort=""),
    ),
    filters=(Filter("how"), Filter("result", "What came of it")),
    default_sort="-at",
    sections=(Section("Try", ("patient", "at", "how", "result", "note", "reschedule", "recall")),),
    empty="Calls and letters to patients about another time or a visit that is due.",
    phi=True,
)

OUTREACH = (RESCHEDULES, RECALLS, TYPES, ATTEMPTS)
