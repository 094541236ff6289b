"""Missed visits and the policy about them, declared for the kit."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, SavedView, Section
from scheduling.permissions import SchedulingPermission as P

SELECTORS, SERVICES = "scheduling.selectors.missed", "scheduling.services.missed"
STEP = ("misses", "letter", "flag", "review", "fee", "is_active")

POLICY = Resource(
    name="scheduling.miss_step",
    model="scheduling.MissPolicyStep",
    singular="policy step",
    plural="policy steps",
    path="settings/missed-visits",
    nav="settings",
    nav_label="Missed-visit policy",
    selector=f"{SELECTORS}.policy",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("misses", "After missed visits"),
        Column("what", "What follows", needs=("letter",)),
        Column("standing", "State", kind="status"),
    ),
    filters=(Filter("is_active", "In use"),),
    default_sort="misses",
    subtitle=(Column("standing", kind="status"),),
    sections=(Section("Step", STEP),),
    form=FormSpec(fields=STEP),
    create=f"{SERVICES}.add_step",
    create_permission=P.CHANGE_MISS_POLICY,
    update=f"{SERVICES}.change_step",
    update_permission=P.CHANGE_MISS_POLICY,
    empty="What follows when visits are missed: a letter, a flag, a fee, a review by the manager.",
)

MISSES = Resource(
    name="scheduling.missed",
    model="scheduling.MissedVisit",
    singular="missed visit",
    plural="missed visits",
    path="scheduling/missed",
    nav="schedule",
    selector=f"{SELECTORS}.visible_to",
    listed=f"{SELECTORS}.listed",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("day"),
        Column("patient"),
        Column("kind", "What", sort=""),
        Column("by_then", "How many by then"),
        Column("state", sort=""),
        Column("step", "Policy step", sort=""),
        Column("fee_due", "Fee by policy"),
        Column("excuse", sort=""),
        Column("appointment__provider", "Provider", sort=""),
        Column("appointment__location", "Location", sort=""),
    ),
    find=f"{SELECTORS}.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(Filter("state"), Filter("kind", "What"), Filter("day"), Filter("patient")),
    views=(
        SavedView(
            slug="counted",
            label="Counted",
            narrow=f"{SELECTORS}.counted",
            sort="-day",
            done="Nobody missed a visit.",
        ),
        SavedView(
            slug="fee",
            label="Fee by policy",
            narrow=f"{SELECTORS}.charged",
            sort="-day",
            done="No fee is due by the policy.",
        ),
    ),
    default_sort="-day",
    status="state",
    subtitle=(Column("patient"),),
    sections=(
        Section(
            "Missed visit",
            (
                "patient",
                Column("kind", "What"),
                "day",
                Column("appointment__when", "Visit", needs=("appointment__location",)),
                Column("appointment__provider", "Provider"),
            ),
        ),
        Section(
            "Policy",
            (
                Column("by_then", "How many by then"), Column("step", "Policy step"), "letter",
                Column("fee_due", "Fee by policy"), "fee_note", "followed_at",
            ),
        ),
        Section("Excuse", ("excuse", "excused_at", "excused_by")),
    ),
    actions=(
        Action(
            name="excuse",
            label="Excuse",
            service=f"{SERVICES}.excuse",
            permission=P.EXCUSE_MISSED,
            when="counts",
            reason=True,
            done="Excused",
            undo="count_again",
        ),
        Action(
            name="count_again",
            label="Count it again",
            service=f"{SERVICES}.count_again",
            permission=P.EXCUSE_MISSED,
            when="is_excused",
            done="Counted again",
        ),
    ),
    api_fields=(
        "id", "appointment", "patient", "kind", "day", "state", "number", "step", "letter", "fee", "fee_note",
        "excuse", "excused_at", "followed_at", "created_at", "updated_at",
    ),
    empty="No-shows and late cancellations, and what the policy made of them.",
    phi=True,
)  # fmt: skip

MISSED = (MISSES, POLICY)
