"""docs/events.md is made from the code, and says what the code says."""

from practice.events import EVENTS
from practice.management.commands.events_page import PAGE, text


def test_the_events_page_is_what_the_code_declares():
    assert PAGE.read_text(encoding="utf-8") == text()
    assert all(f"`{event}`" in text() for event in EVENTS)
