"""Addresses of the reports."""

from django.urls import path

from reports.api import kpis as api
from reports.permissions import ReportPermission as P
from reports.views import kpis, owner, pnl

urlpatterns = [
    path("owner/", owner.owner, name="owner"),
    path("owner/balances/", owner.open_balances, name="open_balances"),
    path("kpi/", kpis.wall, name="kpis"),
    path("kpi/compute/", kpis.compute, name="compute"),
    path("kpi/<slug:code>/", kpis.kpi, name="kpi"),
    path("pnl/new/", pnl.report_new, name="pnl_new"),
    path("pnl/<uuid:report_id>/", pnl.report, name="pnl_report"),
    path("pnl/<uuid:report_id>/explain/<uuid:line_id>/", pnl.explain, name="pnl_explain"),
    path("pnl/<uuid:report_id>/finalize/", pnl.finalize, name="pnl_finalize"),
    path("pnl/<uuid:report_id>/pdf/", pnl.make_pdf, name="pnl_pdf"),
    path("pnl/month/<str:month>/<str:basis>/", pnl.newest, name="pnl_month"),
]
api_urlpatterns = [
    path("kpis/", api.Catalogue.as_view(), name="kpis"),
    path("kpis/<slug:code>/", api.Values.as_view(), name="kpi"),
]
NAVIGATION = {
    "reports": [
        ("Owners’ page", "reports:owner", str(P.VIEW_OWNER_PAGE)),
        ("KPI wall", "reports:kpis", str(P.VIEW_KPI)),
    ]
}
