"""The product's addresses and, below each practice, views that fail in every way a view can."""

from django.urls import path

from practice.urls import handler400, handler403, handler404, handler500
from practice.urls import urlpatterns as product
from tests.faults import odd_views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [
    path("faults/leftover/", odd_views.leftover),
    path("p/<slug:practice>/api/v1/faults/<slug:fault>/", odd_views.odd),
    *product,
]
