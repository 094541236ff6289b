"""Visits as a list, declared for the kit. The day, one visit, booking and the endpoints are hand-made."""

from kit.resource import Column, Filter, Link, Resource, SavedView, Section
from scheduling.permissions import SchedulingPermission as P

SELECTORS = "scheduling.selectors.appointments"

VISITS = (
    Resource(
        name="scheduling.visit",
        model="scheduling.Appointment",
        singular="visit",
        plural="visits",
        path="scheduling/visits",
        nav="schedule",
        selector=f"{SELECTORS}.listed",
        view_permission=P.VIEW_SCHEDULE,
        columns=(
            Column("when", sort="local_day,starts_at"),
            Column("patient"),
            Column("type", "Visit"),
            Column("provider"),
            Column("location"),
            Column("status", sort=""),
            Column("reason", sort=""),
            Column("call_at", "Telephone"),
            Column("is_new_patient", "New patient", sort=""),
        ),
        find=f"{SELECTORS}.search",
        search_hint="the patient’s name, birth date, telephone or record number",
        filters=(
            Filter("status"),
            Filter("provider"),
            Filter("location"),
            Filter("local_day", "Day"),
            Filter("is_new_patient", "New patient"),
            Filter("patient"),
        ),
        views=(
            SavedView(
                slug="today",
                label="Today",
                narrow=f"{SELECTORS}.today",
                sort="when",
                done="Nobody is booked today.",
            ),
            SavedView(
                slug="unconfirmed",
                label="Not confirmed",
                narrow=f"{SELECTORS}.not_confirmed",
                sort="when",
                done="Every visit of the next three days is confirmed.",
            ),
            SavedView(
                slug="to_come",
                label="To come",
                narrow=f"{SELECTORS}.to_come",
                sort="when",
                done="Nobody is booked after today.",
            ),
            SavedView(
                slug="missed",
                label="Missed",
                narrow=f"{SELECTORS}.missed",
                sort="-when",
                done="Everybody came in the last 30 days.",
            ),
        ),
        links=(Link("Book visit", "scheduling:book", P.BOOK_VISIT),),
        default_sort="-when",
        status="status",
        sections=(Section("Visit", ("patient", "type", "provider", "location", "reason")),),
        api=False,
        empty="Visits appear here as soon as one is booked.",
        phi=True,
    ),
)
