"""Addresses of patients."""

from django.urls import path

from patients import (
    access_views,
    api,
    break_glass_views,
    case_api,
    case_views,
    consent_api,
    consent_link_views,
    consent_views,
    merge_views,
    public_consent_views,
    registration_views,
)

urlpatterns = [
    path("new/", registration_views.register, name="register"),
    path("alike/", registration_views.alike, name="alike"),
    path("merges/new/", merge_views.merge_page, name="merge"),
    path("<uuid:pk>/", merge_views.patient_page, name="patient"),
    path("consent-starters/", consent_views.add_starters, name="consent_starters"),
    path("<uuid:pk>/sign/", consent_views.sign_page, name="sign"),
    path("<uuid:pk>/sign/<uuid:version_id>/send/", consent_link_views.send_page, name="sign_link"),
    path("<uuid:pk>/ssn/", registration_views.ssn_page, name="ssn"),
    path("visits/<uuid:pk>/case/", case_views.visit_case, name="visit_case"),
    path("break-glass/", break_glass_views.break_glass_page, name="break_glass"),
    path("break-glass/<uuid:pk>/close/", break_glass_views.close, name="break_glass_close"),
    path("<uuid:pk>/access/", access_views.access_report, name="access"),
    path("<uuid:pk>/access/csv/", access_views.access_sheet, name="access_sheet"),
]
open_urlpatterns = [path("s/<str:secret>/", public_consent_views.sign, name="public_consent")]
api_urlpatterns = [
    path(
        "patients/<uuid:pk>/consent-links/", consent_api.MakeConsentLink.as_view(), name="make_consent_link"
    ),
    path("patients/<uuid:pk>/coverages/", api.PatientCoverages.as_view(), name="patient_coverages"),
    path(
        "patients/<uuid:pk>/missing-consents/", consent_api.MissingConsents.as_view(), name="missing_consents"
    ),
    path("visits/<uuid:pk>/case/", case_api.CaseOfVisit.as_view(), name="visit_case"),
    path("contact-replies/", api.ContactReplies.as_view(), name="contact_replies"),
    path("patients/<uuid:pk>/ssn/", api.PatientSsn.as_view(), name="patient_ssn"),
]
