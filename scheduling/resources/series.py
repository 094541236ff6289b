"""Visit series and their places, declared for the kit. Booking one is hand-made: it is looked at as a whole first."""

from kit.resource import Action, Child, Column, Filter, Link, Resource, SavedView, Section
from scheduling.permissions import SchedulingPermission as P

SELECTORS, SERVICES = "scheduling.selectors.series", "scheduling.services.series"
RHYTHM = Column("rhythm", "How often", kind="text", sort="", needs=())

SERIES = Resource(
    name="scheduling.series",
    model="scheduling.VisitSeries",
    singular="series",
    plural="visit series",
    path="scheduling/series",
    nav="schedule",
    nav_label="Series",
    selector=f"{SELECTORS}.visible_to",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("starts_on", "First day"),
        Column("patient"),
        Column("type", "Visit"),
        Column("provider"),
        RHYTHM,
        Column("starts_at", "Time of day", sort=""),
        Column("count", "Visits", sort=""),
        Column("state", sort=""),
        Column("location"),
    ),
    find=f"{SELECTORS}.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(
        Filter("state"), Filter("provider"), Filter("type", "Visit type"), Filter("starts_on", "First day"),
        Filter("patient"),
    ),
    views=(
        SavedView(
            slug="active",
            label="Booked",
            where={"state": "active"},
            sort="-starts_on",
            done="No series is booked.",
        ),
        SavedView(slug="all", label="All"),
    ),
    links=(Link("Book series", "scheduling:series_new", P.BOOK_VISIT),),
    default_sort="-starts_on",
    status="state",
    subtitle=(Column("patient"), Column("type", "Visit")),
    facts=(RHYTHM, Column("count", "Visits")),
    sections=(
        Section(
            "Series",
            (
                "patient", Column("type", "Visit"), "provider", "location", Column("starts_on", "First day"),
                Column("starts_at", "Time of day"), RHYTHM, "reason",
            ),
        ),
    ),
    children=(Child("scheduling.series_visit", "series", "Its visits"),),
    actions=(
        Action(
            name="move_rest",
            label="Move the rest",
            service=f"{SERVICES}.move_rest",
            permission=P.BOOK_VISIT,
            when="is_active",
            form="scheduling.forms_series.MoveRestForm",
            consequence="Every visit that is still to come is moved, or none.",
            done="Moved",
        ),
        Action(
            name="cancel_rest",
            label="Cancel the rest",
            service=f"{SERVICES}.cancel_rest",
            permission=P.BOOK_VISIT,
            when="is_active",
            form="scheduling.forms.CancelForm",
            danger=True,
            consequence="Every visit that is still to come is cancelled. Their times are free at once.",
            done="Cancelled",
        ),
    ),
    api_fields=(
        "id", "patient", "type", "provider", "location", "starts_on", "starts_at", "every", "unit", "count", "reason",
        "state", "created_at", "updated_at",
    ),
    empty="Visits that repeat, each series booked as a whole.",
    phi=True,
)  # fmt: skip

PLACES = Resource(
    name="scheduling.series_visit",
    model="scheduling.SeriesVisit",
    singular="visit of a series",
    plural="visits of series",
    path="scheduling/series-visits",
    selector=f"{SELECTORS}.places",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("day", "By the rhythm"),
        Column("number", sort=""),
        Column("visit_when", "Visit", kind="text", sort="", needs=("appointment__location",)),
        Column("standing", "State", kind="status", sort="", needs=("appointment",)),
        Column("series", sort=""),
    ),
    default_sort="day",
    sections=(Section("Visit", ("series", "number", "day", Column("appointment", "Visit"))),),
    api_fields=("id", "series", "number", "day", "appointment", "created_at", "updated_at"),
    empty="The visits of series, in order.",
    phi=True,
)

REPEATING = (SERIES, PLACES)
