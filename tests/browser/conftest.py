"""Chromium, and a site with a told practice. One file of tests shares one site: seeding is dear, and the tests of a
file run side by side in one process (``--dist loadfile``)."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from kit import clock
from tests.cast import PEOPLE, actor_named, owner_cursor, snapshot

CHROMIUM = os.environ.get("WELLRUN_CHROMIUM") or shutil.which("chromium") or ""
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
SLUG = "harbor"
PASSWORD = "a-long-word-for-the-browser"
DESKTOP, PHONE = (1440, 900), (390, 844)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium; without it the tests say so and are skipped."""
    missing = os.environ.get("WELLRUN_BROWSER") == "0" or not CHROMIUM
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))  # else no test database is made
            if missing:
                item.add_marker(pytest.mark.skip(reason="BROWSER TESTS SKIPPED: no Chromium on this machine"))


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """In place of pytest-django's, which would empty the database after every test: ``site`` does so once a file."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@dataclass
class Site:
    """The running site with a told practice, and the browser that looks at it."""

    url: str
    chromium: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def at(self, path: str) -> str:
        """The full address of a page of the practice, or of any path that begins with a slash."""
        return self.url + (path if path.startswith("/") else f"/p/{SLUG}/{path}")

    def context(self, *, size: tuple[int, int] = DESKTOP, **options: Any) -> BrowserContext:
        """A fresh browser profile."""
        width, height = size
        made = self.chromium.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        self.contexts.append(made)
        return made

    def close(self) -> None:
        """Close what is open, so that no request keeps a database connection."""
        for context in self.contexts:
            context.close()

    def page(self, role: str, *, size: tuple[int, int] = DESKTOP, **options: Any) -> Page:
        """A page of somebody who is signed in; what the console and the CSP say is kept in ``complaints``."""
        context = self.context(size=size, **options)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(role), "url": self.url}]
        )
        return self.listen(context.new_page())

    def listen(self, page: Page) -> Page:
        """Keep what goes wrong on a page: console errors, exceptions, server errors."""

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.complaints.append(f"{page.url}: {message.text}")

        page.on("console", heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "response",
            lambda answer: (
                self.complaints.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None
            ),
        )
        return page


def session_of(role: str) -> str:
    """A session as signing in makes it."""
    from django.test import Client

    from practice.models import User

    client = Client()
    client.force_login(User.objects.get(email=f"{role}@{PEOPLE[role][1]}.example"))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def within(who: str, do: Callable[[Any], Any]) -> Any:
    """What ``do(actor)`` returns, committed so that the server sees it."""
    from practice.transactions import acting_in

    actor = actor_named(who)
    with acting_in(actor.practice_id, actor=actor):
        return do(actor)


def let_jobs_run() -> int:
    """The worker's part: run what waits, here and now. Returns how many jobs ran."""
    from practice.models import Practice
    from practice.worker import run_waiting

    return run_waiting(practice_id=Practice.objects.get(slug=SLUG).id, limit=500)


@contextmanager
def _a_day_that_begins_at_ten() -> Iterator[None]:
    """The clock of this process runs on from ten this morning: late in the evening no visit of today is left."""
    ten = datetime.now(ZoneInfo("America/New_York")).replace(hour=10, minute=0, second=0, microsecond=0)
    began = time.monotonic()
    clock.source(lambda: ten.astimezone(UTC) + timedelta(seconds=time.monotonic() - began))
    try:
        yield
    finally:
        clock.source(lambda: datetime.now(UTC))


@contextmanager
def serving(chromium: Browser) -> Iterator[Site]:
    """A server of this process; when it has stopped the database is emptied and the cast rebuilt."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    kept = settings.SECURE_SSL_REDIRECT
    server = LiveServerThread("localhost", static_handler=StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    made = Site(url=f"http://localhost:{server.port}", chromium=chromium)
    try:
        yield made
    finally:
        made.close()
        server.terminate()
        _wait_for_sessions()
        settings.SECURE_SSL_REDIRECT = kept
        snapshot().restore()
        connection.close()  # Playwright's loop has a connection of its own, which nobody else closes


@contextmanager
def another_server() -> Iterator[str]:
    """A second server beside a site's, which serves its files by WhiteNoise alone; its address."""
    from django.test.testcases import LiveServerThread

    server = LiveServerThread("localhost", static_handler=lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.terminate()


@pytest.fixture(scope="module")
def gallery(django_db_setup: None, django_db_blocker: Any, chromium: Browser) -> Iterator[Site]:
    """A server without a story, for the pages that need none."""
    with django_db_blocker.unblock(), serving(chromium) as made:
        yield made


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: Any, chromium: Browser, tmp_path_factory: Any
) -> Iterator[Site]:
    """A server on a told practice."""
    from practice.models import User
    from tests.security.two_practices import tell

    folder = tmp_path_factory.mktemp("exchange")
    kept = {name: getattr(settings, name) for name in ("INCOMING", "OUTGOING")}
    settings.INCOMING, settings.OUTGOING = folder / "incoming", folder / "outgoing"
    with django_db_blocker.unblock(), _a_day_that_begins_at_ten():
        tell(SLUG, number=1)
        owner = User.objects.get(email=f"front_desk@{SLUG}.example")
        owner.set_password(PASSWORD)
        owner.save()
        try:
            with serving(chromium) as made:
                yield made
        finally:
            for name, value in kept.items():
                setattr(settings, name, value)


def _wait_for_sessions() -> None:
    """Until the server's threads have let go of the database: one that is in use cannot be dropped."""
    connection.close()
    until = time.monotonic() + 10
    with owner_cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT state, query FROM pg_stat_activity "
                "WHERE datname = current_database() AND backend_type = 'client backend' "
                "AND usename <> current_user"  # the owner's own sessions stay: the cast's snapshot lives in one
            )
            left = cursor.fetchall()
            if not left:
                return
            time.sleep(0.2)
    pytest.fail(f"sessions are left: {left}")


@pytest.fixture
def quiet(site: Site) -> Iterator[None]:
    """The test fails when any page complained: a console error, a blocked script, an exception, a 5xx."""
    site.complaints.clear()
    yield
    assert site.complaints == []
