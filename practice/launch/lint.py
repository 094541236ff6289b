"""`./run lint`: the gates that need no database."""

from __future__ import annotations

from collections.abc import Sequence

from practice.launch import checks, venv
from practice.launch.console import LaunchError, say
from practice.launch.credentials import generate
from practice.launch.environment import Endpoints, django_environment
from practice.launch.paths import WORK, State


def main(argv: Sequence[str]) -> int:
    """Run every static gate, also after one has failed; 1 when any did."""
    if argv:
        raise LaunchError("./run lint takes no arguments.")
    venv.ensure(venv.DEV)
    # mypy's Django plug-in reads the settings; nothing connects to these addresses.
    env = django_environment(
        State(mode="test", root=WORK / "lint"),
        credentials=generate(),
        endpoints=Endpoints(
            admin_url="postgres://nobody@127.0.0.1:1/none", redis_url="redis://127.0.0.1:1/0"
        ),
        role="app",
        base_url="http://localhost:8000",
    )
    outcomes = [checks.run_gate(gate, env=env) for gate in checks.static_gates()]
    say(checks.summary(outcomes))
    return 0 if all(outcome.passed for outcome in outcomes) else 1
