"""Mounted at /kit/ by practice.urls, in dev and test mode only."""

from django.urls import path

from kit.gallery import views

urlpatterns = [
    path("", views.index, name="index"),
    path("palette/", views.palette, name="palette"),
    path("<slug:name>/", views.whole, name="page"),
]
