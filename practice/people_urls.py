"""Addresses of people, roles, ways in and the guided set-up; ``practice.urls`` mounts them.

Pages at a Resource's own address stand in for the kit's: these patterns come first.
"""

from typing import Any

from django.urls import path

from practice.views import invitation, people, roles, setup, signup, tokens

practice_patterns: list[Any] = [
    path("settings/people/<uuid:pk>/edit/", people.member_edit, name="member_edit"),
    path("settings/roles/new/", roles.role_new, name="role_new"),
    path("settings/roles/<uuid:pk>/", roles.role_page, name="role"),
    path("settings/roles/<uuid:pk>/edit/", roles.role_edit, name="role_edit"),
    path("settings/tokens/new/", tokens.token_new, name="token_new"),
    path("settings/tokens/<uuid:token_id>/rotate/", tokens.token_rotate, name="token_rotate"),
]
practice_patterns += [
    path("settings/setup/", setup.setup, name="setup"),
    path("settings/setup/away/", setup.setup_away, name="setup_away"),
    path("settings/practice/", setup.facts, name="facts"),
]
open_patterns: list[Any] = [
    path("invitation/<str:secret>/", invitation.invitation, name="invitation"),
    path("sign-up/", signup.sign_up, name="sign_up"),
    path("sign-up/<str:signed>/", signup.sign_up_from_mail, name="sign_up_from_mail"),
]
