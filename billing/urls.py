"""Addresses of billing's own pages and endpoints; those at a Resource's address come first and stand in for it."""

from django.urls import path

from billing import remittance_urls
from billing.api import claims as api
from billing.api import payments as payments_api
from billing.api import restrictions as restrictions_api
from billing.views import claims_charges, claims_page, claims_send, payments, restrictions

urlpatterns = [
    path("claims/submit/", claims_send.submit, name="claims_submit"),
    path("claims/<uuid:pk>/", claims_page.claim_page, name="claim"),
    path("claims/<uuid:pk>/open/", claims_page.open_restricted, name="claim_open"),
    path("claims/<uuid:pk>/check/", claims_page.check, name="claim_check"),
    path("claims/<uuid:pk>/send/", claims_page.send, name="claim_send"),
    path("claims/<uuid:pk>/void/", claims_page.void, name="claim_void"),
    path(
        "claims/<uuid:pk>/findings/<uuid:finding_id>/override/", claims_page.override, name="claim_override"
    ),
    path("visits/<uuid:appointment_id>/charges/", claims_charges.visit_charges, name="charges"),
    path("visits/<uuid:pk>/restrict/", restrictions.restrict_page, name="restrict"),
    path("payments/new/", payments.take_page, name="payment_new"),
    path("payments/till/", payments.till_page, name="till"),
    path("payments/<uuid:pk>/receipt/", payments.receipt_page, name="receipt"),
    path("payments/<uuid:pk>/receipt/pdf/", payments.receipt_pdf, name="receipt_pdf"),
    path("accounts/<uuid:pk>/apply/", payments.apply_page, name="account_apply"),
    path("charges/<uuid:charge_id>/void/", claims_charges.void, name="charge_void"),
    *remittance_urls.urlpatterns,
]
api_urlpatterns = [
    path("claims/submit/", api.Submissions.as_view(), name="claims_submit"),
    path(
        "visits/<uuid:pk>/restrictions/",
        restrictions_api.VisitRestrictions.as_view(),
        name="visit_restrictions",
    ),
    path("accounts/<uuid:pk>/apply/", payments_api.ApplyMoney.as_view(), name="account_apply"),
    path("visits/<uuid:pk>/charges/", api.VisitCharges.as_view(), name="visit_charges"),
    *remittance_urls.api_urlpatterns,
]
NAVIGATION = {"billing": remittance_urls.NAVIGATION}
