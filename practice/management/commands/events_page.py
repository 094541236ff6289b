"""Write docs/events.md from what is declared; the suite checks that it is current."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from practice.discovery import load_handlers
from practice.events import EVENTS, handlers_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"


def text() -> str:
    """The page: each event, what it carries, who handles it and when."""
    load_handlers()
    lines = ["# Events", "", "Made by `./run manage events_page`. Ids only; see `practice/events.py`.", ""]
    lines += ["| event | carries | handled by |", "|---|---|---|"]
    for event, ids in sorted(EVENTS.items()):
        handled = (
            "; ".join(f"`{name}` ({when.replace('_', ' ')})" for name, when in handlers_of(event))
            or "nobody yet"
        )
        lines.append(f"| `{event}` | {', '.join(ids)} | {handled} |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/events.md from the declared events and handlers."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(text(), encoding="utf-8")
