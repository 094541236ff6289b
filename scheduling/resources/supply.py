"""Templates, exceptions, displaced visits, visit types, rules and resources, declared for the kit.

A template's own page (the week, its preview) is hand-made; all else comes from here.
"""

from kit.resource import Action, Child, Column, Filter, FormSpec, Resource, SavedView, Section
from scheduling.permissions import SchedulingPermission as P

SELECTORS, SERVICES = "scheduling.selectors", "scheduling.services"
TYPE = (
    "code", "name", "tone", "minutes", "buffer_before", "buffer_after", "align_minutes", "modality",
    "is_new_patient", "bookable_online", "is_active",
)  # fmt: skip
TEMPLATE = ("resource", "name", "valid_from", "valid_to", "cycle_weeks", "anchor_date")
EXCEPTION = (
    "resource", "location", "kind", "starts_on", "ends_on", "starts_at", "ends_at", "reason", "source",
)  # fmt: skip
RESOURCE = (
    "kind", "name", "location", "provider", "room", "capacity", "overbook_max", "group", "has_hours", "is_active",
)  # fmt: skip
RULE = ("provider", "type", "minutes", "buffer_before", "buffer_after", "max_per_day", "is_offered")
PLACES = Column("places", "Where", needs=())

TEMPLATES = Resource(
    name="scheduling.template",
    model="scheduling.ScheduleTemplate",
    singular="template",
    plural="templates",
    path="scheduling/templates",
    nav="schedule",
    nav_label="Templates",
    selector=f"{SELECTORS}.templates.visible_to",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("resource"),
        Column("resource__location", "Location"),
        Column("version", "Version"),
        Column("name", "Called"),
        Column("state"),
        Column("valid_from", "From"),
        Column("valid_to", "Until"),
        Column("weeks", "Weeks"),
        Column("published_at", "Published"),
    ),
    filters=(Filter("resource", "Provider or resource"), Filter("state"), Filter("valid_from", "From")),
    views=(
        SavedView(
            slug="published",
            label="Published",
            narrow=f"{SELECTORS}.templates.published",
            sort="-valid_from",
            done="Nobody has hours yet. Begin with a new template.",
        ),
        SavedView(
            slug="drafts",
            label="Drafts",
            narrow=f"{SELECTORS}.templates.drafts",
            sort="-valid_from",
            done="No draft waits to be published.",
        ),
    ),
    default_sort="-valid_from",
    status="state",
    subtitle=(Column("resource__location", "Location"),),
    sections=(Section("Template", (*TEMPLATE, "version", "published_at")),),
    form=FormSpec(form="scheduling.forms_supply.TemplateForm"),
    create=f"{SERVICES}.templates.draft",
    create_label="Draft a template",
    create_permission=P.CHANGE_TEMPLATES,
    update=f"{SERVICES}.templates.change",
    update_permission=P.CHANGE_TEMPLATES,
    actions=(
        Action(
            name="publish",
            label="Publish",
            service=f"{SERVICES}.templates.publish",
            permission=P.CHANGE_TEMPLATES,
            when="is_draft",
            consequence=(
                "Open time follows it from its first day on. Visits that then lie outside are listed as displaced, "
                "none is moved. A published version never changes."
            ),
            done="Published",
        ),
        Action(
            name="discard",
            label="Discard draft",
            service=f"{SERVICES}.templates.discard",
            permission=P.CHANGE_TEMPLATES,
            when="is_draft",
            danger=True,
            consequence="The draft cannot be published any more. Open time stays as it is.",
            done="Discarded",
        ),
    ),
    contested=True,
    api_fields=(
        "id", *TEMPLATE, "version", "state", "based_on", "published_at", "created_at", "updated_at",
    ),
    empty="The weeks of providers, rooms and devices, each change a version of its own.",
)  # fmt: skip

