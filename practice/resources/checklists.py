"""Checklists and their runs, declared for the kit. A run and the editor of steps have pages of their own."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

RHYTHM = (
    "name", "role", "location", "recurrence", "weekday", "month_day", "once_on", "due_time", "closed_days",
    "second_person",
)  # fmt: skip
SIGNED_BY = Column("signed_by", "Signed by", needs=("signed_by__user",))

RUN = Resource(
    name="practice.checklist_run",
    model="practice.ChecklistRun",
    singular="checklist",
    plural="checklists",
    path="checklists",
    nav="today",
    nav_label="All checklists",
    selector="practice.selectors.checklists.runs",
    view_permission=P.VIEW_CHECKLISTS,
    columns=(
        Column("template__name", "Checklist"),
        Column("location"),
        Column("on", "Day"),
        Column("due_at", "Due"),
        Column("state"),
        SIGNED_BY,
        Column("signed_at", "Signed"),
    ),
    filters=(Filter("location"), Filter("template", "Checklist"), Filter("state"), Filter("on", "Day")),
    views=(
        SavedView(
            slug="today",
            label="Today",
            narrow="practice.selectors.checklists.today",
            done="No checklist is due today.",
        ),
        SavedView(
            slug="open",
            label="Open",
            narrow="practice.selectors.checklists.waiting",
            sort="on",
            done="Every checklist is signed.",
        ),
        SavedView(
            slug="missed",
            label="Missed",
            narrow="practice.selectors.checklists.missed",
            done="No checklist was missed.",
        ),
        SavedView(slug="signed", label="Signed", narrow="practice.selectors.checklists.signed"),
    ),
    default_sort="-on",
    status="state",
    subtitle=(Column("location"), Column("on", "Day")),
    sections=(
        Section(
            "Checklist",
            (
                Column("version", needs=("version__template",)),
                "location",
                Column("on", "Day"),
                Column("due_at", "Due"),
                SIGNED_BY,
                Column("signed_at", "Signed"),
            ),
        ),
    ),
    actions=(
        Action(
            name="answer",
            label="Answer a step",
            service="practice.services.checklist_runs.answer",
            permission=P.RUN_CHECKLISTS,
            when="can_sign",
            form="practice.forms.checklists.AnswerForm",
            done="Answered",
        ),
        Action(
            name="sign",
            label="Sign off",
            service="practice.services.checklist_runs.sign",
            permission=P.RUN_CHECKLISTS,
            when="can_sign",
            form="practice.forms.checklists.SignForm",
            consequence="Nothing in it changes after that.",
            done="Signed",
        ),
    ),
    api_fields=(
        "id", "template", "version", "location", "on", "due_at", "role", "second_person", "state", "signed_by",
        "signed_name", "signed_at", "created_at", "updated_at",
    ),
    empty="Each time a checklist is gone through, with its answers and who signed.",
)  # fmt: skip

TEMPLATE = Resource(
    name="practice.checklist_template",
    model="practice.ChecklistTemplate",
    singular="checklist template",
    plural="checklist templates",
    path="settings/checklist-templates",
    nav="settings",
    selector="practice.selectors.checklists.templates",
    view_permission=P.VIEW_CHECKLISTS,
    columns=(
        Column("name"),
        Column("role"),
        Column("location"),
        Column("recurrence", "How often"),
        Column("due_time", "Due by"),
        Column("second_person", "Second person"),
        Column("standing", "State", kind="status"),
        Column("version", "Version"),
    ),
    filters=(Filter("location"), Filter("role"), Filter("is_active", "In use")),
    default_sort="name",
    subtitle=(Column("standing", kind="status"),),
    sections=(Section("Checklist", (*RHYTHM, "version")),),
    form=FormSpec(fields=RHYTHM),
    create="practice.services.checklists.add",
    create_permission=P.CHANGE_CHECKLISTS,
    update="practice.services.checklists.change",
    update_permission=P.CHANGE_CHECKLISTS,
    actions=(
        Action(
            name="steps",
            label="Change steps",
            service="practice.services.checklists.write_steps",
            permission=P.CHANGE_CHECKLISTS,
            form="practice.forms.checklists.StepsForm",
            done="Steps kept as a new version",
        ),
        Action(
            name="start",
            label="Start",
            service="practice.services.checklists.start",
            permission=P.CHANGE_CHECKLISTS,
            when="can_start",
            hint="Due from today on",
            done="In use",
        ),
        Action(
            name="pause",
            label="Pause",
            service="practice.services.checklists.pause",
            permission=P.CHANGE_CHECKLISTS,
            when="can_pause",
            danger=True,
            consequence="No more of it is made until it is started again. What was done stays.",
            done="Paused",
        ),
    ),
    contested=True,
    api_fields=("id", *RHYTHM, "version", "is_active", "created_at", "updated_at"),
    empty="What is gone through again and again: opening, closing, refrigerators, the emergency kit.",
)

CHECKLISTS = (RUN, TEMPLATE)
