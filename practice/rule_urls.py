"""Addresses of rules, deadlines and numbers; ``practice.urls`` mounts them."""

from typing import Any

from django.urls import path

from practice.api import rules as api
from practice.views import deadlines, numbers, rules

practice_patterns: list[Any] = [
    path("settings/rules/", rules.rule_list, name="rules"),
    path("settings/rules/<str:code>/", rules.rule_page, name="rule"),
    path("settings/rules/<str:code>/check/", rules.rule_check, name="rule_check"),
    path("settings/rule-values/new/", rules.value_new, name="rule_value_new"),
    path("settings/deadlines/", deadlines.what_if, name="deadlines"),
    path("settings/numbers/", numbers.number_list, name="numbers"),
    path("settings/numbers/<str:key>/", numbers.number_edit, name="number_edit"),
]
api_urlpatterns: list[Any] = [
    path("rules/", api.Catalogue.as_view(), name="rules"),
    path("rules/<str:code>/", api.History.as_view(), name="rule"),
    path("deadlines/", api.Deadline.as_view(), name="deadlines"),
]
NAVIGATION: list[tuple[str, str, str]] = [
    ("Rules", "practice:rules", "practice.view_rules"),
    ("Deadlines", "practice:deadlines", "practice.view_rules"),
    ("Numbers", "practice:numbers", "practice.change_settings"),
]
