"""docker-compose.yml: the same processes as ./run demo, only variables that exist, nothing mighty, orderly stops."""

import re
from pathlib import Path

import pytest
import yaml

from practice.launch import doctor
from practice.launch.credentials import generate
from practice.launch.environment import Endpoints, django_environment
from practice.launch.paths import State

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
OURS = {name: one for name, one in SERVICES.items() if one.get("image") == "wellrun"}
SERVERS = {"web", "worker", "beat", "relay"}
# Read by gunicorn's and provision's own process, not by settings.
ELSEWHERE = "practice/serving.py", "practice/launch/provision.py"


def known_variables():
    """Every variable that settings, serving and provision read."""
    sources = [ROOT / "practice" / "settings.py", *(ROOT / path for path in ELSEWHERE)]
    text = "\n".join(path.read_text() for path in sources)
    return set(re.findall(r'"([A-Z][A-Z_]{3,})"', text)) | {
        f"DATABASE_{role}_URL" for role in ("OWNER", "APP", "JOBS", "RELAY")
    }


def test_every_process_of_the_demo_is_there_in_its_role():
    assert set(OURS) == SERVERS | {"setup", "more-workers"}
    roles = {name: OURS[name]["environment"]["WELLRUN_ROLE"] for name in OURS}
    assert roles == {"setup": "owner", "web": "app", "worker": "jobs", "more-workers": "jobs",
                     "beat": "relay", "relay": "relay"}  # fmt: skip
    assert "practice.serving" in OURS["web"]["command"]
    assert OURS["relay"]["command"] == "python manage.py relay"
    for name in ("worker", "beat"):
        assert OURS[name]["command"].startswith(f"celery -A practice.celery {name}")


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_it_sets_is_read_by_somebody(name):
    assert set(OURS[name]["environment"]) - known_variables() == set()


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_every_variable_a_process_needs_is_set(name):
    settings = (ROOT / "practice" / "settings.py").read_text()
    needed = set(re.findall(r'required\("([A-Z_]+)"\)', settings))
    needed.add(f"DATABASE_{OURS[name]['environment']['WELLRUN_ROLE'].upper()}_URL")
    assert needed - set(OURS[name]["environment"]) == set()
    demo = django_environment(
        State(mode="demo", root=Path("/nowhere")), credentials=generate(), role="app", base_url="http://localhost",
        endpoints=Endpoints(admin_url="postgres://a@b/c", redis_url="redis://b/0"),
    )  # fmt: skip
    secrets = {key for key in demo if key.endswith(("_KEY", "_KEYS", "_TOKEN")) and key in known_variables()}
    assert secrets - set(OURS[name]["environment"]) == set()


def test_no_secret_has_a_default_and_production_is_meant():
    assert all(one["environment"]["WELLRUN_MODE"] == "production" for one in OURS.values())
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT))
    assert {
        name for name, value in defaults.items() if value and re.search("KEY|PASSWORD|TOKEN", name)
    } == set()


@pytest.mark.parametrize("name", sorted([*SERVERS, "more-workers", "redis", "pgbouncer"]))
def test_nothing_runs_as_root_or_writes_where_it_should_not(name):
    one = SERVICES[name]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in one["security_opt"]
    inline = one.get("build", {}).get("dockerfile_inline", "")
    assert one.get("user") not in (None, "root") or "USER postgres" in inline


def seconds(text):
    return int(text.removesuffix("s"))


def test_processes_have_the_time_to_stop_that_they_ask_for():
    web = OURS["web"]
    asked = sum(int(web["environment"][f"WELLRUN_{name}_SECONDS"]) for name in ("DRAIN", "GRACE"))
    assert seconds(web["stop_grace_period"]) > asked
    assert all("stop_grace_period" in SERVICES[name] for name in SERVERS | {"pgbouncer", "db"})
    assert "/readyz" in " ".join(web["healthcheck"]["test"])
    assert all("healthcheck" in SERVICES[name] for name in ("web", "db", "redis", "pgbouncer"))


def test_the_pool_lends_by_transaction_and_listeners_go_round_it():
    pool = yaml.safe_load(TEXT)["configs"]["pool"]["content"]
    assert "pool_mode = transaction" in pool
    assert "auth_type = scram-sha-256" in pool
    environment = OURS["worker"]["environment"]
    for name in ("OWNER", "RELAY", "HEARTBEAT"):
        assert "@db:5432" in environment[f"DATABASE_{name}_URL"]
    for name in ("APP", "JOBS"):
        assert "${DB_HOST:-db}" in environment[f"DATABASE_{name}_URL"]
    assert SERVICES["pgbouncer"]["profiles"] == SERVICES["more-workers"]["profiles"] == ["scale"]


def test_the_doctor_names_what_the_env_file_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    assert doctor._compose() == []
    (tmp_path / "docker-compose.yml").write_text(TEXT)
    asked = set(re.findall(r"\$\{(\w+):\?", TEXT))
    for name in asked:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("".join(f"{name}=x\n" for name in asked - {"PHI_KEYS"}))
    (finding,) = doctor._compose()
    assert finding.needed
    assert finding.cure.endswith(": PHI_KEYS")
    (tmp_path / ".env").write_text("".join(f"{name}=x\n" for name in asked))
    assert doctor._compose()[0].cure == ""
