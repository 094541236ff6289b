"""HEAD is GET without its body on every page; what takes no GET takes no HEAD."""

import uuid

import pytest

from tests.practice.factors import WALL
from tests.security.test_no_address_shows_another_practice import Rows, filled, practice_addresses
from tests.tiers import share

pytestmark = pytest.mark.django_db


def test_every_page_answers_head_as_it_answers_get(manager):
    rows, wrong, asked = Rows(), [], 0
    for each in share(practice_addresses(), one_in=7):
        address = filled(*each, rows).format(slug="harbor")
        if WALL in address or "/api/v1/" in address:
            continue
        got, head = manager.get(address), manager.head(address)
        asked += got.status_code == 200
        if head.status_code != got.status_code or head.content:
            wrong.append((address, got.status_code, head.status_code))
    assert wrong == []
    assert asked > 20


def test_it_has_the_headers_of_get_and_post_addresses_still_refuse_it(manager):
    got, head = manager.at("work/"), manager.head("/p/harbor/work/")
    assert head["Content-Type"] == got["Content-Type"]
    assert head["Cache-Control"] == got["Cache-Control"]
    assert manager.head(f"/p/harbor/billing/accounts/{uuid.uuid4()}/apply/").status_code == 405
    assert manager.head("/p/harbor/nothing-here/").status_code == 404
