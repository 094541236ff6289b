"""The books' part of the walk: a budget from a sheet, refused with its rows when it does not fit."""

from __future__ import annotations

from datetime import date

from practice.walk import Page, Step, Walker, WalkFailed

MONTHS = "jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec"


def upload_a_budget(walker: Walker) -> str:
    """Next year's budget: an unknown account is refused by row; the total is the sheet's; approving locks it."""
    walker.sign_in("manager")
    year = str(date.today().year + 1)
    bad = f"account,{MONTHS}\n99999,{','.join(['1'] * 12)}\n"
    tried = _tried(walker, sheet=bad, year=year).expect(
        "revenue or expense account", "taken whole or not at all"
    )
    if "/do/take/" in tried.text:
        raise WalkFailed("a budget with a refused row can be imported")
    good = f"account,{MONTHS}\n4100,{','.join(['1000.25'] * 12)}\n5800,{','.join(['250.75'] * 12)}\n"
    tried = _tried(walker, sheet=good, year=year).expect("Nothing was changed")
    asked = walker.submit(tried, tried.form(action="/do/take/"))
    done: Page = walker.wait("the import of the budget", lambda: _seen(walker, asked, words="Finished"))
    made = walker.get(done.link(href=r"/finance/budgets/[0-9a-f-]{36}/$"))
    made.expect("12,003", "3,009", "Draft")
    approved = walker.submit(made, made.form(action="/approve/")).expect("Approved")
    if "/approve/" in approved.text:
        raise WalkFailed("an approved budget can be approved again")
    return f"{year}: 2 accounts, $12,003 and $3,009 a year; an unknown account is refused"


def _tried(walker: Walker, *, sheet: str, year: str) -> Page:
    """Upload a sheet, take its columns as they were guessed, and make a dry run."""
    page = walker.get("imports/new/?target=finance.budget")
    files = {"file": ("budget.csv", sheet.encode())}
    columns = walker.submit(page, page.form(field="year"), year=year, files=files).expect(
        "January", "Account"
    )
    run = walker.submit(columns, columns.form(field="keep_as"))
    asked = walker.submit(run, run.form(action="/do/dry_run/"))
    found: Page = walker.wait("the dry run", lambda: _seen(walker, asked, words="Dry run finished"))
    return found


def _seen(walker: Walker, page: Page, *, words: str) -> Page | None:
    seen = walker.get(page.url)
    return seen if words in seen.text else None


STEPS: tuple[Step, ...] = (("Upload a budget", upload_a_budget),)
