"""/livez, /readyz and /statusz: who gets in, what they say, and what they never say."""

import base64

import pytest
from django.db import connection
from django.test import Client

from practice import jobs, probes
from practice.worker import run_waiting
from tests.cast import actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db
TOKEN = "operator-token-of-this-test-0123456789"


@jobs.kind("test.sick", label="Sick")
def sick(job):
    raise jobs.NotAgain("Maria Lopez is not to be named.")


@pytest.fixture
def monitor(settings):
    settings.OPERATOR_TOKEN = TOKEN
    return Client(headers={"Authorization": f"Bearer {TOKEN}"})


def test_the_probes_answer_on_any_host_without_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers={"host": "10.1.2.3"})
    assert client.get("/livez").content == b"ok"
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() | {"redis": 0, "degraded": 0} == {
        "ready": True, "stopping": False, "database": True, "migrations": True, "refused": [], "redis": 0,
        "degraded": 0,
    }  # fmt: skip
    assert client.post("/readyz").status_code == 405


def test_a_stopping_process_is_alive_but_not_ready(monkeypatch):
    import threading

    monkeypatch.setattr(probes, "_stopping", threading.Event())
    assert Client().get("/readyz").status_code == 200
    probes.stop()
    assert Client().get("/livez").status_code == 200
    response = Client().get("/readyz")
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_a_release_whose_migrations_are_not_applied_is_not_ready(monkeypatch):
    monkeypatch.setattr(probes, "_seen", {"migrated": False})
    assert Client().get("/readyz").json()["migrations"] is True
    monkeypatch.setattr(probes, "_seen", {"migrated": False})
    with owner_cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = name || '_away' WHERE app = 'practice' "
                       "AND name = '0002_functions'")  # fmt: skip
        try:
            assert Client().get("/readyz").json()["migrations"] is False
        finally:
            cursor.execute(
                "UPDATE django_migrations SET name = '0002_functions' WHERE name = '0002_functions_away'"
            )


def test_without_redis_it_is_ready_and_says_degraded(settings):
    settings.CACHES = {
        **settings.CACHES,
        "fast": {**settings.CACHES["fast"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    ready = Client().get("/readyz")
    assert ready.status_code == 200
    assert (ready.json()["redis"], ready.json()["degraded"]) == (False, True)


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Basic !!", f"Token {TOKEN}",
                                   "Basic " + base64.b64encode(f"someone:{TOKEN}".encode()).decode()])  # fmt: skip
def test_nobody_gets_in_without_the_token(monitor, manager, given):
    headers = {"Authorization": given} if given else {}
    for client in (Client(), manager):
        response = client.get("/statusz", headers=headers)
        assert response.status_code == 401
        assert "Basic" in response["WWW-Authenticate"]
        assert b"jobs" not in response.content


def test_without_a_token_set_there_is_no_such_page(settings):
    settings.OPERATOR_TOKEN = ""
    assert Client(headers={"Authorization": "Bearer "}).get("/statusz").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_figures_count_jobs_nights_and_refusals_and_name_nobody(monitor, manager):
    actor = actor_named("manager")
    with in_practice(actor):
        jobs.enqueue("test.sick", actor=actor, key="sick")
    run_waiting(practice_id=actor.practice_id)
    with in_practice(actor):
        jobs.enqueue("test.sick", actor=actor, key="waiting")
    before = monitor.get("/statusz").json()["web"]["foreign_practice"]
    assert manager.get("/p/summit/work/").status_code == 404
    response = monitor.get("/statusz")
    figures = response.json()
    assert figures["database"]["jobs"]["waiting"] == 1
    assert figures["database"]["failed_24h"] == {"test.sick": 1}
    assert figures["database"]["practices"] == 2
    assert figures["database"]["migrated"] is True
    assert figures["database"]["connections"]["wellrun_app"] >= 1
    assert figures["web"]["foreign_practice"] == before + 1
    assert figures["web"]["p95_ms"] > 0
    assert figures["disk"]["free_bytes"] > 0
    said = response.content.decode()
    assert not [word for word in ("Maria", "Mara", "Harbor", "harbor.example") if word in said]


@pytest.mark.django_db(transaction=True)
def test_the_last_night_is_counted_by_practice(monitor):
    actor = actor_named("manager")
    with owner_cursor() as cursor:
        for day, state in (("2026-10-04", "failed"), ("2026-10-05", "done"), ("2026-10-05", "failed")):
            cursor.execute(
                "INSERT INTO practice_jobrun (practice_id, kind, key, args, state, attempts, max_attempts, "
                "progress_done, progress_total, progress_note, error, result, request_id) "
                "VALUES (%s, %s, %s, '{}', %s, 1, 5, 0, 0, '', '', '{}', 'dispatch')",
                [str(actor.practice_id), f"k.{state}", day, state],
            )
    (night,) = monitor.get("/statusz").json()["database"]["nights"]
    assert night == {
        "practice": str(actor.practice_id),
        "night": "2026-10-05",
        "done": 1,
        "failed": 1,
        "waiting": 0,
    }


def test_a_browser_gets_a_page(monitor):
    basic = base64.b64encode(f"operator:{TOKEN}".encode()).decode()
    response = Client().get("/statusz", headers={"Authorization": f"Basic {basic}", "Accept": "text/html"})
    assert response.status_code == 200
    assert "<h1>Status of this installation</h1>" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert connection.in_atomic_block
