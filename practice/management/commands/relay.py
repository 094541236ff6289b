"""`./run` starts this beside the worker: see practice.relay."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from practice.chain import Sealer
from practice.relay import run_forever
from practice.startup import insist


class Command(BaseCommand):
    help = "Hand queued jobs to Celery and seal the audit trail, until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
        insist()
        with Sealer():
            run_forever(running=lambda: not stopped)
