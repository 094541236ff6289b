"""A production process does not start with weak keys, without https or as a mighty account; a good one does."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from practice.hardening import weaknesses
from practice.launch.credentials import generate
from practice.startup import judge
from tests.cast import owner_cursor

ROOT = Path(__file__).parents[2]
KEYS = generate()
GOOD = {
    "WELLRUN_MODE": "production",
    "WELLRUN_ROLE": "app",
    "WELLRUN_BASE_URL": "https://books.example",
    "SECRET_KEY": KEYS.secret_key,
    "PHI_KEYS": KEYS.phi_keys,
    "FILE_KEYS": KEYS.file_keys,
    "INDEX_KEY": KEYS.index_key,
}
SAFE = {
    "version": 180000, "role": "wellrun_app", "superuser": False, "bypasses": False, "creates": False, "owns": False,
}  # fmt: skip


def start(tmp_path, *, module="practice.settings", **changes):
    env = {**os.environ, **GOOD, "WELLRUN_STATE": str(tmp_path), **changes}
    env = {name: value for name, value in env.items() if value is not None}
    command = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_well_kept_process_starts(tmp_path):
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"WELLRUN_BASE_URL": "http://books.example"}, "https://"),
        ({"WELLRUN_MODE": "live"}, "WELLRUN_MODE"),
        ({"INDEX_KEY": None}, "INDEX_KEY is not set"),
    ],
    ids=["weak key", "no https", "unknown mode", "missing key"],
)
def test_a_weak_one_does_not(tmp_path, changes, words):
    done = start(tmp_path, **changes)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert words in done.stderr


def judged(**changes):
    given = {
        "secret_key": KEYS.secret_key,
        "phi_keys": [KEYS.phi_keys],
        "file_keys": [KEYS.file_keys],
        "index_key": KEYS.index_key,
        "base_url": "https://books.example",
        "environment": {"OPERATOR_TOKEN": "q7" * 5 + KEYS.index_key},
    }
    return weaknesses(**{**given, **changes})


def test_random_keys_and_https_have_no_weakness():
    assert judged() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret_key": "django-insecure-" + KEYS.secret_key}, "SECRET_KEY"),
        ({"secret_key": "k" * 64}, "SECRET_KEY"),
        ({"index_key": "0" * 64}, "INDEX_KEY"),
        ({"phi_keys": [KEYS.phi_keys, "not-a-key"]}, "PHI_KEYS"),
        ({"file_keys": [base64.urlsafe_b64encode(b"0" * 32).decode()]}, "FILE_KEYS"),
        ({"file_keys": [KEYS.phi_keys]}, "equal"),
        ({"base_url": "http://books.example"}, "https://"),
        ({"base_url": "https://*.example"}, "wildcard"),
        ({"base_url": "https://"}, "wildcard"),
        ({"environment": {"DEBUG": "True"}}, "DEBUG"),
        ({"environment": {"OPERATOR_TOKEN": "1234"}}, "OPERATOR_TOKEN"),
    ],
)
def test_each_weakness_is_named(changes, words):
    found = judged(**changes)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"superuser": True}, "superuser"),
        ({"bypasses": True}, "bypasses"),
        ({"owns": True}, "owns tables"),
        ({"creates": True}, "may create"),
        ({"version": 170004}, "PostgreSQL 18"),
    ],
)
def test_a_mighty_account_and_an_old_server_are_refused(changes, words):
    assert judge(SAFE, role="app") == []
    assert words in judge({**SAFE, **changes}, role="app")[0]


@pytest.mark.django_db
def test_a_web_process_that_owns_the_tables_does_not_start(tmp_path):
    name = connection.settings_dict["NAME"]
    owner = os.environ["DATABASE_OWNER_URL"].rsplit("/", 1)[0] + f"/{name}"
    app = os.environ["DATABASE_APP_URL"].rsplit("/", 1)[0] + f"/{name}"
    assert start(tmp_path, module="practice.wsgi", DATABASE_APP_URL=app).returncode == 0
    done = start(tmp_path, module="practice.wsgi", DATABASE_APP_URL=owner)
    assert done.returncode != 0
    assert "owns tables" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_database_with_the_demos_people_is_refused(tmp_path):
    app = os.environ["DATABASE_APP_URL"].rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    with owner_cursor() as cursor:
        cursor.execute(
            "UPDATE practice_user SET email = 'dana@demo.wellrun.example' WHERE name = 'Bill Brand'"
        )
    done = start(tmp_path, module="practice.wsgi", DATABASE_APP_URL=app)
    assert done.returncode != 0
    assert "demo" in done.stderr


def test_demo_data_is_refused_in_production(settings):
    from django.core.management import CommandError, call_command

    settings.MODE = "production"
    with pytest.raises(CommandError, match="refused"):
        call_command("seed_demo")
