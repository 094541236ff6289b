"""Addresses of the books."""

from django.urls import path

from finance import views
from finance.permissions import FinancePermission as P

urlpatterns = [
    path("budgets/", views.budget_list, name="budgets"),
    path("budgets/<uuid:budget_id>/", views.budget, name="budget"),
    path("budgets/<uuid:budget_id>/approve/", views.budget_approve, name="budget_approve"),
    path("upload/", views.upload, name="upload"),
    path("months/", views.months, name="months"),
]
NAVIGATION = {
    "reports": [
        ("Budgets", "finance:budgets", str(P.VIEW_BUDGET)),
        ("Upload journals", "finance:upload", str(P.POST_JOURNAL)),
        ("Close a month", "finance:months", str(P.VIEW_BOOKS)),
    ]
}
