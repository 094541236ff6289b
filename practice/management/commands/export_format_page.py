"""Write docs/export-format.md from the models; the suite checks that it is current."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from practice.export_format import page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "export-format.md"


class Command(BaseCommand):
    help = "Write docs/export-format.md from the models."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace the page."""
        PAGE.write_text(page(), encoding="utf-8")
