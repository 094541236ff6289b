"""Imports of other systems' data, declared for the kit. One import's page shows its progress and is hand-made."""

from interop.permissions import InteropPermission as P
from kit.resource import Column, Filter, Link, Resource, SavedView, Section

RESOURCES = (
    Resource(
        name="interop.import",
        model="interop.ImportRun",
        singular="import",
        plural="imports",
        path="interop/imports",
        nav="settings",
        selector="interop.selectors.imports.listed",
        view_permission=P.VIEW_IMPORTS,
        columns=(
            Column("label", "Import", sort=""),
            Column("state", sort=""),
            Column("what", "Kind"),
            Column("row_count", "Rows", kind="number"),
            Column("new_count", "New", kind="number"),
            Column("refused_count", "Refused", kind="number"),
            Column("created_at", "Asked"),
            Column("requested_by", "Asked by", sort=""),
            Column("finished_at", "Finished"),
        ),
        filters=(Filter("state"), Filter("is_dry_run", "Dry run"), Filter("created_at", "Asked")),
        views=(
            SavedView(slug="all", label="All"),
            SavedView(slug="failed", label="Failed", where={"state": "failed"}, done="No import has failed."),
        ),
        links=(Link("New import", "interop:import_new", P.RUN_IMPORTS),),
        default_sort="-created_at",
        status="state",
        sections=(Section("Import", ("label", "state", "requested_by", "created_at", "finished_at")),),
        api_fields=(
            "id", "source", "label", "is_dry_run", "state", "row_count", "new_count", "refused_count", "requested_by",
            "error", "started_at", "finished_at", "created_at", "updated_at",
        ),
        empty="Patients, visits, claims and balances of your old system. Begin with a dry run: it counts and changes "
        "nothing. Importing twice changes nothing either.",
    ),
)  # fmt: skip
