"""Addresses of public forms: the builder and what was sent, inside the practice; the form itself, outside of it."""

from typing import Any

from django.urls import path

from practice.views import form_builder, forms, public_form, public_letter, submissions

practice_patterns: list[Any] = [
    path("settings/forms/<uuid:pk>/", forms.form_page, name="form"),
    path("settings/forms/<uuid:pk>/versions/<int:number>/", forms.preview, name="form_preview"),
    path("settings/forms/<uuid:pk>/links/<uuid:link_id>/revoke/", forms.link_revoke, name="link_revoke"),
    path("settings/forms/<uuid:pk>/draft/", form_builder.draft, name="form_draft"),
    path("settings/forms/<uuid:pk>/draft/publish/", form_builder.publish, name="form_publish"),
    path("settings/forms/<uuid:pk>/draft/sections/", form_builder.section_add, name="form_section_add"),
    path(
        "settings/forms/<uuid:pk>/draft/sections/<uuid:section_id>/remove/",
        form_builder.section_remove,
        name="form_section_remove",
    ),
    path("settings/forms/<uuid:pk>/draft/questions/", form_builder.question_add, name="form_question_add"),
    path(
        "settings/forms/<uuid:pk>/draft/questions/<uuid:field_id>/",
        form_builder.question_edit,
        name="form_question",
    ),
    path(
        "settings/forms/<uuid:pk>/draft/questions/<uuid:field_id>/<str:act>/",
        form_builder.question_act,
        name="form_question_act",
    ),
    path("submissions/<uuid:pk>/", submissions.submission, name="submission"),
]
open_patterns: list[Any] = [
    path("f/<str:secret>/", public_form.fill_in, name="public_form"),
    path("f/<str:secret>/sent/", public_form.sent, name="public_form_sent"),
    path("l/<str:secret>/", public_letter.read, name="public_letter"),
]
