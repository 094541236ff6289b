"""Records around patients, declared for the kit. Patients themselves have hand-made pages."""

from kit.resource import Action, Child, Column, Filter, FormSpec, Resource, SavedView, Section
from patients.permissions import PatientPermission as P

OWNER = Column("owner", needs=("owner__user",))
WHO = Column("who", "Who", needs=("patient",))

COMPLAINT = Resource(
    name="patients.complaint",
    model="patients.Complaint",
    singular="complaint",
    plural="complaints",
    path="patients/complaints",
    nav="patients",
    selector="patients.selectors.complaints.visible_to",
    view_permission=P.VIEW_COMPLAINT,
    columns=(
        Column("number", "No."),
        Column("summary", "About", sort=""),
        WHO,
        Column("category"),
        Column("severity"),
        Column("resolve_by", "Resolve by"),
        Column("stage"),
        Column("acknowledge_by", "Acknowledge by"),
        Column("received_on", "Received"),
        OWNER,
    ),
    filters=(Filter("category"), Filter("severity"), Filter("stage"), Filter("received_on", "Received")),
    views=(
        SavedView(
            slug="open",
            label="Open",
            narrow="patients.selectors.complaints.still_open",
            sort="resolve_by",
            done="No complaint is open.",
        ),
        SavedView(
            slug="overdue",
            label="Overdue",
            narrow="patients.selectors.complaints.overdue",
            sort="resolve_by",
            done="No complaint is overdue.",
        ),
        SavedView(
            slug="soon",
            label="Due in 7 days",
            narrow="patients.selectors.complaints.due_soon",
            sort="resolve_by",
            done="No complaint is due this week.",
        ),
        SavedView(slug="closed", label="Closed", where={"stage": "closed"}, sort="-received_on"),
    ),
    default_sort="-number",
    status="stage",
    subtitle=(Column("category"), WHO),
    sections=(
        Section("Complaint", ("summary", "details", "channel", "is_grievance", "severity", "location")),
        Section("Who", (Column("patient"), Column("complainant", "Told by"))),
        Section("Clocks", ("received_on", "acknowledge_by", "resolve_by", OWNER, "closed_on", "resolution")),
    ),
    children=(Child("patients.complaint_step", "complaint", "Steps taken"),),
    form=FormSpec(form="patients.complaint_forms.ComplaintForm"),
    create="patients.services.complaints.receive",
    create_permission=P.CHANGE_COMPLAINT,
    update="patients.services.complaints.change",
    update_permission=P.CHANGE_COMPLAINT,
    actions=(
        Action(
            name="acknowledge",
            label="Acknowledge",
            service="patients.services.complaints.acknowledge",
            permission=P.CHANGE_COMPLAINT,
            when="can_acknowledge",
            form="patients.complaint_forms.NoteForm",
            hint="Tell them that it was heard and by when they get an answer",
            done="Acknowledged",
        ),
        Action(
            name="investigate",
            label="Look into it",
            service="patients.services.complaints.investigate",
            permission=P.CHANGE_COMPLAINT,
            when="can_investigate",
            form="patients.complaint_forms.NoteForm",
            done="Being looked into",
        ),
        Action(
            name="respond",
            label="Answer",
            service="patients.services.complaints.respond",
            permission=P.RESOLVE_COMPLAINT,
            when="can_respond",
            form="patients.complaint_forms.ResponseForm",
            done="Answered",
        ),
        Action(
            name="close",
            label="Close",
            service="patients.services.complaints.close",
            permission=P.RESOLVE_COMPLAINT,
            when="can_close",
            form="patients.complaint_forms.ResolutionForm",
            undo="reopen",
            done="Closed",
        ),
        Action(
            name="reopen",
            label="Reopen",
            service="patients.services.complaints.reopen",
            permission=P.RESOLVE_COMPLAINT,
            when="can_reopen",
            reason=True,
            done="Reopened",
        ),
    ),
    empty="What patients and their families complain about, with the days by which they are answered.",
    phi=True,
)

STEP = Resource(
    name="patients.complaint_step",
    model="patients.ComplaintEvent",
    singular="step",
    plural="steps",
    path="patients/complaint-steps",
    selector="patients.selectors.complaints.steps",
    view_permission=P.VIEW_COMPLAINT,
    columns=(
        Column("created_at", "When"),
        Column("stage"),
        Column("note", "What was said or done", sort=""),
        Column("complaint"),
    ),
    default_sort="-created_at",
    sections=(Section("Step", ("complaint", "stage", "created_at", "note")),),
    empty="What was done about complaints, step by step.",
    phi=True,
)

RESOURCES = (COMPLAINT, STEP)
