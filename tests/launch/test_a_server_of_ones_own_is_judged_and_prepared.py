import os
import subprocess
import sys

import psycopg2
import pytest

from practice.launch import doctor, paths
from practice.launch.console import LaunchError
from practice.launch.environment import ROLES, role_url
from practice.launch.services import Services

MAKER = "CREATE ROLE maker LOGIN CREATEROLE CREATEDB PASSWORD 'pw'"


@pytest.fixture
def other_state():
    made = paths.throwaway_state("demo")
    yield made
    paths.remove(made)


def administer(url, *statements):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


@pytest.fixture
def server(services):
    """A PostgreSQL that is not ours to start, with an administrator who is no superuser."""
    url = services.endpoints.admin_url
    administer(
        url,
        "DROP DATABASE wellrun",
        "REVOKE CONNECT ON DATABASE postgres FROM wellrun_owner",
        "REVOKE SET ON PARAMETER session_replication_role FROM wellrun_owner",
        *(f"DROP ROLE {role}" for role in ("wellrun_jobs", "wellrun_app", "wellrun_relay", "wellrun_owner")),
        MAKER,
        "GRANT CONNECT ON DATABASE postgres TO maker",
    )
    host = url.rpartition("@")[2]
    return f"postgres://maker:pw@{host}", services.endpoints.redis_url


def test_roles_and_database_are_made_by_an_administrator_who_is_no_superuser(server, other_state):
    admin_url, redis_url = server

    with Services(state=other_state, admin_url=admin_url, redis_url=redis_url) as own:
        url = role_url(admin_url, role="app", password=own.credentials.app_password)
        connection = psycopg2.connect(url)
        connection.close()
        assert own.cluster.pid() is None  # no embedded server beside it
    with Services(state=other_state, admin_url=admin_url, redis_url=redis_url):
        pass  # a second start changes nothing and fails at nothing


def test_an_account_that_may_not_create_roles_is_refused(server, other_state, services):
    administer(services.endpoints.admin_url, "ALTER ROLE maker NOCREATEROLE")

    with (
        pytest.raises(LaunchError, match="may create roles and databases"),
        Services(state=other_state, admin_url=server[0], redis_url=server[1]),
    ):
        pass


def test_the_version_of_the_server_is_asked(running):
    assert doctor.server_version(running.endpoints.admin_url).startswith("18.")


@pytest.mark.parametrize(
    ("version", "refused"), [("18.6", False), ("19.0", False), ("17.4", True), ("9.6", True)]
)
def test_a_server_older_than_18_is_refused(version, refused):
    assert bool(doctor.judge_server(version).cure) is refused


def test_a_server_that_does_not_answer_is_missing():
    answer = doctor.server_version("postgres://nobody@127.0.0.1:1/none")

    finding = doctor.judge_server(answer)
    assert finding.needed
    assert finding.cure
    assert os.linesep not in finding.thing


def test_a_deployment_prepares_its_server_from_its_variables(server):
    admin_url, _ = server
    variables = {
        f"DATABASE_{role.upper()}_URL": role_url(admin_url, role=role, password=f"{role}-p%40ss")
        for role in ROLES
    }

    done = subprocess.run(
        [sys.executable, "-m", "practice.launch.provision", "--from-environment"],
        cwd=paths.ROOT,
        env={**os.environ, **variables, "DATABASE_URL": admin_url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    psycopg2.connect(variables["DATABASE_RELAY_URL"]).close()
