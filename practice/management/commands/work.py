"""Run queued jobs in this process, without Celery: for the curious and for repairs."""

from typing import Any

from django.core.management.base import BaseCommand

from practice.models import Practice
from practice.worker import run_waiting


class Command(BaseCommand):
    help = "Run every queued job of every practice once, here and now."

    def handle(self, *args: Any, **options: Any) -> None:
        for practice in Practice.objects.order_by("slug"):
            self.stdout.write(f"{practice.slug}: {run_waiting(practice_id=practice.id)} jobs")
