"""PostgreSQL gone at any point of a request: 503 with Retry-After or one silent second try, and nothing half done."""

import json
import socket

import pytest
from django.db import connection

from practice.models import ApiToken, Location, User
from tests.cast import Visitor, actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = {"timezone": "America/Chicago", "place_of_service": "11"}


class Cut:
    """Breaks the connection's socket before (or after) the n-th statement, once."""

    def __init__(self, *, at, after=False):
        self.at, self.after, self.seen, self.done = at, after, 0, False

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        due = self.seen == self.at and not self.done
        if due and not self.after:
            self.cut()
        result = execute(sql, params, many, context)
        if due and self.after:
            self.cut()
        return result

    def cut(self):
        self.done = True
        with socket.socket(fileno=socket.dup(connection.connection.fileno())) as plug:
            plug.shutdown(socket.SHUT_RDWR)


def visit(key, *, cut, ask):
    """Ask as one of the cast, with the connection cut; the answer and how many statements it took."""
    person = Visitor(slug="harbor", raise_request_exception=False)
    person.force_login(User.objects.get(email=f"{key}@harbor.example"))
    try:
        with connection.execute_wrapper(cut):
            return ask(person)
    finally:
        connection.close()


def statements(ask):
    visit("manager", cut=Cut(at=0), ask=ask)  # the first visit in a minute also writes when it was
    count = Cut(at=0)
    visit("manager", cut=count, ask=ask)
    return count.seen


@pytest.fixture
def nowhere():
    """The database's address leads to a port where nobody listens."""
    kept = connection.settings_dict["PORT"]
    connection.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    connection.settings_dict["PORT"] = str(port)
    yield
    connection.close()
    connection.settings_dict["PORT"] = kept


def is_clean(response):
    page = response.content.decode()
    return response.status_code == 503 and response["Retry-After"] == "5" and "Traceback" not in page


def test_a_page_is_read_again_wherever_the_connection_broke():
    def read(person):
        return person.at("work/")

    for number in range(1, statements(read) + 1):
        for after in (False, True):
            cut = Cut(at=number, after=after)
            response = visit("manager", cut=cut, ask=read)
            assert cut.done
            assert response.status_code == 200, (number, after)


def test_a_post_without_a_key_is_never_sent_twice():
    def make(person):
        return person.send("settings/tokens/new/", {"name": "Cut", "role": "integration", "days": 30})

    made = []
    for number in range(1, statements(make) + 1):
        with owner_cursor() as cursor:
            cursor.execute("DELETE FROM practice_apitoken")
        cut = Cut(at=number)
        response = visit("manager", cut=cut, ask=make)
        assert cut.done
        assert is_clean(response), number
        with in_practice(actor_named("manager")):
            made.append(ApiToken.objects.count())
    # Only the session is kept after the row's COMMIT; until then nothing stays.
    assert set(made) <= {0, 1}
    assert made == sorted(made)
    assert made.count(0) >= len(made) - 3


def test_a_keyed_post_is_sent_again_once_and_makes_one_row():
    for number in range(1, 60):
        key = f"cut-{number}"
        cut = Cut(at=number, after=number % 2 == 0)

        def make(person, key=key):
            path = "/p/harbor/api/v1/settings/locations/"
            body = json.dumps({**PLACE, "name": key})
            return person.post(path, body, content_type="application/json", headers={"Idempotency-Key": key})

        response = visit("manager", cut=cut, ask=make)
        assert response.status_code == 201, response.content
        with in_practice(actor_named("manager")):
            assert Location.objects.filter(name=key).count() == 1
        if not cut.done:
            break
    assert number > 5


def test_every_kind_of_address_answers_503_while_the_database_is_away(nowhere):
    person = Visitor(slug="harbor", raise_request_exception=False)
    person.cookies["wellrun_session"] = "a" * 32
    for path in ("/", "/accounts/login/", "/p/harbor/work/", "/nothing/here", "/statusz"):
        assert is_clean(person.get(path, headers={"accept": "text/html"})), path
    assert is_clean(person.post("/accounts/login/", {"login": "a@b.example", "password": "x"}))
    for path in ("/p/harbor/api/v1/patients/", "/api/schema/"):
        response = person.get(path)
        assert is_clean(response), path
        assert response["Content-Type"] == "application/problem+json"
    assert person.get("/livez").status_code == 200
    ready = person.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, False)


def test_work_goes_on_as_soon_as_the_database_is_back(nowhere):
    person = Visitor(slug="harbor", raise_request_exception=False)
    person.cookies["wellrun_session"] = "a" * 32
    assert is_clean(person.at("work/"))
    kept, connection.settings_dict["PORT"] = connection.settings_dict["PORT"], _real_port()
    assert person.at("work/").status_code == 302  # to the sign-in page: the cookie is nobody's
    assert person.get("/readyz").json()["ready"]
    connection.settings_dict["PORT"] = kept


def _real_port():
    import os
    from urllib.parse import urlsplit

    return str(urlsplit(os.environ["DATABASE_APP_URL"]).port)


def test_a_statement_that_takes_too_long_is_503_too_and_not_repeated():
    def slow(execute, sql, params, many, context):
        if "practice_workitem" in sql:
            slow.ran += 1
            execute("SET LOCAL statement_timeout = 10; SELECT pg_sleep(1)", None, False, context)
        return execute(sql, params, many, context)

    slow.ran = 0
    person = Visitor(slug="harbor", raise_request_exception=False)
    person.force_login(User.objects.get(email="manager@harbor.example"))
    with connection.execute_wrapper(slow):
        response = person.at("work/")
    assert is_clean(response)
    assert slow.ran == 1
