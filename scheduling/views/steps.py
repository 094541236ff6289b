"""The buttons that take a visit through the day: status, words, service."""

from __future__ import annotations

from dataclasses import dataclass

from scheduling.models import Appointment
from scheduling.rules import NEXT


@dataclass(frozen=True)
class Button:
    """A step: its name in the address and in the services, the words on it, whether it needs booking or flow."""

    status: str
    name: str
    label: str
    done: str
    danger: bool = False
    books: bool = False


BUTTONS = {
    button.status: button
    for button in (
        Button("confirmed", "confirm", "Confirm", "confirmed", books=True),
        Button("arrived", "arrive", "Arrived", "marked as arrived"),
        Button("checked_in", "check_in", "Check in", "checked in"),
        Button("roomed", "room", "Room", "roomed"),
        Button("with_provider", "with_provider", "With provider", "now with the provider"),
        Button("checkout", "check_out", "To checkout", "at checkout"),
        Button("completed", "complete", "Complete visit", "completed"),
        Button("no_show", "no_show", "Mark as no-show", "marked as no-show", danger=True),
        Button("left", "leave", "Left without being seen", "marked as left", danger=True),
    )
}
HELD = (
    Button("booked", "book_held", "Book this time", "booked", books=True),
    Button("cancelled", "release", "Release the time", "no longer held a time", danger=True, books=True),
)
# A check-in is more than a status, it keeps what was looked at: it has a page and an endpoint of its own.
STEPS = {button.name: button for button in (*BUTTONS.values(), *HELD) if button.name != "check_in"}


def button_for(status: str) -> Button:
    """The button that leads to a status."""
    return BUTTONS[status]


def buttons_of(visit: Appointment, *, books: bool, flows: bool) -> list[Button]:
    """What can be pressed on a visit now: the usual next step first, harmful ones last."""
    if visit.status == Appointment.Status.HELD:
        return [button for button in HELD if books]
    possible = [BUTTONS[status] for status in reversed(NEXT.get(visit.status, ())) if status in BUTTONS]
    allowed = [button for button in possible if (books if button.books else flows)]
    return sorted(allowed, key=lambda button: button.danger)
