"""schemathesis against every operation: no 5xx, no status or body the schema does not know, nothing invalid taken."""

import logging
import os
import time

import pytest

from tests.api.operations import operations
from tests.api.traffic import Traffic
from tests.api.world import token
from tests.tiers import DEEP, share

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
FULL = 100_000


def test_what_the_schema_allows_and_forbids_is_answered_as_it_says(world, evidence):
    logging.disable(logging.WARNING)
    asked = [operation.id for operation in share(operations(), one_in=5)]
    requests = int(os.environ.get("WELLRUN_FUZZ", FULL if DEEP else len(asked)))
    traffic, began = Traffic(world, token=token()), time.monotonic()
    try:
        traffic.run(each=-(-requests // len(asked)), asked=asked)
    finally:
        logging.disable(logging.NOTSET)
    evidence(
        requests=traffic.sent,
        operations=len(asked),
        statuses=dict(sorted(traffic.statuses.items())),
        server_errors=sum(count for status, count in traffic.statuses.items() if status >= 500),
        undocumented_or_wrong=len(traffic.found),
        seconds=round(time.monotonic() - began, 1),
    )
    assert not traffic.found, f"{len(traffic.found)}\n" + "\n".join(
        f"{kind}: {words}" for kind, words in sorted(traffic.found.items())
    )
    assert traffic.sent >= requests
    assert not [status for status in traffic.statuses if status >= 500]
