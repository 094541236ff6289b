"""In a browser: an authenticator app and a passkey open the account; a draft outlives an idle sign-out."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Page, expect

from practice.models import User
from tests.browser.axe import overflow, violations
from tests.browser.conftest import PASSWORD, PHONE, SLUG, Site
from tests.practice.factors import code_of

EMAIL = f"front_desk@{SLUG}.example"


def sign_in(site: Site) -> Page:
    page = site.listen(site.context().new_page())
    type_password(page, site=site)
    page.wait_for_url("**/work/")
    return page


def type_password(page: Page, *, site: Site) -> None:
    page.goto(site.at("/accounts/login/"))
    page.get_by_label("Work email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


@pytest.fixture
def no_factors(site: Site) -> None:
    Authenticator.objects.filter(user__email=EMAIL).delete()
    cache.clear()


def test_an_authenticator_app_is_set_up_and_its_code_opens(site: Site, quiet: None, no_factors: None) -> None:
    page = sign_in(site)
    page.get_by_label("Account:").click()
    page.get_by_role("link", name="Sign-in security").click()
    page.get_by_role("link", name="Set up").click()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    assert page.evaluate("document.querySelector('.wr-qr').naturalWidth") > 0
    secret = page.locator(".wr-mono").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".wr-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/work/")
    page.context.close()
    page = site.listen(site.context().new_page())
    type_password(page, site=site)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    page.get_by_label("Code").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/")
    page.context.close()


def test_a_passkey_is_added_and_opens_without_a_password(site: Site, quiet: None, no_factors: None) -> None:
    page = sign_in(site)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(site.at("/accounts/2fa/webauthn/add/"))
    page.get_by_label("Name").fill("Front desk computer")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(site.at("/accounts/2fa/webauthn/"))
    expect(page.get_by_role("row", name="Front desk computer")).to_contain_text("Passkey")
    page.goto(site.at("/accounts/logout/"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/work/")
    page.context.close()


def test_a_draft_outlives_an_idle_sign_out(site: Site, quiet: None, no_factors: None) -> None:
    page = sign_in(site)
    page.clock.install()
    page.goto(site.at("patients/new/"))
    page.get_by_label("First name").fill("Wilhelmina")
    page.get_by_label("Last name").fill("Halfway")
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.endswith("/drafts/")
    ):
        page.clock.run_for(4_000)
    for _ in range(
        3
    ):  # who is alike is asked for beside the form: its last answer has come before the wait begins
        page.wait_for_load_state("networkidle")
        page.clock.run_for(1_000)
    page.wait_for_load_state("networkidle")
    page.clock.run_for(13 * 60_000 + 30_000)
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(re.compile(r"signed out in 1:\d\d"))
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    let_it_be_idle()
    page.clock.run_for(125_000)
    page.wait_for_url("**/accounts/login/**reason=idle")
    expect(page.get_by_role("status").first).to_contain_text("signed out after a while")
    page.get_by_label("Work email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients/new/")
    expect(page.locator(".wr-draft")).to_contain_text("You have unsaved entries from")
    page.get_by_role("button", name="Restore").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Last name")).to_have_value("Halfway")
    page.get_by_label("Birth date").fill("02/14/1971")
    page.locator("#id_phone").fill("(914) 555-0188")
    page.get_by_role("button", name="Register patient").click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/"))
    page.goto(site.at("patients/new/"))
    page.wait_for_load_state("networkidle")
    expect(page.locator(".wr-draft")).to_have_count(0)
    page.context.close()


def let_it_be_idle() -> None:
    """What the clock of the page says, for the server too."""
    for row in Session.objects.all():
        data = row.get_decoded()
        if data.get("_auth_user_id") == str(User.objects.get(email=EMAIL).pk):
            store = Session.get_session_store_class()(row.session_key)
            store["seen_at"] = int(time.time()) - 16 * 60
            store.save()


def test_the_pages_of_the_account_are_accessible_and_fit(site: Site, quiet: None) -> None:
    page = site.page("biller", size=PHONE, bypass_csp=True)
    broken = {}
    for path in (
        "",
        "name/",
        "email/",
        "sessions/",
        "2fa/?required=1",
        "2fa/webauthn/",
        "password/change/",
        "logout/",
    ):
        page.goto(site.at(f"/accounts/{path}"))
        found = [*violations(page), overflow(page)]
        if found != [""]:
            broken[path] = found
    assert broken == {}
    page.context.close()
