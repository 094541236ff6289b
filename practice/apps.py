"""Start-up of the tenant app: fills the kit's ports and loads the checks."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "practice"

    def ready(self) -> None:
        from practice import checks, ports  # noqa: F401  registers the checks

        ports.fill()
