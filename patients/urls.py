"""Addresses of patients."""

from django.urls import path

from patients import api, views

urlpatterns = [
    path("", views.patient_list, name="list"),
    path("new/", views.register, name="register"),
    path("<uuid:pk>/", views.patient_page, name="patient"),
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
NAVIGATION = {"patients": [("All patients", "patients:list", "patients.view_patient")]}
