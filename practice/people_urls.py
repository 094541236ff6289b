"""Addresses of people, roles, ways in and the guided set-up; ``practice.urls`` mounts them.

Pages at a Resource's own address stand in for the kit's: these patterns come first.
"""

from typing import Any

from django.urls import path

from practice import views_invitation, views_people, views_roles, views_setup, views_signup, views_tokens

practice_patterns: list[Any] = [
    path("settings/people/", views_people.people_list, name="people"),
    path("settings/people/<uuid:pk>/edit/", views_people.member_edit, name="member_edit"),
    path("settings/roles/new/", views_roles.role_new, name="role_new"),
    path("settings/roles/<uuid:pk>/", views_roles.role_page, name="role"),
    path("settings/roles/<uuid:pk>/edit/", views_roles.role_edit, name="role_edit"),
    path("settings/tokens/", views_tokens.tokens, name="tokens"),
    path("settings/tokens/<uuid:token_id>/rotate/", views_tokens.token_rotate, name="token_rotate"),
    path("settings/tokens/<uuid:token_id>/revoke/", views_tokens.token_revoke, name="token_revoke"),
]
practice_patterns += [
    path("settings/setup/", views_setup.setup, name="setup"),
    path("settings/setup/away/", views_setup.setup_away, name="setup_away"),
    path("settings/practice/", views_setup.facts, name="facts"),
]
open_patterns: list[Any] = [
    path("invitation/<str:secret>/", views_invitation.invitation, name="invitation"),
    path("sign-up/", views_signup.sign_up, name="sign_up"),
    path("sign-up/<str:signed>/", views_signup.sign_up_from_mail, name="sign_up_from_mail"),
]
