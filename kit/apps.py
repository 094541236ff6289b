"""The kit as a Django app: it has template tags, no tables."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Declarative pages, tables, forms, money, charts, PDF. Knows no other app."""

    name = "kit"
    verbose_name = "Kit"