EXCEPTIONS = Resource(
    name="scheduling.exception",
    model="scheduling.ScheduleException",
    singular="exception",
    plural="exceptions",
    path="scheduling/exceptions",
    nav="schedule",
    nav_label="Exceptions",
    selector=f"{SELECTORS}.exceptions.visible_to",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("of", "Whom or what", needs=("resource", "location")),
        Column("kind", "What"),
        Column("starts_on", "First day"),
        Column("ends_on", "Last day"),
        Column("when", "When"),
        Column("reason"),
        Column("standing", "State", kind="status"),
        Column("source"),
    ),
    filters=(
        Filter("resource", "Provider or resource"),
        Filter("location"),
        Filter("kind"),
        Filter("source"),
        Filter("starts_on", "First day"),
    ),
    views=(
        SavedView(
            slug="ahead",
            label="To come",
            narrow=f"{SELECTORS}.exceptions.ahead",
            sort="starts_on",
            done="No day ahead differs from its template.",
        ),
    ),
    default_sort="-starts_on",
    subtitle=(Column("standing", kind="status"),),
    sections=(
        Section(
            "Exception",
            (
                Column("of", "Whom or what", needs=("resource", "location")),
                "kind",
                "when",
                "reason",
                "source",
            ),
        ),
    ),
    children=(Child("scheduling.displaced", "exception", "Visits it displaced"),),
    form=FormSpec(form="scheduling.forms_supply.ExceptionForm"),
    create=f"{SERVICES}.exceptions.add",
    create_permission=P.CHANGE_TEMPLATES,
    actions=(
        Action(
            name="withdraw",
            label="Withdraw",
            service=f"{SERVICES}.exceptions.withdraw",
            permission=P.CHANGE_TEMPLATES,
            when="stands",
            danger=True,
            consequence="The template holds again. Visits it displaced and nobody has settled are inside again.",
            done="Withdrawn",
        ),
    ),
    api_fields=("id", *EXCEPTION, "withdrawn_at", "created_at", "updated_at"),
    empty="Leave, holidays, extra sessions: days that differ from the template.",
)

DISPLACED = Resource(
    name="scheduling.displaced",
    model="scheduling.Displacement",
    singular="displaced visit",
    plural="displaced visits",
    path="scheduling/displaced",
    nav="schedule",
    nav_label="Displaced visits",
    selector=f"{SELECTORS}.displaced.visible_to",
    listed=f"{SELECTORS}.displaced.listed",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("was_at", "Time"),
        Column("appointment__patient", "Patient"),
        Column("call_at", "Telephone"),
        Column("appointment__type", "Visit"),
        Column("appointment__provider", "Provider"),
        Column("cause", sort=""),
        Column("state"),
        Column("appointment__location", "Location"),
        Column("note", sort=""),
    ),
    find=f"{SELECTORS}.displaced.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(Filter("state"), Filter("was_at", "Time")),
    views=(
        SavedView(
            slug="open",
            label="To settle",
            narrow=f"{SELECTORS}.displaced.waiting",
            sort="was_at",
            done="Every visit stands inside its hours.",
        ),
    ),
    default_sort="-was_at",
    status="state",
    sections=(
        Section(
            "Displaced visit",
            (
                Column("appointment__patient", "Patient"),
                Column("call_at", "Telephone", needs=("appointment__patient",)),
                Column("appointment__type", "Visit"),
                Column("appointment__provider", "Provider"),
                Column("appointment__location", "Location"),
                Column("was_at", "Its time when this was found"),
                "cause",
                "note",
                "settled_at",
            ),
        ),
    ),
    actions=(
        Action(
            name="keep",
            label="Keep at its time",
            service=f"{SERVICES}.displaced.keep",
            permission=P.BOOK_OUTSIDE,
            when="is_open",
            reason=True,
            done="Kept",
        ),
    ),
    api_fields=(
        "id", "appointment", "cause", "template", "exception", "was_at", "state", "settled_at", "note", "created_at",
        "updated_at",
    ),
    empty="Visits that a change of hours has left outside of them.",
    phi=True,
)  # fmt: skip

