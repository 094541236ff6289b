"""`./run bench [--quick|--full] [--only NAME]`: speed as ratios to bare SQL, on a throw-away database."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from practice.launch import frontend, paths, site, venv
from practice.launch.console import Steps
from practice.launch.environment import python
from practice.launch.paths import ROOT
from practice.launch.services import Services, sweep


def main(argv: Sequence[str]) -> int:
    """Set up, measure, clear up; the exit code says whether every limit was kept."""
    steps = Steps(total=4)
    sweep()
    state = paths.throwaway_state("test")
    try:
        with steps.step("Checking the packages"):
            venv.ensure(venv.DEV)
        with steps.step("Checking the front end"):
            frontend.ensure()
        services = Services(state=state)
        with steps.step("Starting a throw-away PostgreSQL and Valkey"):
            services.__enter__()
        try:
            with steps.step("Making the tables"):
                site.migrate(services)
            env = services.environment(role="app")
            env["WELLRUN_API_RATE"] = "1000000/min"  # the rate limit is not what is measured
            return subprocess.run([python(), "-m", "bench", *argv], cwd=ROOT, env=env, check=False).returncode
        finally:
            services.__exit__()
    finally:
        paths.remove(state)
