"""Each page × no login, wrong role, other practice, right role."""

import pytest

from tests.kit.conftest import client

PAGES = [
    "toys/",
    "toys/new/",
    "toys/export/csv/",
    "toys/export/xlsx/",
    "toys/{pk}/",
    "toys/{pk}/edit/",
    "toys/{pk}/do/break/",
    "api/v1/toys/",
    "api/v1/toys/{pk}/",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "practice", "expected"),
    [("", "north", 401), ("visitor", "north", 403), ("owner", "south", 404), ("owner", "north", 200)],
)
def test_a_page_opens_only_for_the_right_role_of_the_right_practice(make, page, role, practice, expected):
    response = client(role, practice=practice).at(page.format(pk=make().pk))
    assert response.status_code == expected


@pytest.mark.parametrize("page", [p for p in PAGES if "{pk}" in p])
def test_a_record_of_another_practice_looks_like_none_at_all(make, owner, page):
    foreign = make(practice="south")
    assert owner.at(page.format(pk=foreign.pk)).status_code == 404


@pytest.mark.parametrize("page", ["toys/new/", "toys/{pk}/edit/"])
def test_who_may_only_look_cannot_write(clerk, make, page):
    toy = make()
    assert clerk.at(page.format(pk=toy.pk)).status_code == 403
    assert clerk.post(f"/p/north/{page.format(pk=toy.pk)}", {"name": "X", "state": "new"}).status_code == 403
    toy.refresh_from_db()
    assert toy.name != "X"


def test_signed_in_pages_are_never_kept_by_a_browser(owner, make):
    assert owner.at("toys/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(owner, make, method):
    assert getattr(owner, method)(f"/p/north/toys/{make().pk}/edit/").status_code == 405
