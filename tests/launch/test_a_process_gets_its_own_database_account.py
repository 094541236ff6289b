from urllib.parse import urlsplit

import pytest

from practice.launch import environment
from practice.launch.credentials import generate
from practice.launch.environment import Endpoints
from practice.launch.paths import State

ADMIN = "postgresql://boss:secret@db.example:5433/postgres?sslmode=require"


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", ADMIN)
    return environment.django_environment(
        State(mode="demo", root=tmp_path),
        credentials=generate(),
        endpoints=Endpoints(admin_url=ADMIN, redis_url="redis://127.0.0.1:7/0"),
        role="app",
        base_url="http://localhost:8123",
    )


def test_every_variable_of_the_contract_is_set(made, tmp_path):
    assert made["WELLRUN_MODE"] == "demo"
    assert made["WELLRUN_ROLE"] == "app"
    assert made["WELLRUN_BASE_URL"] == "http://localhost:8123"
    assert made["WELLRUN_OUTGOING"] == str(tmp_path / "exchange" / "outgoing")
    assert made["WELLRUN_INCOMING"] == str(tmp_path / "exchange" / "incoming")
    for name in ("SECRET_KEY", "PHI_KEYS", "INDEX_KEY", "FILE_KEYS", "WELLRUN_MEDIA", "WELLRUN_MAILBOX"):
        assert made[name]


@pytest.mark.parametrize("role", environment.ROLES)
def test_each_role_has_an_address_of_its_own_that_keeps_the_servers_options(made, role):
    parts = urlsplit(made[f"DATABASE_{role.upper()}_URL"])

    assert parts.username == f"wellrun_{role}"
    assert (parts.hostname, parts.port, parts.path) == ("db.example", 5433, "/wellrun")
    assert parts.query == "sslmode=require"


def test_no_product_process_sees_the_administrators_address(made):
    assert "DATABASE_URL" not in made
    assert not any("boss:secret" in value for value in made.values())


def test_a_missing_home_is_replaced_by_one_that_can_be_written(monkeypatch):
    monkeypatch.delenv("HOME")

    home = environment.tool_environment()["HOME"]

    assert home.endswith(".wellrun/home")
