"""Real directories, a real cluster: the launcher is tested on what it really starts."""

from collections.abc import Iterator

import pytest

from practice.launch import paths
from practice.launch.paths import State
from practice.launch.services import Services


@pytest.fixture
def state() -> Iterator[State]:
    """An empty throw-away state directory that the service account can reach."""
    made = paths.throwaway_state("test")
    yield made
    paths.remove(made)


@pytest.fixture(scope="session")
def running() -> Iterator[Services]:
    """Running services that many tests share: look, do not change."""
    made = paths.throwaway_state("test")
    with Services(state=made) as started:
        yield started
    paths.remove(made)


@pytest.fixture
def services(state: State) -> Iterator[Services]:
    """Running services of one test, which may break them."""
    with Services(state=state) as running:
        yield running
