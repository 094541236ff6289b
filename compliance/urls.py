"""An audit and an answer stand at their Resource's own address: these pages come before the kit's."""

from django.urls import path

from compliance import views

urlpatterns = [
    path("audits/<uuid:pk>/", views.audit, name="audit"),
    path("answers/<uuid:pk>/", views.answer, name="answer"),
]
