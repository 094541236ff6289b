"""Addresses of billing: pages below /p/<slug>/billing/, endpoints below /p/<slug>/api/v1/."""

from django.urls import path

from billing import remittance_urls
from billing.api import claims as api
from billing.views import claims_charges, claims_list, claims_page

urlpatterns = [
    path("claims/", claims_list.claim_list, name="claims"),
    path("claims/submit/", claims_list.submit, name="claims_submit"),
    path("claims/<uuid:pk>/", claims_page.claim_page, name="claim"),
    path("claims/<uuid:pk>/open/", claims_page.open_restricted, name="claim_open"),
    path("claims/<uuid:pk>/check/", claims_page.check, name="claim_check"),
    path("claims/<uuid:pk>/send/", claims_page.send, name="claim_send"),
    path("claims/<uuid:pk>/void/", claims_page.void, name="claim_void"),
    path(
        "claims/<uuid:pk>/findings/<uuid:finding_id>/override/", claims_page.override, name="claim_override"
    ),
    path("visits/<uuid:appointment_id>/charges/", claims_charges.visit_charges, name="charges"),
    path("charges/<uuid:charge_id>/void/", claims_charges.void, name="charge_void"),
    *remittance_urls.urlpatterns,
]
api_urlpatterns = [
    path("claims/", api.Claims.as_view(), name="claims"),
    path("claims/submit/", api.Submissions.as_view(), name="claims_submit"),
    path("claims/<uuid:pk>/", api.OneClaim.as_view(), name="claim"),
    path("claims/<uuid:pk>/submit/", api.SubmitOne.as_view(), name="claim_submit"),
    path("visits/<uuid:pk>/charges/", api.VisitCharges.as_view(), name="visit_charges"),
    *remittance_urls.api_urlpatterns,
]
NAVIGATION = {"billing": [("Claims", "billing:claims", "billing.view_claim"), *remittance_urls.NAVIGATION]}
