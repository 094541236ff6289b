"""The kit as a Django app: lookups, checks and template tags, no tables."""

from importlib import import_module

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Declarative pages, tables, forms, money, charts, PDF. Knows no other app."""

    name = "kit"
    verbose_name = "Kit"

    def ready(self) -> None:
        """Register what Django must know before the first query."""
        import_module("kit.lookups")
        import_module("kit.registry")
