from django.apps import AppConfig

from kit import ports
from tests.kit.toyapp import holes


class ToyConfig(AppConfig):
    name = "tests.kit.toyapp"

    def ready(self) -> None:
        ports.provide(
            allowed=holes.allowed,
            log_read=holes.log_read,
            history=holes.history,
            beside=holes.beside,
            holders=holes.holders,
            idempotent=holes.idempotent,
            step_up=holes.step_up,
            spend=holes.spend,
            saved_views=holes.saved_views,
            opened=holes.opened,
            bulk=holes.bulk,
        )
