"""Ways in of machines, background work and exports, declared for the kit. What is shown only once is hand-made."""

from kit.resource import Action, Column, Filter, FormSpec, Link, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

TOKEN = Resource(
    name="practice.token",
    model="practice.ApiToken",
    singular="token",
    plural="API tokens",
    path="settings/tokens",
    nav="settings",
    nav_label="API tokens",
    selector="practice.selectors.members.tokens",
    view_permission=P.CHANGE_TOKENS,
    columns=(
        Column("name", "Client", sort=""),
        Column("begins", "Begins with"),
        Column("role"),
        Column("membership", "Made by", needs=("membership__user",)),
        Column("last_in", "Last used", kind="datetime"),
        Column("expires_at", "Valid until"),
        Column("standing", "State"),
        Column("created_at", "Made"),
    ),
    filters=(Filter("role"),),
    views=(
        SavedView(
            slug="live",
            label="Live",
            narrow="practice.selectors.members.living",
            done="No token opens anything. One lets another system act with the permissions of a role.",
        ),
    ),
    links=(Link("Make token", "practice:token_new", P.CHANGE_TOKENS),),
    default_sort="-created_at",
    title="name",
    status="standing",
    sections=(
        Section(
            "Token",
            (
                Column("begins", "Begins with"),
                "role",
                Column("membership", "Made by", needs=("membership__user",)),
                Column("created_at", "Made"),
                Column("last_in", "Last used", kind="datetime"),
                Column("expires_at", "Valid until"),
            ),
        ),
    ),
    actions=(
        Action(
            name="revoke",
            label="Revoke",
            service="practice.services.tokens.revoke_token",
            permission=P.CHANGE_TOKENS,
            when="is_live",
            danger=True,
            consequence="Its client gets 401 from the next request on.",
            done="Revoked",
        ),
    ),
    api=False,
    empty="A token lets another system act with the permissions of one role.",
)

DISPLAY = Resource(
    name="practice.display",
    model="practice.WallDisplay",
    singular="display",
    plural="wall displays",
    path="settings/displays",
    nav="settings",
    nav_label="Wall displays",
    selector="practice.selectors.displays.visible_to",
    view_permission=P.CHANGE_DISPLAYS,
    columns=(
        Column("name", "Where it hangs", sort=""),
        Column("location"),
        Column("made_by", "Made by", needs=("made_by__user",)),
        Column("last_seen", "Last seen", kind="datetime"),
        Column("expires_at", "Valid until"),
        Column("standing", "State"),
    ),
    filters=(Filter("location"),),
    views=(
        SavedView(
            slug="on",
            label="On",
            narrow="practice.selectors.displays.living",
            done="No screen is on. Make one for a location and open its address in the waiting room.",
        ),
    ),
    links=(Link("Make display", "practice:display_new", P.CHANGE_DISPLAYS),),
    default_sort="-id",
    title="name",
    status="standing",
    sections=(
        Section(
            "Display",
            (
                "location",
                Column("made_by", "Made by", needs=("made_by__user",)),
                Column("last_seen", "Last seen", kind="datetime"),
                Column("expires_at", "Valid until"),
            ),
        ),
    ),
    actions=(
        Action(
            name="revoke",
            label="End",
            service="practice.services.displays.revoke",
            permission=P.CHANGE_DISPLAYS,
            when="is_on",
            danger=True,
            consequence="Its address shows nothing any more.",
            done="Ended",
        ),
    ),
    api=False,
    empty="Screens in a waiting room: today’s times and delays of one location, no names.",
)

JOB = Resource(
    name="practice.job",
    model="practice.JobRun",
    singular="background job",
    plural="background jobs",
    path="jobs",
    nav="settings",
    nav_label="Background work",
    selector="practice.selectors.jobs.listed",
    view_permission=P.VIEW_JOBS,
    columns=(
        Column("label", "Work"),
        Column("state", sort=""),
        Column("what_happened", "What happened"),
        Column("created_at", "Asked"),
        Column("asked_by", "By"),
        Column("took"),
        Column("attempts", sort=""),
    ),
    find="practice.selectors.jobs.search",
    search_hint="the name of the work",
    filters=(Filter("state"), Filter("created_at", "Asked")),
    views=(
        SavedView(slug="all", label="All"),
        SavedView(slug="failed", label="Failed", where={"state": "failed"}, done="Nothing has failed"),
        SavedView(slug="running", label="Running", where={"state": "running"}, done="Nothing runs now."),
        SavedView(
            slug="waiting", label="Waiting", where={"state__in": ("queued", "sent")}, done="Nothing waits."
        ),
        SavedView(slug="done", label="Done", where={"state": "done"}),
    ),
    default_sort="-created_at",
    status="state",
    sections=(Section("Work", ("kind", "state", "attempts", "error", "created_at", "finished_at")),),
    actions=(
        Action(
            name="again",
            label="Run again",
            service="practice.jobs.again",
            permission=P.VIEW_JOBS,
            when="can_run_again",
            done="In the queue again",
            bulk=True,
        ),
    ),
    api_fields=(
        "id", "kind", "label", "state", "percent", "progress_note", "error", "attempts", "run_after", "finished_at",
        "created_at", "updated_at",
    ),
    empty="Imports, nightly figures and reports appear here while they run.",
)  # fmt: skip

EXPORT = Resource(
    name="practice.export",
    model="practice.PracticeExport",
    singular="export",
    plural="exports of everything",
    path="settings/data/exports",
    selector="practice.selectors.exports.visible_to",
    view_permission=P.EXPORT_PRACTICE,
    columns=(
        Column("created_at", "Asked"),
        Column("state", sort=""),
        Column("requested_by", "By", needs=("requested_by__user",)),
        Column("rows"),
        Column("files"),
        Column("big", "Size"),
        Column("sealed", "Sealed values"),
        Column("expires_at", "Until"),
    ),
    filters=(Filter("state"),),
    views=(SavedView(slug="all", label="All"),),
    default_sort="-created_at",
    status="state",
    sections=(
        Section(
            "Export",
            (
                Column("requested_by", "Asked by", needs=("requested_by__user",)),
                Column("finished_at", "Made"),
                "rows",
                "files",
                Column("big", "Size"),
                Column("sealed", "Sealed values"),
                Column("expires_at", "Can be fetched until"),
                Column("sha256", "SHA-256"),
            ),
        ),
    ),
    form=FormSpec(form="practice.forms.custody.ExportForm"),
    create="practice.services.exports.order",
    create_label="Make an export",
    create_permission=P.EXPORT_PRACTICE,
    api=False,
    export=False,
    empty="One ZIP with every table as a CSV file, every stored file, and a description of both.",
)

MACHINES = (TOKEN, DISPLAY, JOB, EXPORT)
