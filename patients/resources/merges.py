"""Merged records, declared for the kit."""

from kit.resource import Action, Child, Column, FormSpec, Resource, SavedView, Section
from patients.permissions import PatientPermission as P

MERGE = Resource(
    name="patients.merge",
    model="patients.PatientMerge",
    singular="merge",
    plural="merged records",
    path="patients/merges",
    nav="patients",
    nav_label="Merged records",
    selector="patients.selectors.merges.visible_to",
    view_permission=P.VIEW_PATIENT,
    columns=(
        Column("created_at", "When", sort=""),
        Column("kept", "Stays"),
        Column("gone", "Went into it"),
        Column("reason", "Why", sort=""),
        Column("standing", "Status"),
    ),
    views=(
        SavedView(
            slug="merged",
            label="Merged",
            narrow="patients.selectors.merges.holding",
            done="No two records have been made one.",
        ),
        SavedView(slug="all", label="All"),
    ),
    status="standing",
    subtitle=(Column("kept"),),
    sections=(
        Section(
            "Merge",
            (
                Column("kept", "Stays"),
                Column("gone", "Went into it"),
                "reason",
                "created_at",
                "undone_at",
                Column("undo_reason", "Why it was undone"),
            ),
        ),
    ),
    children=(Child("patients.merge_move", "merge", "What moved"),),
    form=FormSpec(form="patients.merge_forms.MergeForm"),
    create="patients.services.merges.merge",
    create_label="Merge two records",
    create_permission=P.MERGE_PATIENT,
    actions=(
        Action(
            name="undo",
            label="Undo",
            service="patients.services.merges.undo",
            permission=P.MERGE_PATIENT,
            when="can_undo",
            reason=True,
            danger=True,
            consequence="Everything that moved moves back; what was written since stays with the record that was kept.",
            done="The two are two records again",
        ),
    ),
    api_fields=("id", "kept", "gone", "reason", "created_at", "undone_at", "undo_reason", "updated_at"),
    empty="Two records of one person, made one. Each can be undone.",
    keyed=True,
    phi=True,
)

MOVE = Resource(
    name="patients.merge_move",
    model="patients.MergeMove",
    singular="moved row",
    plural="moved rows",
    path="patients/merge-moves",
    selector="patients.selectors.merges.moves",
    view_permission=P.VIEW_PATIENT,
    columns=(
        Column("model", "Kind", sort=""),
        Column("field", sort=""),
        Column("outcome", sort=""),
        Column("row_id", "Row", sort=""),
        Column("merge"),
    ),
    sections=(
        Section("Row", ("merge", Column("model", "Kind"), "field", "outcome", Column("row_id", "Row"))),
    ),
    api=False,
    empty="Rows that followed a record into another, one by one.",
    phi=True,
)
