"""The fixed cast (ARCHITECTURE.md 13), on a database in which the tests are ``wellrun_app``.

Practice A "harbor": owner Olive, manager Mara, physician Percy, front desk Fay, biller Bill.
Practice B "summit": Stan, the stranger, who owns it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils.crypto import get_random_string

PEOPLE = {
    "owner": ("Olive Owens", "harbor", "owner"),
    "manager": ("Mara Mendez", "harbor", "manager"),
    "physician": ("Percy Park", "harbor", "physician"),
    "front_desk": ("Fay Flores", "harbor", "front_desk"),
    "biller": ("Bill Brand", "harbor", "biller"),
    "stranger": ("Stan Stone", "summit", "owner"),
}


class Visitor(Client):
    """A signed-in (or anonymous) browser whose addresses start in one practice."""

    def __init__(self, *, slug: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.slug = slug

    def at(self, path: str = "", **query: Any) -> Any:
        """GET a page of the practice."""
        return self.get(f"/p/{self.slug}/{path}", query)

    def send(self, path: str, data: Any = None, **extra: Any) -> Any:
        """POST a form of the practice."""
        return self.post(f"/p/{self.slug}/{path}", data or {}, **extra)


def _switch_role(name: str) -> None:
    parts = urlsplit(os.environ[f"DATABASE_{name}_URL"])
    connection.close()
    connection.settings_dict.update(
        USER=unquote(parts.username or ""), PASSWORD=unquote(parts.password or "")
    )


@contextmanager
def owner_cursor(*, role: str = "OWNER") -> Iterator[Any]:
    """A cursor of wellrun_owner (or another role) on the test database, in autocommit."""
    parts = urlsplit(os.environ[f"DATABASE_{role}_URL"])
    raw = psycopg2.connect(
        host=parts.hostname,
        port=parts.port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        dbname=connection.settings_dict["NAME"],
    )
    raw.autocommit = True
    try:
        with raw.cursor() as cursor:
            yield cursor
    finally:
        raw.close()


# One value of all rows of a table.
SUM = "count(*)::text || ' ' || sum(hashtextextended(t::text, 0)::numeric)"


class Snapshot:
    """Rows of every table as they once stood, in temporary tables of one connection of the owner's: the cast as it was
    built, and what tests asked to keep on top of it.

    Emptying and refilling what holds rows takes a few hundredths of a second; TRUNCATE of every table and building the
    cast anew took half a second after each transactional test, telling a story takes ten.
    """

    KEPT = ("django_migrations", "django_content_type", "auth_permission")

    def __init__(self) -> None:
        self._owner = owner_cursor()
        self.cursor = self._owner.__enter__()
        self.cursor.execute("SET session_replication_role = replica")  # neither keys nor triggers ask
        self.cursor.execute(
            "SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
            "AND NOT a.attisdropped AND a.attgenerated = '' "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
            "AND c.relname <> ALL(%s) GROUP BY 1 ORDER BY 1",
            [list(self.KEPT)],
        )
        self.columns = dict(self.cursor.fetchall())
        self.kept: dict[str, list[str]] = {}
        self.keep("cast")

    def keep(self, name: str) -> None:
        """Keep all rows as they are now under a name of at most a few letters."""
        self.kept[name] = self._holding_rows()
        for table in self.kept[name]:
            self.cursor.execute(
                f'CREATE TEMP TABLE "{name}_{table}" AS SELECT {self.columns[table]} FROM "{table}"'
            )

    def stands(self, name: str) -> bool:
        """Whether the tables hold exactly what was kept: the same tables, and the same rows in each."""
        if self._holding_rows() != self.kept[name]:
            return False
        alike = " AND ".join(
            f'(SELECT {SUM} FROM (SELECT {self.columns[table]} FROM "{table}") t) = '
            f'(SELECT {SUM} FROM pg_temp."{name}_{table}" t)'
            for table in self.kept[name]
        )
        self.cursor.execute(f"SELECT {alike}")
        return bool(self.cursor.fetchone()[0])

    def _holding_rows(self) -> list[str]:
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in self.columns
        )
        self.cursor.execute(asked)
        return [table for (table,) in self.cursor.fetchall()]

    def restore(self, name: str = "cast") -> None:
        """Every table as it was when it was kept under that name."""
        statements = [f'DELETE FROM "{table}"' for table in self._holding_rows()]
        statements += [
            f'INSERT INTO "{table}" ({self.columns[table]}) OVERRIDING SYSTEM VALUE '
            f'SELECT * FROM pg_temp."{name}_{table}"'
            for table in self.kept[name]
        ]
        self.cursor.execute("BEGIN; " + "; ".join(statements) + "; COMMIT")

    def write(self, name: str, folder: Path) -> None:
        """What was kept as files, for other workers of this run: their databases are of the same server."""
        for table in self.kept[name]:
            with (folder / table).open("wb") as out:
                self.cursor.copy_expert(f'COPY pg_temp."{name}_{table}" TO STDOUT', out)

    def take(self, name: str, folder: Path) -> None:
        """Keep what another worker has written."""
        files = sorted(each for each in folder.iterdir() if each.is_file())
        self.kept[name] = [each.name for each in files]
        for each in files:
            self.cursor.execute(
                f'CREATE TEMP TABLE "{name}_{each.name}" AS SELECT {self.columns[each.name]} FROM "{each.name}" '
                "WITH NO DATA"
            )
            with each.open("rb") as rows:
                self.cursor.copy_expert(f'COPY pg_temp."{name}_{each.name}" FROM STDIN', rows)

    def close(self) -> None:
        self._owner.__exit__(None, None, None)


_snapshot: list[Snapshot] = []


def snapshot() -> Snapshot:
    """What this process has kept."""
    return _snapshot[0]


def _flush(self: TransactionTestCase) -> None:
    connection.close()
    snapshot().restore()


def build() -> None:
    """Two practices, their roles and the cast, committed."""
    from practice.actor import system_actor
    from practice.models import User
    from practice.services.people import admit
    from practice.services.tenants import open_practice
    from practice.transactions import acting_in

    slugs = {"harbor": "Harbor Family Medicine", "summit": "Summit Pediatrics"}
    practices = {slug: open_practice(slug=slug, name=name, furnished=False) for slug, name in slugs.items()}
    for key, (name, slug, role) in PEOPLE.items():
        user = User(email=f"{key}@{slug}.example", name=name)
        user.set_unusable_password()
        user.save()
        practice = practices[slug]
        actor = system_actor(practice_id=practice.id)
        with acting_in(practice.id, actor=actor):
            admit(user, roles=[role], actor=actor)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Owner makes the test database; then every test is wellrun_app. The cast stands in it."""
    TransactionTestCase._fixture_teardown = _flush  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        _switch_role("APP")
        connection.ensure_connection()
        build()
        _snapshot[:] = [Snapshot()]
    yield
    _snapshot.pop().close()
    with django_db_blocker.unblock():
        _switch_role("OWNER")
        _wait_for_others()


