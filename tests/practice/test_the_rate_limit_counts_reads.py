"""The API's rate limit counts reads as well as writes, and says when to come back."""

import pytest
from django.core.cache import caches

from practice.authentication import ActorThrottle


@pytest.fixture(autouse=True)
def _fresh_counters():
    caches["fast"].clear()
    yield
    caches["fast"].clear()


def test_the_fourth_read_of_three_allowed_ones_is_refused_with_retry_after(biller, monkeypatch):
    monkeypatch.setattr(ActorThrottle, "THROTTLE_RATES", {"actor": "3/min"})
    answers = [biller.at("api/v1/claims/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[3]["Retry-After"]) <= 60


def test_an_expired_counter_does_not_break_the_next_read(biller, monkeypatch):
    monkeypatch.setattr(ActorThrottle, "timer", staticmethod(lambda: 0.0))
    assert biller.at("api/v1/claims/").status_code == 200
    monkeypatch.undo()
    assert biller.at("api/v1/claims/").status_code == 200
