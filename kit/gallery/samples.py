"""What the parts are shown with: plain values in the shape the kit's own functions take; no table is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from django.http import QueryDict

from kit import cells
from kit.fields import Meaning
from kit.listing import Asked, Listing
from kit.ports import Sentence
from kit.resource import Action, Column, Resource, SavedView
from kit.status import Status, StatusChoices
from kit.views import lists

HERE: Final = "#"
RECORD: Final = "/kit/detail/"  # where each row leads, and what opens beside the list
DAY: Final = date(2026, 3, 4)
MOMENT: Final = datetime(2026, 3, 4, 19, 10, tzinfo=UTC)
KINDS: Final = (
    ("number", "Claim", "text"),
    ("payer", "Payer", "link"),
    ("service_date", "Service date", "date"),
    ("state", "Status", "status"),
    ("submitted_at", "Submitted", "datetime"),
    ("filed", "In time", "bool"),
    ("balance", "Balance", "money"),
)
CLAIM: Final = Resource(
    name="kit.claim",
    model="",
    singular="claim",
    plural="claims",
    path="kit",
    selector="",
    view_permission="",
    nav="billing",
    columns=tuple(Column(name, label, total=kind == "money") for name, label, kind in KINDS),
    search_hint="number or patient",
    empty="A claim is made from the charges of a completed visit.",
)
ACTS: Final = (
    Action(name="appeal", label="Appeal", service="", permission="", hint="Due 04/03/2026, 30 days left"),
    Action(
        name="void",
        label="Void",
        service="",
        permission="",
        danger=True,
        hint="Asks for a reason",
        consequence="The payer is told that this claim is withdrawn. It cannot be sent again.",
    ),
)
FACT: Final = {"label": "File by", "value": "04/03/2026", "note": "30 days left", "tone": "warn", "url": HERE}
VIEWS: Final = (
    SavedView(slug="action", label="Needs action", done="No claim waits for you."),
    SavedView(slug="mine", label="Mine"),
    SavedView(slug="all", label="All"),
)


class State(StatusChoices):
    """A word for each tone."""

    DRAFT = "draft", "Draft", "muted"
    SUBMITTED = "submitted", "Submitted", "info"
    PAID = "paid", "Paid", "ok"
    PENDED = "pended", "Pended", "warn"
    DENIED = "denied", "Denied", "bad"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A row."""

    number: str
    payer: str
    state: Status | State
    service_date: date | None = DAY
    submitted_at: datetime | None = MOMENT
    filed: bool | None = True
    balance: Decimal | None = None

    @property
    def pk(self) -> str:
        """What a tick box sends."""
        return self.number


CLAIMS: Final = (
    Claim(number="10482", payer="Northway Health PPO", state=State.DENIED, balance=Decimal("1234.56")),
    Claim(number="10483", payer="Medicare Part B", state=State.PAID, balance=Decimal(0)),
    Claim(number="10484", payer="Alder Mutual", state=State.PENDED, balance=Decimal("-45.00")),
    Claim(number="10485", payer="State Medicaid", state=State.SUBMITTED, balance=Decimal("310.25")),
    Claim(number="10486", payer="", state=State.DRAFT, submitted_at=None, filed=None),
)


def meanings() -> list[Meaning]:
    """The columns, resolved."""
    return [
        Meaning(name, label, kind, name, (), None, kind == "money")  # type: ignore[arg-type]  # kinds are Kinds
        for name, label, kind in KINDS
    ]


class SampleAsked(Asked):
    """Sorted by a column of no table, oldest service first."""

    column = "service_date"
    down = False
    order: Any = SimpleNamespace(down=False)  # type: ignore[assignment]


def asked(query: str = "", *, view: int = 2, number: int = 1, comfortable: bool = False) -> Asked:
    """An address, read."""
    return SampleAsked(
        resource=CLAIM,
        params=QueryDict(query),
        view=VIEWS[view],
        sort="service_date",
        number=number,
        after=None,
        size=50,
        comfortable=comfortable,
        columns=CLAIM.columns,
    )