def _wait_for_others() -> None:
    """A process that a test has just ended may still be leaving, a thread may have left its connection: without this
    DROP DATABASE would be refused. Each role may end its own.
    """
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + 5
    with owner_cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(f"SELECT count(*) {others}")
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.1)
    for role in ("APP", "JOBS", "RELAY"):
        # A role that cannot come in has left nothing; what is still there then, DROP DATABASE names.
        with suppress(psycopg2.OperationalError, KeyError), owner_cursor(role=role) as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others} AND usename = current_user")


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """No test sees what another cached; the session's e-mail rate limits among it."""
    yield
    from practice import permissions
    from practice.services import last_use

    permissions.all_permissions.cache_clear()
    last_use.forget_uses()


def sign_in(client: Client, user: Any) -> None:
    """What ``force_login`` leaves behind, in one statement instead of twelve: every test signs people in."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    session = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    store, key = SessionStore(), get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
    row = Session(session_key=key, session_data=store.encode(session), expire_date=store.get_expiry_date())
    Session.objects.bulk_create([row])
    client.cookies[settings.SESSION_COOKIE_NAME] = key


def _person(key: str) -> Visitor:
    from practice.models import User

    _, slug, _ = PEOPLE[key]
    visitor = Visitor(slug=slug)
    sign_in(visitor, User.objects.get(email=f"{key}@{slug}.example"))
    return visitor


@pytest.fixture
def owner(db: None) -> Visitor:
    return _person("owner")


@pytest.fixture
def manager(db: None) -> Visitor:
    return _person("manager")


@pytest.fixture
def physician(db: None) -> Visitor:
    return _person("physician")


@pytest.fixture
def front_desk(db: None) -> Visitor:
    return _person("front_desk")


@pytest.fixture
def biller(db: None) -> Visitor:
    return _person("biller")


@pytest.fixture
def stranger(db: None) -> Visitor:
    return _person("stranger")


@pytest.fixture
def nobody(db: None) -> Visitor:
    return Visitor(slug="harbor")


def actor_named(key: str) -> Any:
    """The Actor of one of the cast, as the middleware would find it. Sets no practice."""
    from practice.actor import system_actor
    from practice.models import Practice, User
    from practice.selectors.people import user_actor

    _, slug, _ = PEOPLE[key]
    practice = Practice.objects.get(slug=slug)
    user = User.objects.get(email=f"{key}@{slug}.example")
    with in_practice(system_actor(practice_id=practice.id)):
        found = user_actor(user=user, practice=practice, request_id=f"test-{key}")
    assert found is not None
    return found


@contextmanager
def in_practice(actor: Any) -> Iterator[Any]:
    """A transaction (or savepoint) in which the database sees this actor; afterwards nobody."""
    names = ("app.practice_id", "app.user_id", "app.actor", "app.request_id")
    values = (str(actor.practice_id), str(actor.user_id or ""), str(actor), actor.request_id)
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name, value in zip(names, values, strict=True):
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield actor
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT set_config(%s, '', true)", [name])


@pytest.fixture
def acting(db: None) -> Any:
    """``with acting("biller") as actor:`` – work below the web, as one of the cast."""

    @contextmanager
    def enter(key: str = "manager") -> Iterator[Any]:
        with in_practice(actor_named(key)) as actor:
            yield actor

    return enter
