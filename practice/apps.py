"""Start-up of the tenant app: fills the kit's ports, loads the checks, listens at allauth's doors."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "practice"

    def ready(self) -> None:
        from practice import checks, ports, sheet_registry, trail  # noqa: F401  registers the checks

        ports.fill()
        trail.connect()
