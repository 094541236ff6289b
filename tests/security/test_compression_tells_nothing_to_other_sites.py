"""Pages are compressed only where our own page or the person asked: lengths tell other sites nothing (BREACH)."""

import pytest


def asked(visitor, site, path="settings/vendors/", **extra):
    headers = {"accept-encoding": "gzip, br", **({"sec-fetch-site": site} if site else {}), **extra}
    return visitor.get(f"/p/harbor/{path}", headers=headers)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_get_it_short(owner, site):
    answer = asked(owner, site)
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) * 3 < len(asked(owner, "cross-site").content)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "Same-Origin"])
def test_what_another_site_caused_leaves_at_its_full_length(owner, site):
    answer = asked(owner, site)
    assert "Content-Encoding" not in answer
    assert "Sec-Fetch-Site" in answer["Vary"]


def test_the_same_page_never_has_the_same_length_for_long(owner):
    lengths = {len(asked(owner, "same-origin").content) for _ in range(20)}
    assert len(lengths) > 3


@pytest.mark.parametrize("path", ["api/v1/settings/vendors/", "settings/vendors/export/csv/"])
def test_data_that_machines_read_leave_as_they_are(owner, path):
    assert "Content-Encoding" not in asked(owner, "same-origin", path=path)
