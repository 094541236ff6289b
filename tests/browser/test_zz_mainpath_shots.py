from pathlib import Path

from tests.browser.conftest import DESKTOP, PHONE

OUT = Path("/tmp/shots-mainpath")
OUT.mkdir(exist_ok=True)
PAGES = {
    "patients": ("front_desk", "patients/"),
    "patients-none": ("front_desk", "patients/?q=zzzz"),
    "patient-new": ("front_desk", "patients/new/"),
    "coverage": ("front_desk", "coverages/"),
    "claims": ("biller", "billing/claims/?view=all"),
    "claims-action": ("biller", "billing/claims/"),
    "claims-send": ("biller", "billing/claims/submit/"),
    "charges": ("biller", "billing/charges/?view=all"),
    "remittances": ("biller", "billing/remittances/?view=all"),
    "remit-files": ("biller", "billing/remittances/files/"),
    "remit-upload": ("biller", "billing/remittances/files/new/"),
    "ledger": ("biller", "billing/ledger/"),
    "visits": ("front_desk", "scheduling/visits/"),
    "budgets": ("manager", "finance/budgets/"),
    "months": ("manager", "finance/months/"),
    "pnl": ("manager", "reports/pnl/"),
    "jobs": ("manager", "jobs/"),
    "tokens": ("manager", "settings/tokens/"),
    "displays": ("manager", "settings/displays/"),
    "people": ("manager", "settings/people/"),
    "data": ("owner", "settings/data/"),
    "openings": ("manager", "patients/break-glass/opened/?view=all"),
    "restricted": ("manager", "patients/restricted/"),
}
FIRST = {"patients": "patient", "remit-files": "remit-file", "charges": "charge", "ledger": "entry", "coverage": "card"}


def test_shots(site):
    for size, tag in ((DESKTOP, "d"), (PHONE, "p")):
        for scheme in ("light", "dark"):
            pages = {}
            for name, (role, path) in PAGES.items():
                if scheme == "dark" and name not in ("patients", "claims", "remittances"):
                    continue
                page = pages.setdefault(role, site.page(role, size=size, color_scheme=scheme))
                page.goto(site.at(path))
                page.wait_for_selector("html[data-ready]", state="attached")
                page.screenshot(path=OUT / f"{tag}-{scheme}-{name}.png")
                if name in FIRST:
                    link = page.locator("tbody th a:not(.wr-peek)").first
                    if link.count():
                        page.goto(site.url + link.get_attribute("href"))
                        page.wait_for_selector("html[data-ready]", state="attached")
                        page.screenshot(path=OUT / f"{tag}-{scheme}-{FIRST[name]}.png", full_page=True)
    print(site.complaints)
