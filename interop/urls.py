"""Pages of the import centre."""

from django.urls import path

from interop import views
from interop.permissions import InteropPermission

urlpatterns = [
    path("imports/", views.import_list, name="imports"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<uuid:pk>/", views.import_run, name="import"),
    path("imports/<uuid:pk>/refused/<uuid:file_id>/", views.refused_rows, name="refused_rows"),
]
NAVIGATION = {"settings": [("Imports", "interop:imports", InteropPermission.VIEW_IMPORTS)]}
