"""P&L variance reports as a list, declared for the kit. One report's page is a dashboard of its own."""

from kit.resource import Action, Column, Filter, Link, Resource, SavedView, Section
from reports.permissions import ReportPermission as P

RESOURCES = (
    Resource(
        name="reports.pnl",
        model="reports.VarianceReport",
        singular="P&L variance report",
        plural="P&L variance reports",
        path="reports/pnl",
        nav="reports",
        nav_label="P&L variance",
        selector="reports.selectors.pnl.listed",
        view_permission=P.VIEW_PNL,
        columns=(
            Column("of", "Month", sort="month,version"),
            Column("basis"),
            Column("version"),
            Column("state"),
            Column("explanations"),
            Column("as_of", "Made"),
            Column("finalized_at", "Final"),
            Column("finalized_by", "Final by", needs=("finalized_by__user",)),
        ),
        filters=(Filter("basis"), Filter("state"), Filter("month")),
        views=(
            SavedView(slug="all", label="All"),
            SavedView(slug="open", label="To explain", where={"state": "draft"}, done="Every report is final."),
            SavedView(slug="final", label="Final", where={"state": "final"}),
        ),
        links=(Link("Make a report", "reports:pnl_new", P.CHANGE_PNL),),
        default_sort="-of",
        status="state",
        sections=(Section("Report", ("month", "basis", "version", "state", "as_of")),),
        actions=(
            Action(
                name="finalize",
                label="Make final",
                service="reports.services.pnl.finalize",
                permission=P.FINALIZE_PNL,
                hint="When every material line is explained; its PDF is made again",
                done="Final",
            ),
        ),
        api_fields=(
            "id", "month", "basis", "version", "state", "as_of", "budget_label", "explanations", "finalized_at",
            "created_at", "updated_at",
        ),
        empty="Actual against budget, month by month. The first is made when a month ends; you can have one made for "
        "any month that has ended.",
    ),
)  # fmt: skip
