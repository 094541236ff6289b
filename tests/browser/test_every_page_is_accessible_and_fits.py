"""Each page of the manager's navigation, and the first record behind it: axe finds nothing, nothing overflows, and
what travels to the browser is light."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Page

from bench import weights
from practice.actor import system_actor
from practice.models import Practice
from practice.services import places
from practice.transactions import acting_in
from tests.browser.axe import overflow, sideways, violations
from tests.browser.conftest import DESKTOP, PHONE, SLUG, Site, another_server, session_of
from tests.tiers import share

RECORD = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}/$|/kpi/[a-z_]+/")
NARROW = (320, 640)


def navigation_of(page: Page, *, site: Site) -> list[str]:
    """Every address of the navigation, job by job, as the page itself shows it."""
    page.goto(site.at("work/"))
    jobs = _addresses(page, within="#nav nav")
    found: list[str] = []
    for job in jobs:
        page.goto(urljoin(site.url, job))
        found += [job, *_addresses(page, within="#nav .wr-nav__sub")]
    return list(dict.fromkeys(found))


def _addresses(page: Page, *, within: str) -> list[str]:
    links: list[str] = page.eval_on_selector_all(f"{within} a[href]", "all => all.map((each) => each.href)")
    return [urlsplit(each).path for each in links]


def first_record(page: Page) -> str:
    """The first record a page's content links to, '' when it links to none."""
    links: list[str] = page.eval_on_selector_all("#main a[href]", "all => all.map((each) => each.href)")
    return next((urlsplit(each).path for each in links if RECORD.search(urlsplit(each).path)), "")


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.fixture(scope="module")
def navigation(site: Site) -> list[str]:
    page = site.page("manager")
    found = navigation_of(page, site=site)
    page.context.close()
    assert len(found) >= 20, f"the navigation shows only {found}"
    return found


@pytest.fixture(scope="module")
def addresses(site: Site, navigation: list[str]) -> list[str]:
    """A fair share of the navigation, and the first record behind each page of it."""
    page, found = site.page("manager"), share(navigation, one_in=20)
    records = []
    for address in found:
        page.goto(site.url + address)
        records.append(first_record(page))
    page.context.close()
    return list(dict.fromkeys([*found, *filter(None, records)]))


@pytest.mark.deep
def test_axe_finds_nothing_on_any_page_wide_or_narrow(site, addresses, quiet, evidence):
    page = site.page("manager", bypass_csp=True)
    broken = {}
    for address in addresses:
        resize(page, DESKTOP)
        page.goto(site.url + address)
        for size in (DESKTOP, PHONE):
            resize(page, size)
            if found := violations(page):
                broken[address, size[0]] = found
    page.context.close()
    evidence(pages=len(addresses), widths=[DESKTOP[0], PHONE[0]], pages_with_violations=len(broken))
    assert broken == {}


@pytest.mark.deep
def test_no_page_scrolls_sideways_breaks_its_content_security_policy_or_complains(
    site, addresses, quiet, evidence
):
    page = site.page("manager", size=PHONE)
    wide = {}
    for address in addresses:
        resize(page, PHONE)
        answer = page.goto(site.url + address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        assert "script-src" in answer.headers["content-security-policy"]
        for size in (PHONE, NARROW):
            resize(page, size)
            if found := overflow(page):
                wide[address, size[0]] = found
        resize(page, DESKTOP)
        if found := overflow(page) or ", ".join(sideways(page)):
            wide[address, DESKTOP[0]] = found
    page.context.close()
    evidence(pages=len(addresses), widths=[PHONE[0], NARROW[0], DESKTOP[0]], pages_too_wide=len(wide))
    assert wide == {}


@pytest.fixture
def as_in_production(site, tmp_path):
    """The same practice, served with hashed and compressed files as production serves them."""
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, "staticfiles": manifest}):
        call_command("collectstatic", "--no-input", "-v", "0", "-i", "drf_spectacular_sidecar")
        with another_server() as url:
            yield url


@pytest.fixture
def many_vendors(site):
    """Enough for a full page of the list."""
    practice = Practice.objects.get(slug=SLUG)
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        for number in range(60):
            places.add_vendor(actor=actor, name=f"Vendor {number}", kind="supplies", phone="9145550100")


@pytest.mark.deep
def test_every_page_is_light_and_keeps_still(
    site, navigation, addresses, as_in_production, many_vendors, quiet, evidence
):
    """Cold, warm, requests, nodes and shifts of every page within the limits; the longest tasks are told."""
    long = f"/p/{SLUG}/settings/vendors/"
    assert long in navigation
    found = {}
    for address in {long, *share(addresses, one_in=8)}:
        context = site.context()
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": session_of("manager"),
            "url": as_in_production,
        }
        context.add_cookies([cookie])
        found[address] = weights.weigh(context, address=as_in_production + address)
        context.close()
    heaviest = {
        name: max((getattr(weight, name), address) for address, weight in found.items())
        for name in (*weights.LIMITS, "long_task_ms")
    }
    evidence(
        pages=len(found), **{name: f"{value} ({address})" for name, (value, address) in heaviest.items()}
    )
    assert {address: weight.too_much for address, weight in found.items() if weight.too_much} == {}
    assert min(weight.warm_kb for weight in found.values()) > 1, "nothing was measured"


@pytest.fixture(scope="module")
def public_form(site: Site) -> str:
    """The address of the complaint form, as on its poster."""
    from practice.models import PublicForm
    from practice.services import public_links
    from practice.transactions import acting_in
    from tests.cast import actor_named

    actor = actor_named("manager")
    with acting_in(actor.practice_id, actor=actor):
        form = PublicForm.objects.get(purpose="patients.complaint")
        _, raw = public_links.make("Browser", form=form, days=1, actor=actor)
    return f"{site.url}/f/{raw}/"


def test_a_public_form_is_filled_in_by_keyboard_on_a_phone(site, public_form, quiet):
    """No account, no script: empty it says what to do, filled in it is sent; axe finds nothing on the way."""
    context = site.context(size=PHONE, bypass_csp=True)
    page = site.listen(context.new_page())
    page.goto(public_form)
    assert violations(page) == []
    assert overflow(page) == ""
    page.get_by_role("button", name="Send").press("Enter")
    page.wait_for_selector(".wr-problem")
    assert page.title().startswith("Error: ")
    assert violations(page) == []
    page.get_by_label("What happened?").fill("Nobody called back.")
    page.get_by_label("Billing").check()
    page.wait_for_timeout(3_100)  # nobody types faster
    page.get_by_role("button", name="Send").press("Enter")
    page.wait_for_url("**/sent/")
    assert "Thank you" in page.inner_text("#main")
    assert violations(page) == []
    site.complaints[:] = [each for each in site.complaints if "422" not in each]  # Chromium says so of each
    context.close()
