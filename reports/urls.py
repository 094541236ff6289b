"""Addresses of the reports."""

from django.urls import path

from reports.permissions import ReportPermission as P
from reports.views import pnl

urlpatterns = [
    path("pnl/", pnl.report_list, name="pnl"),
    path("pnl/<uuid:report_id>/", pnl.report, name="pnl_report"),
    path("pnl/<uuid:report_id>/explain/<uuid:line_id>/", pnl.explain, name="pnl_explain"),
    path("pnl/<uuid:report_id>/finalize/", pnl.finalize, name="pnl_finalize"),
    path("pnl/<uuid:report_id>/pdf/", pnl.make_pdf, name="pnl_pdf"),
    path("pnl/<str:month>/<str:basis>/", pnl.newest, name="pnl_month"),
]
NAVIGATION = {"reports": [("P&L variance", "reports:pnl", str(P.VIEW_PNL))]}
