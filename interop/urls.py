"""The page that starts an import of another system's whole export; its runs stand among all imports."""

from django.urls import path

from interop import views

urlpatterns = [path("imports/new/", views.import_new, name="import_new")]