def results(
    *,
    rows: tuple[Claim, ...] = CLAIMS,
    count: int = 5,
    chips: tuple[str, ...] = (),
    searched: str = "",
    problems: tuple[str, ...] = (),
    of: Asked | None = None,
    bulk: bool = False,
) -> dict[str, Any]:
    """The context of ``kit/_results.html``, made by the functions that the list page uses."""
    columns = meanings()
    found = Listing(
        asked=of or asked(),
        meanings=columns,
        records=list(rows),  # type: ignore[arg-type]  # rows of no table
        count=count,
        more=count > len(rows) > 0,
        form=SimpleNamespace(errors={}),
        totals={"balance": sum((row.balance or Decimal(0) for row in rows), Decimal(0))},
    )
    return {
        "resource": CLAIM,
        "found": found,
        "asked": found.asked,
        "heads": lists.headers(found),
        "totals": lists.totals(found),
        "pager": lists.pager(found),
        "rows": [
            cells.Row(record=row, href=RECORD, cells=[cells.cell(row, meaning=m) for m in columns])  # type: ignore[arg-type]
            for row in rows
        ],
        "chips": [{"text": text, "label": text, "query": HERE} for text in chips],
        "searched": searched,
        "problems": problems,
        "clear": HERE,
        "create_url": HERE,
        "bulk": [{"action": act, "href": HERE} for act in ACTS] if bulk else [],
        "nonce": "sample",
    }


def listed() -> dict[str, Any]:
    """The context of the whole list page."""
    options = [(member.value, member.label) for member in State]
    chips = ("Status is Denied or Pended", "Service date from 03/01/2026")
    return results(count=1_001, chips=chips, bulk=True) | {
        "tabs": [
            {"label": view.label, "query": HERE, "current": view.slug == "all", "count": count}
            for view, count in zip(VIEWS, ("12", "3", "1,000+"), strict=True)
        ],
        "filters": [{"name": "state", "label": "Status", "options": options, "value": "denied"}],
        "more_filters": [{"name": "service_date_from", "label": "Service date from", "value": "03/01/2026"}],
        "searchable": True,
        "chooser": [(name, label, True) for name, label, _ in KINDS],
        "exports": [{"label": "Export as CSV", "href": HERE}, {"label": "Export for Excel", "href": HERE}],
        "density": {"label": "Comfortable rows", "query": HERE},
    }


def _shown(*names: str) -> list[cells.Cell]:
    known = {meaning.name: meaning for meaning in meanings()}
    return [cells.cell(CLAIMS[0], meaning=known[name]) for name in names]  # type: ignore[arg-type]


def detailed() -> dict[str, Any]:
    """The context of the whole detail page."""
    few = results(rows=CLAIMS[:2], count=2)
    return {
        "resource": CLAIM,
        "title": "Claim 10482",
        "status": _shown("state"),
        "subtitle": _shown("payer", "service_date"),
        "facts": _shown("balance", "service_date", "filed"),
        "sections": [{"title": "Claim", "cells": _shown(*(name for name, _, _ in KINDS))}],
        "tables": [
            {
                "title": "Resubmissions",
                "resource": CLAIM,
                "more": True,
                "heads": few["heads"],
                "rows": few["rows"],
                "all_url": HERE,
                "create_url": HERE,
            },
            {"title": "Appeals", "resource": CLAIM, "rows": [], "heads": [], "create_url": HERE},
        ],
        "beside": {"facts": [FACT], "steps": []},
        "boxes": [],
        "steps": [{"action": act, "button": act.label, "href": HERE} for act in ACTS],
        "history": [
            Sentence(text="Dana Reyes voided the claim,", at=MOMENT),
            Sentence(text="Alicia Grant submitted the claim,", at=MOMENT),
        ],
        "list_url": HERE,
        "edit_url": HERE,
        "said": "Claim 10482 was submitted",
        "undo": {"action": ACTS[0], "href": HERE},
        "nonce": "sample",
    }


def shell() -> dict[str, Any]:
    """The frame around every page."""
    jobs = (
        ("today", "Today", "clock", "t"),
        ("schedule", "Schedule", "calendar", "s"),
        ("billing", "Billing", "receipt", "b"),
        ("reports", "Reports", "chart", "r"),
    )
    return {
        "practice": {"name": "Harborview Family Medicine", "slug": "sample", "initials": "HF"},
        "location_label": "Main Street",
        "practices": [
            {"name": "Harborview Family Medicine", "url": HERE, "current": True},
            {"name": "Summit Pediatrics", "url": HERE, "current": False},
        ],
        "nav": [
            {
                "key": key,
                "label": label,
                "icon": icon,
                "url": HERE,
                "go": letter,
                "current": key == "billing",
                "count": "12" if key == "today" else None,
                "items": [
                    {"label": "Claims", "url": HERE, "current": True},
                    {"label": "Denials", "url": HERE},
                ]
                if key == "billing"
                else [],
            }
            for key, label, icon, letter in jobs
        ],
        "user": {"name": "Dana Reyes", "initials": "DR", "role": "Practice manager"},
        "palette_url": "/kit/palette/",
        "views_url": HERE,
        "may_share_views": True,
        "idle_seconds": 0,
    }
