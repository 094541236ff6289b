"""The product's addresses and, below each practice, one that fails as it is told."""

from django.urls import path

from practice.urls import handler400, handler403, handler404, handler500
from practice.urls import urlpatterns as product
from tests.security import leaky_views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [path("p/<slug:practice>/api/v1/leak/<slug:way>/", leaky_views.leak), *product]
