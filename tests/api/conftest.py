"""One furnished world for all tests of a file: building it costs more than asking a hundred questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from practice.edges import HouseRequest
from tests.api.world import World, furnish
from tests.cast import snapshot
from tests.shelf import once


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Committed rows in both practices, and clients of the API that may do everything there."""
    with django_db_blocker.unblock():
        once("api", furnish)
        yield World()
        connection.close()
        snapshot().restore()


@pytest.fixture(autouse=True)
def _as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test clients make the requests the web server makes."""
    monkeypatch.setattr("django.test.client.WSGIRequest", HouseRequest)
