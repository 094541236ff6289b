"""In place of a schedule that has nothing to show yet: what is lacking, and the way to add it for those who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from practice.permissions import PracticePermission
from scheduling.permissions import SchedulingPermission


@dataclass(frozen=True)
class Lacking:
    """What is not there, what it is for, and where those who hold a permission add it."""

    title: str
    text: str
    label: str
    page: str
    permission: str


SITE = Lacking(
    "No location yet",
    "The schedule shows the day of a location.",
    "Add a location",
    "kit:practice_location_create",
    PracticePermission.CHANGE_SETTINGS,
)
HOURS = Lacking(
    "Nobody can be booked yet",
    "A week shows the hours of a provider at a location.",
    "Draw a provider's week",
    "kit:scheduling_template_list",
    SchedulingPermission.CHANGE_TEMPLATES,
)


def nothing_yet(request: Any, *, lacking: Lacking) -> HttpResponse:
    """The page of a schedule that cannot be shown."""
    may = request.actor.may(lacking.permission)
    address = reverse(lacking.page, kwargs={"practice": request.practice.slug}) if may else ""
    text = lacking.text if may else f"{lacking.text} The practice manager adds it in the settings."
    return render(
        request,
        "scheduling/nothing.html",
        {"lacking": lacking, "text": text, "label": lacking.label if may else "", "address": address},
    )
