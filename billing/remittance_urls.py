"""Addresses of remittances, denials and patient accounts; ``billing.urls`` takes them in."""

from django.urls import path

from billing.api import remittances as api
from billing.views import denials, ledger, remittances

urlpatterns = [
    path("remittances/look/", remittances.look, name="remittance_look"),
    path("remittances/files/<uuid:pk>/download/", remittances.download, name="remittance_download"),
    path("remittances/<uuid:pk>/", remittances.remittance, name="remittance"),
    path("remittances/<uuid:pk>/post/", remittances.post, name="remittance_post"),
    path("remittances/<uuid:pk>/check/", remittances.check, name="remittance_check"),
    path("remittances/<uuid:pk>/release/", remittances.release, name="remittance_release"),
    path("remittances/claims/<uuid:pk>/match/", remittances.match, name="remittance_match"),
    path("denials/", denials.board, name="denials"),
    path("denials/<uuid:pk>/", denials.denial, name="denial"),
    path("denials/<uuid:pk>/do/<slug:act>/", denials.step, name="denial_step"),
    path("accounts/<uuid:pk>/", ledger.account, name="account"),
]
api_urlpatterns = [
    path("remittances/", api.Remittances.as_view(), name="remittances"),
    path("remittances/<uuid:pk>/", api.OneRemittance.as_view(), name="remittance"),
    path("remittances/<uuid:pk>/post/", api.PostRemittance.as_view(), name="remittance_post"),
]
NAVIGATION = [
    ("Denials", "billing:denials", "billing.view_denial"),
]
