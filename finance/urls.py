"""Addresses of the books' own pages."""

from django.urls import path

from finance import views
from finance.permissions import FinancePermission as P

urlpatterns = [
    path("budgets/new/", views.budget_upload, name="budget_upload"),
    path("budgets/<uuid:budget_id>/", views.budget, name="budget"),
    path("upload/", views.upload, name="upload"),
]
NAVIGATION = {"reports": [("Upload journals", "finance:upload", str(P.POST_JOURNAL))]}
