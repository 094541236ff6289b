"""What can be allowed in reports: key figures, the owners' page, the monthly P&L variance report."""

from __future__ import annotations

from practice.permissions import Permission


class ReportPermission(Permission):
    """What the reports allow. Figures hold no patient's name; the rows behind them ask their own permission."""

    VIEW_OWNER_PAGE = "reports.view_owner_page", "see the owners' page", "physician"
    VIEW_KPI = (
        "reports.view_kpi",
        "see key figures and the rows they count",
        "biller physician compliance integration",
    )
    RUN_ROLLUP = "reports.run_rollup", "compute key figures again", ""
    VIEW_PNL = "reports.view_pnl", "see the monthly P&L variance report", "physician"
    CHANGE_PNL = "reports.change_pnl", "make a P&L variance report and explain its variances", ""
    FINALIZE_PNL = "reports.finalize_pnl", "make a P&L variance report final", ""


ATTACHMENTS = {"reports.variancereport": ReportPermission.VIEW_PNL}
