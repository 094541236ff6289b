"""gunicorn's settings and its worker: `gunicorn -c python:practice.serving practice.wsgi`.

A stopping web process first says so on /readyz, goes on serving while the balancer takes it out, then ends what it
has begun. Our own line for each request replaces gunicorn's access log, which would write addresses and queries.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from practice import logs

# How long a process goes on taking requests after SIGTERM, not ready: longer than the balancer's probe interval.
DRAIN_SECONDS = float(os.environ.get("WELLRUN_DRAIN_SECONDS", "0"))
GRACE_SECONDS = 30.0


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """A thread worker that is not ready from SIGTERM on, and stops accepting a little later."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: unready at once; gunicorn's own graceful end when the drain is over."""
        from practice import probes

        probes.stop()
        threading.Timer(DRAIN_SECONDS, super().handle_exit, args=(sig, frame)).start()


worker_class = DrainingWorker
workers = int(os.environ.get("WELLRUN_WEB_PROCESSES", "2"))
threads = int(os.environ.get("WELLRUN_WEB_THREADS", "4"))
timeout = 60
graceful_timeout = int(DRAIN_SECONDS + float(os.environ.get("WELLRUN_GRACE_SECONDS", str(GRACE_SECONDS))))
control_socket_disable = True
accesslog = None
logconfig_dict = logs.configuration(readable=False, level=os.environ.get("WELLRUN_LOG_LEVEL", "INFO"))
