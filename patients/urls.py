"""Addresses of patients."""

from django.urls import path

from patients import access_views, api, break_glass_views, restriction_views, views

urlpatterns = [
    path("", views.patient_list, name="list"),
    path("new/", views.register, name="register"),
    path("break-glass/", break_glass_views.break_glass_page, name="break_glass"),
    path("break-glass/<uuid:pk>/close/", break_glass_views.close, name="break_glass_close"),
    path("break-glass/opened/", break_glass_views.openings, name="openings"),
    path("break-glass/opened/<uuid:pk>/", break_glass_views.opening, name="opening"),
    path("restricted/", restriction_views.restricted_records, name="restricted"),
    path("<uuid:pk>/restriction/", restriction_views.restriction, name="restriction"),
    path("<uuid:pk>/", views.patient_page, name="patient"),
    path("<uuid:pk>/access/", access_views.access_report, name="access"),
    path("<uuid:pk>/access/csv/", access_views.access_sheet, name="access_sheet"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/coverage/new/", views.coverage_new, name="coverage_new"),
    path("coverage/<uuid:pk>/end/", views.coverage_end, name="coverage_end"),
]
api_urlpatterns = [
    path("patients/", api.Patients.as_view(), name="patients"),
    path("patients/<uuid:pk>/", api.OnePatient.as_view(), name="patient"),
    path("patients/<uuid:pk>/coverages/", api.PatientCoverages.as_view(), name="patient_coverages"),
    path("coverages/<uuid:pk>/end/", api.EndCoverage.as_view(), name="coverage_end"),
]
NAVIGATION = {
    "patients": [
        ("All patients", "patients:list", "patients.view_patient"),
        ("Restricted records", "patients:restricted", "patients.view_restricted"),
        ("Break-glass", "patients:break_glass", "patients.break_glass"),
    ],
    "compliance": [("Break-glass", "patients:openings", "patients.review_break_glass")],
}
