"""The gallery's pages: one with all small parts, and the whole pages made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from kit.gallery import drawn, questions, samples
from kit.gallery.samples import CLAIMS
from kit.shell import PANEL, layout_for

CHIPS: Final = ("Status is Denied", "Payer is Alder Mutual")
# Tables by state: the name of the part, its heading, and what there is to show.
TABLES: Final[tuple[tuple[str, str, Callable[[], dict[str, Any]]], ...]] = (
    ("table", "Table with totals, chips and a sorted column", partial(samples.results, chips=CHIPS)),
    (
        "table-comfortable",
        "Comfortable rows, the last of many pages",
        partial(samples.results, rows=CLAIMS[2:], count=1_001, of=samples.asked(number=20, comfortable=True)),
    ),
    ("table-pages", "Pages and a count that stops", partial(samples.results, rows=CLAIMS[:2], count=1_001)),
    ("empty", "Nothing there yet", partial(samples.results, rows=(), count=0)),
    (
        "empty-done",
        "Nothing to do is good news",
        partial(samples.results, rows=(), count=0, of=samples.asked(view=0)),
    ),
    (
        "empty-tab",
        "Nothing under this tab",
        partial(samples.results, rows=(), count=0, of=samples.asked(view=1)),
    ),
    (
        "no-results",
        "Nothing matches",
        partial(samples.results, rows=(), count=0, chips=CHIPS, searched="alva"),
    ),
    (
        "no-sense",
        "A filter that makes no sense",
        partial(
            samples.results, rows=(), count=0, problems=("Service date from: enter a date like 03/04/2026",)
        ),
    ),
)
PAGES: Final[Mapping[str, tuple[str, Callable[[], dict[str, Any]]]]] = {
    "list": ("kit/list.html", samples.listed),
    "detail": ("kit/detail.html", samples.detailed),
    "form": ("kit/form.html", lambda: questions.page(resource=samples.CLAIM, form=questions.filled())),
    "refused": ("kit/form.html", lambda: questions.page(resource=samples.CLAIM, form=questions.refused())),
    "action": (
        "kit/action.html",
        lambda: {
            **questions.page(resource=samples.CLAIM, form=questions.why()),
            "action": samples.ACTS[1],
            "button": "Void claim 10482",
            "record_title": "10482",
            "record_name": "claim 10482",
        },
    ),
    "many": (
        "kit/bulk.html",
        lambda: {
            **questions.page(resource=samples.CLAIM, form=questions.why()),
            "action": samples.ACTS[1],
            "count": 1_204,
            "ids": [],
            "query": samples.HERE,
        },
    ),
    "declined": (
        "kit/declined.html",
        lambda: {
            "message": "Somebody else has taken 9:20 AM",
            "alternatives": ["9:40 AM with Dr. Osei", "10:00 AM with Dr. Lee"],
        },
    ),
}


def _framed(context: dict[str, Any]) -> dict[str, Any]:
    return {"shell": samples.shell(), **context}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All small parts, one under the other."""
    messages = [
        Message(constants.WARNING, "Two charges have no diagnosis"),
        Message(constants.ERROR, "The file could not be read"),
    ]
    context = {
        "said": "Claim 10482 was submitted",
        "undo": {"action": samples.ACTS[0], "href": samples.HERE},
        "nonce": "sample",
        "tones": list(samples.State),
        "tables": [
            (slug, title, render_to_string("kit/_results.html", _framed(made()), request))
            for slug, title, made in TABLES
        ],
        "messages": messages,
        "charts": drawn.charts(),
        "tiles": drawn.tiles(),
        "ageing": drawn.ageing(),
        "nobody": drawn.nobody(),
        "filled": questions.filled(),
        "refused": questions.refused(),
        "selected": render_to_string(
            "kit/gallery/_selected.html",
            _framed(samples.results(rows=CLAIMS[:2], count=1_001, bulk=True)),
            request,
        ),
        "three": range(3),
        "day": samples.DAY,
        "moment": samples.MOMENT,
        "pages": list(PAGES),
    }
    return render(request, "kit/gallery/index.html", _framed(context))


@require_GET
def whole(request: HttpRequest, name: str) -> HttpResponse:
    """A page of the kit with sample rows, in the product's own template; a record also beside the list."""
    if name not in PAGES:
        raise Http404
    template, made = PAGES[name]
    layout = layout_for(request)
    context = {**made(), "layout": layout, "in_panel": layout == PANEL}
    return render(request, template, _framed(context), status=422 if name == "refused" else 200)


@require_GET
def palette(request: HttpRequest) -> JsonResponse:
    """What the palette finds, whatever was typed."""
    found = (
        ("Rosa Alvarez", "05/09/1984", "Patients"),
        ("10482", "Denied", "Claims"),
        ("Claims", "Billing", "Pages"),
    )
    hits = [
        {"label": label, "hint": hint, "url": samples.HERE, "group": group} for label, hint, group in found
    ]
    return JsonResponse(hits, safe=False)
