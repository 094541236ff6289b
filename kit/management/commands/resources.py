"""``./run manage resources``: the map of the product, one line per record type."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kit import registry
from kit.resource import Resource


def summary(resource: Resource) -> str:
    """Name, address, what can be done and by whom."""
    able = [
        f"create ({resource.create_permission})" if resource.creatable else "",
        f"change ({resource.update_permission})" if resource.updatable else "",
        *(f"{action.name} ({action.permission})" for action in resource.actions),
        "export" if resource.export else "",
        "API" if resource.api else "",
        "PHI" if resource.phi else "",
    ]
    head = f"{resource.name:<32} /{resource.path}/  see: {resource.view_permission}"
    return f"{head}\n{'':<32} {', '.join(filter(None, able)) or 'only looked at'}"


class Command(BaseCommand):
    help = "Print every Resource: where it is, what can be done with it, which permission that takes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Optionally the app to print."""
        parser.add_argument("app", nargs="?", default="", help="only this app's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the map."""
        shown = [r for r in registry.every() if not options["app"] or r.name.split(".")[0] == options["app"]]
        for resource in shown:
            self.stdout.write(summary(resource))
        self.stdout.write(f"{len(shown)} resources")
