"""The billing room's fixtures."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kit import clock
from tests.billing import claim_world


@pytest.fixture
def billing(acting: Any, settings: Any, tmp_path: Any) -> Any:
    """``with billing() as world:``: a practice ready to bill, on a fixed day, its folders of its own."""
    settings.OUTGOING, settings.INCOMING = tmp_path / "out", tmp_path / "in"

    @contextmanager
    def enter(key: str = "manager") -> Iterator[claim_world.World]:
        with clock.at(claim_world.NOW), acting(key) as actor:
            yield claim_world.build(actor)

    return enter
