"""CSRF, Host, CORS, headers and the production settings: every page, every address, counted by the resolver."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from practice.edges import HouseRequest
from practice.models import User
from tests.security.test_no_address_shows_another_practice import practice_addresses
from tests.tiers import DEEP, share

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db
NOWHERE = "01890000-0000-7000-8000-000000000000"


def pages():
    """Every page below /p/<slug>/, with ids of nobody: CSRF is judged before anything is looked for."""
    for name, route, _ in practice_addresses():
        if "/api/v1/" not in route:
            address = re.sub(r"<uuid:\w+>", NOWHERE, route).replace("<slug:practice>", "harbor")
            address = re.sub(r"<int:\w+>", "1", address)
            yield name, "/" + re.sub(r"<(?:\w+:)?\w+>", "x", address)


def signed_in(key="owner", slug="harbor"):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.get(email=f"{key}@{slug}.example"))
    return client


def test_no_page_takes_a_post_without_its_own_token():
    client, let_in, asked = signed_in(), [], 0
    wrong = [{}, {"csrfmiddlewaretoken": "x" * 64}, {"csrfmiddlewaretoken": "é"}]
    for number, (name, address) in enumerate(share(pages(), one_in=6)):
        for token in wrong if DEEP else [wrong[number % 3]]:
            asked += 1
            answer = client.post(address, token)
            if answer.status_code != 403 and name != "scheduling:wall":  # its secret is its only door: 404
                let_in.append(f"{name}: {answer.status_code}")
    assert let_in == []
    assert asked > (300 if DEEP else 30)


def test_no_endpoint_takes_a_session_without_its_token():
    client = signed_in()
    body = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}
    for path in ("patients/", "appointments/", "claims/submit/"):
        answer = client.post(f"/p/harbor/api/v1/{path}", "{}", **body)
        assert answer.status_code == 403, path
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "a:b:c", "[::1", "x" * 300])
def test_another_host_is_nobodys_business(host):
    for path in ("/", "/p/harbor/", "/p/harbor/api/v1/claims/", "/api/docs/", "/accounts/login/"):
        answer = Client(raise_request_exception=False).get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert host not in answer.content.decode()


def test_every_kind_of_answer_carries_the_headers(owner, nobody):
    for client, path in (
        (owner, "/p/harbor/work/"),
        (owner, "/p/harbor/api/v1/claims/"),
        (owner, "/p/harbor/nothing/"),
        (nobody, "/p/harbor/api/v1/claims/"),
        (nobody, "/accounts/login/"),
        (nobody, "/api/docs/"),
        (nobody, "/nothing/"),
    ):
        answer = client.get(path)
        assert answer["X-Content-Type-Options"] == "nosniff", path
        assert answer["X-Frame-Options"] == "DENY", path
        assert answer["Referrer-Policy"] == "same-origin", path
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "camera=()" in answer["Permissions-Policy"], path
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], path
        assert "unsafe" not in answer["Content-Security-Policy"], path
        assert answer["X-Request-Id"], path


def test_no_other_site_is_let_in_by_cors(owner):
    for method in ("get", "options", "post"):
        answer = getattr(owner, method)(
            "/p/harbor/api/v1/claims/",
            headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
        )
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("charset", ["hex", "idna", "utf-16", "latin-1", "rot13", "x"])
def test_a_foreign_charset_is_refused_and_nothing_breaks(owner, charset, monkeypatch):
    monkeypatch.setattr("django.test.client.WSGIRequest", HouseRequest)
    for path in ("/p/harbor/work/?view=all", "/p/harbor/api/v1/claims/", "/accounts/login/"):
        answer = owner.get(path, CONTENT_TYPE=f"text/html; charset={charset}")
        assert answer.status_code == 400, path


@pytest.mark.parametrize("place", ["path", "query", "cookie", "form"])
def test_a_nul_is_refused_wherever_it_comes(owner, place):
    if place == "cookie":
        owner.cookies["other"] = "a\0b"
    path = "/p/harbor/w%00rk/" if place == "path" else "/p/harbor/work/"
    if place == "form":
        answer = owner.post(path, "a=%00", content_type="application/x-www-form-urlencoded")
    else:
        answer = owner.get(path + ("?q=%00" if place == "query" else ""))
    assert answer.status_code == 400


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "٣"])
def test_a_length_that_is_no_number_is_refused(owner, length):
    answer = owner.post(
        "/p/harbor/notices/read/",
        "a=1",
        content_type="application/x-www-form-urlencoded",
        CONTENT_LENGTH=length,
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("slug", ["NaN", "HARBOR", "2026-W01-1", "a_b"])
def test_what_only_looks_like_a_practice_is_unknown(owner, nobody, slug):
    for path in ("settings/locations/", "settings/locations/export/csv/", "work/"):
        assert owner.get(f"/p/{slug}/{path}").status_code == 404
        assert nobody.get(f"/p/{slug}/{path}").status_code in (302, 404)
    assert owner.get(f"/p/{slug}/api/v1/settings/locations/").status_code in (401, 404)


def test_an_address_without_its_slash_redirects_readers_of_pages_only(owner):
    assert owner.get("/p/harbor/work").status_code == 301
    assert owner.post("/p/harbor/work").status_code == 404
    for method in ("get", "post"):
        answer = getattr(owner, method)("/p/harbor/api/v1/claims")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_the_check_of_a_production_process_finds_nothing(tmp_path):
    env = {
        **os.environ,
        "WELLRUN_MODE": "production",
        "SECRET_KEY": "Kb8vQ2xW7zR4tY6uJ1nM3pL5sD9fG0hA-cE_iOqTwXyZ8b7v6n5m4",
        "WELLRUN_BASE_URL": "https://books.example",
        "WELLRUN_STATE": str(tmp_path),
        "WELLRUN_LOG_LEVEL": "WARNING",
    }
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests' own
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert "silenced" not in done.stdout.replace("(0 silenced)", "")