TYPES = Resource(
    name="scheduling.type",
    model="scheduling.AppointmentType",
    singular="visit type",
    plural="visit types",
    path="settings/visit-types",
    nav="settings",
    nav_label="Visit types",
    selector=f"{SELECTORS}.kinds.types",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("name"),
        Column("code"),
        Column("minutes"),
        Column("buffer_before", "Before"),
        Column("buffer_after", "After"),
        Column("is_new_patient", "New patients"),
        Column("standing", "State", kind="status"),
        Column("modality", "Takes place"),
        Column("tone", "Color"),
        Column("bookable_online", "From outside"),
    ),
    filters=(Filter("is_active", "In use"), Filter("is_new_patient", "New patients")),
    default_sort="name",
    title="name",
    subtitle=(Column("standing", kind="status"),),
    sections=(Section("Visit type", TYPE),),
    children=(
        Child("scheduling.need", "type", "Rooms and devices it needs"),
        Child("scheduling.rule", "type", "Providers who do it otherwise"),
    ),
    form=FormSpec(fields=TYPE),
    create=f"{SERVICES}.kinds.add",
    create_permission=P.CHANGE_TEMPLATES,
    update=f"{SERVICES}.kinds.change",
    update_permission=P.CHANGE_TEMPLATES,
    empty="Kinds of visits, with how long they take and what they need.",
)

NEEDS = Resource(
    name="scheduling.need",
    model="scheduling.TypeNeed",
    singular="need",
    plural="needs",
    path="settings/visit-type-needs",
    selector=f"{SELECTORS}.kinds.needs",
    view_permission=P.VIEW_SCHEDULE,
    columns=(Column("type"), Column("kind"), Column("group"), Column("count", "How many")),
    filters=(Filter("type", "Visit type"), Filter("kind")),
    default_sort="kind",
    parent="type",
    sections=(Section("Need", ("type", "kind", "group", "count")),),
    form=FormSpec(fields=("type", "kind", "group", "count")),
    create=f"{SERVICES}.kinds.add_need",
    create_permission=P.CHANGE_TEMPLATES,
    update=f"{SERVICES}.kinds.change_need",
    update_permission=P.CHANGE_TEMPLATES,
    empty="Rooms and devices that a visit takes besides its provider, all of them or none.",
)

RULES = Resource(
    name="scheduling.rule",
    model="scheduling.ProviderTypeRule",
    singular="provider rule",
    plural="provider rules",
    path="settings/provider-rules",
    nav="settings",
    nav_label="Provider rules",
    selector=f"{SELECTORS}.kinds.rules",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("provider"),
        Column("type", "Visit type"),
        Column("minutes"),
        Column("buffer_before", "Before"),
        Column("buffer_after", "After"),
        Column("max_per_day", "Most in a day"),
        PLACES,
        Column("is_offered", "Takes them"),
    ),
    filters=(Filter("provider"), Filter("type", "Visit type")),
    default_sort="-id",
    parent="type",
    sections=(Section("Rule", (*RULE, PLACES)),),
    form=FormSpec(form="scheduling.forms_supply.RuleForm"),
    create=f"{SERVICES}.kinds.add_rule",
    create_permission=P.CHANGE_TEMPLATES,
    update=f"{SERVICES}.kinds.change_rule",
    update_permission=P.CHANGE_TEMPLATES,
    api_fields=("id", *RULE, "created_at", "updated_at"),
    empty="What a provider does otherwise with a visit type: minutes, limits, where.",
)

RESOURCES = Resource(
    name="scheduling.resource",
    model="scheduling.Resource",
    singular="bookable resource",
    plural="bookable resources",
    path="settings/bookable",
    nav="settings",
    nav_label="Bookable resources",
    selector=f"{SELECTORS}.templates.resources",
    view_permission=P.VIEW_SCHEDULE,
    columns=(
        Column("name"),
        Column("kind"),
        Column("location"),
        Column("capacity", "At one time"),
        Column("group"),
        Column("has_hours", "Own hours"),
        Column("standing", "State", kind="status"),
    ),
    filters=(Filter("kind"), Filter("location"), Filter("is_active", "In use")),
    default_sort="name",
    title="name",
    subtitle=(Column("standing", kind="status"),),
    sections=(Section("Resource", RESOURCE),),
    children=(
        Child("scheduling.template", "resource", "Templates"),
        Child("scheduling.exception", "resource", "Exceptions"),
    ),
    form=FormSpec(fields=RESOURCE),
    create=f"{SERVICES}.resources.add",
    create_permission=P.CHANGE_TEMPLATES,
    update=f"{SERVICES}.resources.change",
    update_permission=P.CHANGE_TEMPLATES,
    empty="Providers at their locations, rooms and devices: what a visit can take.",
)

SUPPLY = (TEMPLATES, EXCEPTIONS, DISPLACED, TYPES, NEEDS, RULES, RESOURCES)
