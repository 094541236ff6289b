"""The rate limits: reads count as well as writes, each has its own budget, and 429 says when to come back."""

import pytest
from django.core.cache import caches

from practice import rates


@pytest.fixture(autouse=True)
def _fresh_counters(monkeypatch):
    monkeypatch.setattr(rates, "_again_at", 0.0)
    caches["fast"].clear()
    yield
    caches["fast"].clear()


@pytest.fixture
def limited(settings):
    settings.RATES = {"actor": "3/min", "export": "2/min", "address": "4/min"}


def test_the_fourth_read_of_three_allowed_ones_is_refused_with_retry_after(biller, limited):
    answers = [biller.at("api/v1/claims/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[3]["Retry-After"]) <= 60
    assert answers[3].json()["request_id"] == answers[3]["X-Request-Id"]


def test_one_persons_haste_is_not_anothers(biller, manager, limited):
    for _ in range(4):
        biller.at("api/v1/claims/")
    assert manager.at("api/v1/claims/").status_code == 200


def test_who_waits_as_told_gets_in_again_and_refused_requests_do_not_count(settings, monkeypatch):
    settings.RATES = {"actor": "3/min"}
    moment = [1_000_000.0]
    monkeypatch.setattr(rates.time, "time", lambda: moment[0])
    waits = []
    for _ in range(10):
        waits.append(rates.spend("actor", who="x"))
        moment[0] += 1
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == 57
    moment[0] = 1_000_003 + waits[3]
    assert rates.spend("actor", who="x") == 0


def test_an_address_without_credentials_is_slowed_down_too(nobody, limited):
    answers = [nobody.at("api/v1/claims/") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert 0 < int(answers[4]["Retry-After"]) <= 60
    guess = nobody.get("/p/harbor/api/v1/claims/", headers={"Authorization": "Bearer wr_guess"})
    assert guess.status_code == 429


def test_a_signed_in_person_is_not_slowed_down_by_strangers_at_the_same_address(nobody, biller, limited):
    for _ in range(6):
        nobody.at("api/v1/claims/")
    assert biller.at("api/v1/claims/").status_code == 200


def test_sheets_have_a_smaller_budget_and_the_page_says_when_to_try_again(owner, limited):
    answers = [owner.at("settings/payers/export/csv/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert "Try again in" in answers[2].content.decode()


def test_without_redis_nobody_is_slowed_down(biller, limited, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    rates._client.cache_clear()
    assert [biller.at("api/v1/claims/").status_code for _ in range(4)] == [200] * 4
    rates._client.cache_clear()
