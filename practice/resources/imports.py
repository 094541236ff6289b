"""Imports, declared for the kit: the list, its sheets, the REST reads and the acts. The page of one is our own."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

IMPORTS = (
    Resource(
        name="practice.import",
        model="practice.ImportRun",
        singular="import",
        plural="imports",
        path="imports",
        nav="settings",
        selector="practice.selectors.imports.visible_to",
        view_permission=P.VIEW_IMPORTS,
        columns=(
            Column("label"),
            Column("target_label", "Brings in"),
            Column("state"),
            Column("taken_rows", "New", kind="number"),
            Column("refused_rows", "Refused", kind="number"),
            Column("requested_by", "Asked by"),
            Column("created_at", "Uploaded"),
            Column("finished_at", "Finished"),
            Column("source", "Comes from"),
        ),
        default_sort="-created_at",
        filters=(Filter("state"), Filter("created_at", "Uploaded")),
        views=(
            SavedView(slug="all", label="All"),
            SavedView(slug="prepared", label="To finish", where={"state__in": ["draft", "tried"]}),
            SavedView(
                slug="failed",
                label="Failed",
                narrow="practice.selectors.imports.failed",
                done="No import has failed.",
            ),
        ),
        title="label",
        status="state",
        sections=(Section("Import", ("label", "source", "state", "requested_by", "finished_at", "error")),),
        form=FormSpec(form="practice.forms.imports.SheetForm"),
        create="practice.services.sheet_uploads.receive",
        create_permission=P.RUN_IMPORTS,
        api_fields=(
            "id", "target", "label", "source", "state", "is_tried", "worksheet", "heading_row", "options", "error",
            "requested_by", "started_at", "finished_at", "created_at", "updated_at",
        ),
        actions=(
            Action(
                name="dry_run",
                label="Dry run",
                service="practice.services.import_runs.dry_run",
                permission=P.RUN_IMPORTS,
                when="can_try",
                hint="Every row goes through form and service, and everything is rolled back",
                done="Dry run started",
            ),
            Action(
                name="take",
                label="Import the rows",
                service="practice.services.import_runs.take",
                permission=P.RUN_IMPORTS,
                when="can_run",
                hint="Refused rows stay out; the others come in",
                done="Import started",
            ),
            Action(
                name="undo",
                label="Undo import",
                service="practice.services.import_runs.undo",
                permission=P.RUN_IMPORTS,
                when="can_undo",
                reason=True,
                danger=True,
                consequence="What this import made is withdrawn. What was changed or used since stays, and is named. "
                "Records that were there before and were changed by it stay as they are now.",
                done="Undo started",
            ),
        ),
        empty="Sheets of another system: patients, payers, budgets, journals. Nothing is taken before a dry run has "
        "shown what would happen.",
    ),
)  # fmt: skip
