"""Preferences: colours, row height, single keys; kept with the person, the same in every practice."""

import pytest

from practice.models import User

pytestmark = pytest.mark.django_db


def test_preferences_are_kept_and_every_page_obeys(manager):
    answer = manager.post(
        "/accounts/preferences/",
        {"theme": "dark", "comfortable_rows": "1", "next": "/p/harbor/settings/payers/"},
    )
    assert answer["Location"] == "/p/harbor/settings/payers/"
    page = manager.at("settings/payers/").content.decode()
    assert '<html lang="en" data-theme="dark">' in page
    assert 'data-single-keys="off"' in page
    assert "Compact rows" in page
    manager.post("/accounts/preferences/", {"theme": "system", "single_keys": "on"})
    page = manager.at("settings/payers/").content.decode()
    assert "data-theme" not in page
    assert "data-single-keys" not in page
    assert "Comfortable rows" in page


def test_a_list_may_differ_from_the_preference(manager):
    manager.post("/accounts/preferences/", {"theme": "light", "comfortable_rows": "1"})
    page = manager.at("settings/payers/", density="compact").content.decode()
    assert "Comfortable rows" in page


@pytest.mark.parametrize("body", [{"theme": "pink"}, {}])
def test_what_is_no_choice_changes_nothing(manager, body):
    assert manager.post("/accounts/preferences/", body).status_code == 422
    assert User.objects.get(email="manager@harbor.example").theme == "system"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(manager, back):
    answer = manager.post("/accounts/preferences/", {"theme": "light", "next": back})
    assert answer["Location"] == "/accounts/"


def test_the_page_takes_a_sign_in(nobody):
    assert nobody.get("/accounts/preferences/").status_code == 302
