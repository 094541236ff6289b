"""Compliance records, declared for the kit. An audit and an answer have pages of their own (views.py)."""

from compliance.permissions import CompliancePermission as P
from kit.resource import Action, Child, Column, Filter, FormSpec, Resource, SavedView, Section

OWNER = Column("owner", needs=("owner__user",))
LEAD = Column("lead", needs=("lead__user",))

PROGRAMME = Resource(
    name="compliance.programme",
    model="compliance.Programme",
    singular="programme",
    plural="programmes",
    path="compliance/programmes",
    nav="compliance",
    selector="compliance.selectors.programmes.visible_to",
    view_permission=P.VIEW_COMPLIANCE,
    columns=(
        Column("name"),
        Column("kind"),
        OWNER,
        Column("cycle_days", "Days between audits"),
        Column("is_active", "In use"),
    ),
    default_sort="name",
    sections=(
        Section("Programme", ("kind", OWNER, Column("cycle_days", "Days between audits"), "is_active")),
    ),
    children=(
        Child("compliance.audit", "programme", "Audits"),
        Child("compliance.item", "programme", "Checklist"),
    ),
    form=FormSpec(form="compliance.forms.ProgrammeForm"),
    create="compliance.services.programmes.install_programme",
    create_permission=P.CHANGE_COMPLIANCE,
    update="compliance.services.programmes.change",
    update_permission=P.CHANGE_COMPLIANCE,
    empty="Bodies of rules the practice is audited against.",
)

ITEM = Resource(
    name="compliance.item",
    model="compliance.ChecklistItem",
    singular="checklist item",
    plural="checklist items",
    path="compliance/checklist",
    selector="compliance.selectors.programmes.checklist",
    view_permission=P.VIEW_COMPLIANCE,
    columns=(
        Column("code"),
        Column("text", "What is asked", sort=""),
        Column("citation"),
        Column("is_required", "Required"),
        Column("programme"),
        Column("effective_from", "In force from"),
        Column("position", "Place"),
    ),
    filters=(Filter("programme"), Filter("is_required", "Required")),
    default_sort="position",
    title="code",
    subtitle=(Column("citation"),),
    sections=(
        Section(
            "What is asked",
            (
                "text",
                "citation",
                Column("is_required", "Required"),
                "effective_from",
                "effective_to",
                "programme",
            ),
        ),
    ),
    empty="What a programme asks for, in our own words with its citation.",
)

AUDIT = Resource(
    name="compliance.audit",
    model="compliance.Audit",
    singular="audit",
    plural="audits",
    path="compliance/audits",
    nav="compliance",
    selector="compliance.selectors.audits.listed",
    view_permission=P.VIEW_COMPLIANCE,
    columns=(
        Column("name"),
        Column("programme"),
        Column("location", "Site"),
        LEAD,
        Column("progress", "Answered"),
        Column("due_on", "Due"),
        Column("state"),
    ),
    filters=(Filter("state"), Filter("programme")),
    views=(
        SavedView(slug="open", label="Open", where={"state": "open"}, done="No audit is running."),
        SavedView(slug="closed", label="Closed", where={"state": "closed"}),
    ),
    default_sort="-due_on",
    status="state",
    sections=(Section("Audit", ("programme", "location", LEAD, "started_on", "due_on", "closed_on")),),
    form=FormSpec(form="compliance.forms.AuditForm"),
    create="compliance.services.audits.start_audit",
    create_permission=P.CHANGE_COMPLIANCE,
    actions=(
        Action(
            name="close",
            label="Close audit",
            service="compliance.services.audits.close_audit",
            permission=P.CLOSE_FINDING,
            when="is_open",
            consequence="Its answers and evidence stay as they are from then on.",
            done="Closed",
        ),
    ),
    empty="Rounds of a programme's checklist, with answers, evidence and findings.",
)

ANSWER = Resource(
    name="compliance.answer",
    model="compliance.AuditAnswer",
    singular="answer",
    plural="answers",
    path="compliance/answers",
    selector="compliance.selectors.audits.answers",
    view_permission=P.VIEW_COMPLIANCE,
    columns=(
        Column("item__code", "Item"),
        Column("item__text", "What is asked", sort=""),
        Column("item__citation", "Citation", sort=""),
        Column("answer"),
        Column("answered_on", "Answered"),
        Column("audit_round", "Audit"),
        Column("item__position", "Place"),
    ),
    filters=(Filter("answer"), Filter("audit_round", "Audit")),
    default_sort="item__position",
    title="code",
    status="answer",
    sections=(Section("Answer", ("item__text", "item__citation", "notes", "alternative", "answered_on")),),
    actions=(
        Action(
            name="answer",
            label="Answer",
            service="compliance.services.audits.answer",
            permission=P.CHANGE_COMPLIANCE,
            when="can_change",
            form="compliance.forms.AnswerForm",
            done="Answered",
        ),
        Action(
            name="attach",
            label="Attach evidence",
            service="compliance.services.audits.attach",
            permission=P.CHANGE_COMPLIANCE,
            when="can_change",
            form="compliance.forms.EvidenceForm",
            done="Evidence kept",
        ),
        Action(
            name="finding",
            label="Raise a finding",
            service="compliance.services.findings.raise_finding",
            permission=P.CHANGE_COMPLIANCE,
            when="shows_gap",
            form="compliance.forms.FindingForm",
        ),
    ),
    empty="Answers of every audit.",
)

FINDING = Resource(
    name="compliance.finding",
    model="compliance.Finding",
    singular="finding",
    plural="findings",
    path="compliance/findings",
    nav="compliance",
    selector="compliance.selectors.audits.findings",
    view_permission=P.VIEW_COMPLIANCE,
    columns=(
        Column("title", "Finding"),
        Column("answer__item__citation", "Requirement"),
        Column("severity"),
        Column("due_on", "Due"),
        OWNER,
        Column("state"),
    ),
    filters=(Filter("severity"), Filter("state")),
    views=(
        SavedView(
            slug="open", label="Open", where={"state": "open"}, sort="due_on", done="No finding is open."
        ),
        SavedView(
            slug="overdue",
            label="Overdue",
            narrow="compliance.selectors.audits.overdue_findings",
            sort="due_on",
            done="No finding is overdue.",
        ),
        SavedView(slug="closed", label="Closed", where={"state": "closed"}),
    ),
    default_sort="due_on",
    title="title",
    status="state",
    subtitle=(Column("severity"), Column("answer__item__citation")),
    sections=(
        Section(
            "Finding",
            (
                "severity",
                Column("answer__item__text", "What is asked"),
                Column("answer__item__citation", "Citation"),
                Column("answer__audit_round", "Audit"),
                "found_on",
                "due_on",
                OWNER,
                "closed_on",
            ),
        ),
    ),
    children=(Child("compliance.action", "finding", "Corrective actions"),),
    actions=(
        Action(
            name="close",
            label="Close finding",
            service="compliance.services.findings.close_finding",
            permission=P.CLOSE_FINDING,
            when="is_open",
            hint="When every corrective action is done",
            consequence="It leaves the list of what is open.",
            done="Closed",
        ),
    ),
    empty="Gaps that audits found, worst first by their day.",
)

ACTION = Resource(
    name="compliance.action",
    model="compliance.CorrectiveAction",
    singular="corrective action",
    plural="corrective actions",
    path="compliance/actions",
    nav="compliance",
    selector="compliance.selectors.audits.actions",
    view_permission=P.VIEW_COMPLIANCE,
    columns=(
        Column("text", "What"),
        Column("finding"),
        Column("due_on", "Due"),
        OWNER,
        Column("state"),
        Column("done_on", "Done"),
    ),
    filters=(Filter("state"),),
    views=(
        SavedView(
            slug="planned", label="Planned", where={"state": "planned"}, sort="due_on", done="All are done."
        ),
        SavedView(
            slug="overdue",
            label="Overdue",
            narrow="compliance.selectors.audits.overdue_actions",
            sort="due_on",
            done="Nothing is overdue.",
        ),
        SavedView(slug="done", label="Done", where={"state": "done"}),
    ),
    default_sort="due_on",
    title="text",
    status="state",
    sections=(Section("Action", ("finding", "due_on", OWNER, "done_on", "proof")),),
    form=FormSpec(form="compliance.forms.ActionForm"),
    create="compliance.services.findings.add_action",
    create_permission=P.CHANGE_COMPLIANCE,
    actions=(
        Action(
            name="complete",
            label="Mark as done",
            service="compliance.services.findings.complete_action",
            permission=P.CHANGE_COMPLIANCE,
            when="is_planned",
            form="compliance.forms.ProofForm",
            done="Done",
        ),
    ),
    empty="What will be done about findings, by whom and until when.",
)

RESOURCES = (PROGRAMME, ITEM, AUDIT, ANSWER, FINDING, ACTION)
